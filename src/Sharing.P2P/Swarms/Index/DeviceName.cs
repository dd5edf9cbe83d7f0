using System.Runtime.InteropServices;

namespace Sharing.P2P;

/// <summary>A terminal's name as the 32 bytes that it is.</summary>
readonly record struct DeviceName
{
    public const int Size = 32;

    readonly ulong _a, _b, _c, _d;

    DeviceName(ReadOnlySpan<byte> bytes)
    {
        var parts = MemoryMarshal.Cast<byte, ulong>(bytes);
        (_a, _b, _c, _d) = (parts[0], parts[1], parts[2], parts[3]);
    }

    /// <summary>Takes 32 bytes.</summary>
    public static DeviceName Of(ReadOnlySpan<byte> bytes) => new(bytes[..Size]);

    /// <summary>Reads 64 lower-case hex digits; <c>null</c>: it is no name.</summary>
    public static DeviceName? Parse(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[Size];
        return text.Length == 2 * Size && !text.ContainsAnyInRange('A', 'F') && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done ? new DeviceName(bytes) : null;
    }

    public void CopyTo(Span<byte> destination)
    {
        var parts = MemoryMarshal.Cast<byte, ulong>(destination);
        (parts[0], parts[1], parts[2], parts[3]) = (_a, _b, _c, _d);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
