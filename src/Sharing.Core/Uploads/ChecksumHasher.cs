using System.Security.Cryptography;

namespace Sharing.Core;

/// <summary>Hashes piece by piece by one of the algorithms of <see cref="UploadChecksum"/>. Not thread-safe.</summary>
sealed class ChecksumHasher : IDisposable
{
    readonly Blake3Hasher? _blake3;
    readonly IncrementalHash? _sha;

    public ChecksumHasher(string algorithm)
    {
        if (algorithm == "blake3")
        {
            _blake3 = new();
        }
        else
        {
            _sha = IncrementalHash.CreateHash(algorithm == "sha1" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
        }
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _blake3?.Append(bytes);
        _sha?.AppendData(bytes);
    }

    public byte[] Finish()
    {
        if (_sha is not null)
        {
            return _sha.GetHashAndReset();
        }

        var hash = new byte[Blake3.HashSize];
        _blake3!.Finish(hash);
        return hash;
    }

    public void Dispose() => _sha?.Dispose();
}
