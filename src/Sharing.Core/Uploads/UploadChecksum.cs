using System.Diagnostics.CodeAnalysis;

namespace Sharing.Core;

/// <summary>The checksum of one part of an upload, as the header <c>Upload-Checksum</c> of tus 1.0.0 has it. Immutable.</summary>
public sealed record UploadChecksum
{
    UploadChecksum(string algorithm, byte[] hash) => (Algorithm, Hash) = (algorithm, hash);

    /// <summary>The algorithms that are known: sha1, which tus demands, sha256 and blake3.</summary>
    public static IReadOnlyList<string> Algorithms { get; } = ["sha1", "sha256", "blake3"];

    /// <summary>One of <see cref="Algorithms"/>.</summary>
    public string Algorithm { get; }

    /// <summary>The hash.</summary>
    public ReadOnlyMemory<byte> Hash { get; }

    /// <summary>Reads "algorithm base64", or says that the algorithm is not known or that the hash does not fit it.</summary>
    public static bool TryParse(string header, [NotNullWhen(true)] out UploadChecksum? checksum)
    {
        checksum = null;
        var hash = new byte[64];
        if (header.Split(' ') is not [var algorithm, var base64] || !Algorithms.Contains(algorithm, StringComparer.Ordinal)
            || !Convert.TryFromBase64String(base64, hash, out var length) || length != (algorithm == "sha1" ? 20 : 32))
        {
            return false;
        }

        checksum = new(algorithm, hash[..length]);
        return true;
    }
}
