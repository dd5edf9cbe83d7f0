using System.Security.Cryptography;
using Sharing.Core;

namespace Sharing.Apps;

/// <summary>A file as it comes in: fails, at its end at the latest, where it is not the one that was vouched for.</summary>
sealed class CheckedStream(Stream inner, FdroidFile file) : ReadOnlyStream
{
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    bool _ended;

    /// <summary>Bytes that came.</summary>
    public long Taken { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="PackageFormatException">It is longer, shorter, or another.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ended || buffer.IsEmpty)
        {
            return 0;
        }

        var read = await inner.ReadAsync(buffer, cancellationToken);
        Taken += read;
        if (Taken > file.Length || (read == 0 && Taken < file.Length))
        {
            throw new PackageFormatException(PackageFault.Index, $"{file.Name} has not the {file.Length} bytes that the entry says.");
        }

        _hash.AppendData(buffer.Span[..read]);
        _ended = read == 0;
        if (_ended && Convert.ToHexStringLower(_hash.GetHashAndReset()) != file.Sha256)
        {
            throw new PackageFormatException(PackageFault.Index, $"{file.Name} is not the file that the entry names.");
        }

        return read;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
