using System.Runtime.CompilerServices;

namespace Sharing.Core;

/// <summary>The BLAKE3 hash (plain, 32 bytes) of bytes that are all in memory. Safe from any thread; allocates nothing.</summary>
/// <remarks>
/// Source: BLAKE3, "one function, fast everywhere" (O'Connor, Aumasson, Neves, Wilcox-O'Hearn), checked with the official vectors.
/// Uses AVX-512, AVX2 or 128-bit vectors, whichever is widest here, on the calling thread only. For a stream use
/// <see cref="Blake3Hasher"/>.
/// </remarks>
public static class Blake3
{
    /// <summary>Length of a hash in bytes.</summary>
    public const int HashSize = Blake3Format.HashSize;

    /// <summary>Hashes <paramref name="input"/>, of any length, into <paramref name="destination"/>.</summary>
    /// <param name="input">The bytes; may be empty.</param>
    /// <param name="destination">Exactly <see cref="HashSize"/> bytes; may overlap the input.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> has another length.</exception>
    public static void Hash(ReadOnlySpan<byte> input, Span<byte> destination)
    {
        RequireHashSize(destination, nameof(destination));
        if (input.Length <= Blake3Tree.MaxLength)
        {
            Blake3Tree.Hash(input, 0, Blake3Format.Root, destination);
            return;
        }
        HashLong(input, destination);
    }

    /// <summary>Hashes a file.</summary>
    /// <param name="path">The file; that it does not change meanwhile is the caller's business.</param>
    /// <param name="threads">How many threads read and hash side by side; all processors' if left out.</param>
    /// <param name="progress">Told how many bytes more are done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">It cannot be read, or was cut short meanwhile.</exception>
    public static async Task<ContentId> HashFileAsync(
        string path, int? threads = null, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads ?? 1, 1, nameof(threads));
        using var file = File.OpenHandle(path);
        return await GroupHashing.RunAsync(
            (offset, buffer, _) => new(RandomAccess.Read(file, buffer.Span, offset)), RandomAccess.GetLength(file), threads ?? Environment.ProcessorCount,
            progress: progress, cancellationToken: cancellationToken);
    }

    internal static void RequireHashSize(ReadOnlySpan<byte> value, string name)
    {
        if (value.Length != HashSize)
        {
            throw new ArgumentException($"{HashSize} bytes are wanted, {value.Length} were given.", name);
        }
    }

    [SkipLocalsInit]
    static void HashLong(ReadOnlySpan<byte> input, Span<byte> destination)
    {
        var stack = new ChainingStack(stackalloc byte[ChainingStack.Size], 0);
        Span<byte> chainingValue = stackalloc byte[HashSize];
        // The leaves here are subtrees of 256 chunks; the last may be short.
        for (var leaves = 0ul; ; leaves++)
        {
            var length = Math.Min(input.Length, Blake3Tree.MaxLength);
            Blake3Tree.Hash(input[..length], leaves * Blake3Tree.MaxChunks, 0, chainingValue);
            input = input[length..];
            if (input.IsEmpty)
            {
                stack.Merge(leaves);
                stack.Fold(stack.Count, chainingValue, destination);
                return;
            }
            stack.Push(leaves, chainingValue);
        }
    }
}
