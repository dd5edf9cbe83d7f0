using System.Security.Cryptography;

namespace Sharing.Apps;

/// <summary>The digests that a section lists. MD5 is not seen; every other one must be right.</summary>
sealed class JarDigests
{
    readonly (HashAlgorithmName Hash, byte[] Digest)[] _digests;

    JarDigests((HashAlgorithmName, byte[])[] digests) => _digests = digests;

    public bool Any => _digests.Length > 0;

    /// <summary>Whether SHA-1 is all there is.</summary>
    public bool Weak => Array.TrueForAll(_digests, static digest => digest.Hash == HashAlgorithmName.SHA1);

    /// <summary>Takes the attributes <c>(algorithm)-Digest(suffix)</c> of a section.</summary>
    public static JarDigests Of(JarSection section, string suffix)
    {
        var digests = new List<(HashAlgorithmName, byte[])>();
        foreach (var (name, value) in section.Attributes)
        {
            if (name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase) && HashOf(name[..^suffix.Length]) is { } hash)
            {
                var digest = new byte[64];
                digests.Add(Convert.TryFromBase64String(value, digest, out var length) ? (hash, digest[..length])
                    : throw new PackageFormatException(PackageFault.Signature, "A digest of the JAR signature is damaged."));
            }
        }

        return new([.. digests]);
    }

    static HashAlgorithmName? HashOf(string name) => name.ToUpperInvariant() switch
    {
        "SHA-256" => HashAlgorithmName.SHA256,
        "SHA-384" => HashAlgorithmName.SHA384,
        "SHA-512" => HashAlgorithmName.SHA512,
        "SHA1" or "SHA-1" or "SHA" => HashAlgorithmName.SHA1,
        _ => null,
    };

    public bool Match(ReadOnlySpan<byte> data)
    {
        foreach (var (hash, digest) in _digests)
        {
            if (!CryptographicOperations.HashData(hash, data).AsSpan().SequenceEqual(digest))
            {
                return false;
            }
        }

        return Any;
    }

    /// <summary>Whether a stream has exactly <paramref name="length"/> bytes with these digests.</summary>
    public bool Match(Stream content, long length, byte[] buffer, CancellationToken cancellationToken)
    {
        var hashes = Array.ConvertAll(_digests, static digest => IncrementalHash.CreateHash(digest.Hash));
        try
        {
            long total = 0;
            for (int read; total <= length && (read = content.Read(buffer)) > 0; total += read)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Array.ForEach(hashes, hash => hash.AppendData(buffer, 0, read));
            }

            return Any && total == length && hashes.Zip(_digests).All(static pair => pair.First.GetHashAndReset().AsSpan().SequenceEqual(pair.Second.Digest));
        }
        finally
        {
            Array.ForEach(hashes, static hash => hash.Dispose());
        }
    }
}
