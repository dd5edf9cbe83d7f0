using System.Security.Cryptography;
using System.Text.Json;

namespace Sharing.Apps;

/// <summary>The signed entry of a repository: which index is the current one.</summary>
/// <param name="Sha256">Of <c>entry.json</c> itself.</param>
/// <param name="Timestamp">When the repository was made, in ms since 1970.</param>
/// <param name="Index">The whole index.</param>
/// <param name="Apps">How many apps that has.</param>
/// <param name="Differences">By the timestamp of an earlier state, what leads from there to here.</param>
sealed record FdroidEntry(string Sha256, long Timestamp, FdroidFile Index, int Apps, IReadOnlyDictionary<long, FdroidFile> Differences)
{
    /// <summary>The greatest length of <c>entry.jar</c>.</summary>
    public const int MostOfJar = 1024 * 1024;

    const int MostOfJson = 256 * 1024;

    // An RSA key that can be trusted makes for more; so does one on an elliptic curve.
    const int LeastOfCertificate = 256;

    /// <summary>Verifies who signed an entry, and reads it.</summary>
    /// <param name="jar">The file <c>entry.jar</c>; seekable.</param>
    /// <param name="fingerprint">Who must have; <c>null</c>: whoever did.</param>
    /// <exception cref="PackageFormatException">Not signed by exactly one, by another, with digests that prove nothing, or no entry.</exception>
    public static (FdroidEntry Entry, string Fingerprint) Read(Stream jar, string? fingerprint)
    {
        var signature = JarSignature.Verify(jar);
        if (signature.UsesSha1)
        {
            throw new PackageFormatException(PackageFault.Signature, "The entry is signed by way of SHA-1.");
        }

        var signer = FingerprintOf(signature.Certificate);
        return fingerprint is null || fingerprint == signer
            ? (Parse(signature.Read("entry.json", MostOfJson)), signer)
            : throw new PackageFormatException(PackageFault.Signature, $"The repository is signed by {signer}, not by {fingerprint}.");
    }

    /// <summary>The fingerprint of a certificate.</summary>
    /// <exception cref="PackageFormatException">It is too short to hold a key that proves anything.</exception>
    public static string FingerprintOf(ReadOnlySpan<byte> certificate) => certificate.Length >= LeastOfCertificate
        ? Convert.ToHexStringLower(SHA256.HashData(certificate))
        : throw new PackageFormatException(PackageFault.Signature, $"A certificate of {certificate.Length} bytes holds no key to be trusted.");

    /// <summary>Whether this is a SHA-256 in lower-case hex.</summary>
    public static bool IsSha256(string text) => text.Length == 64 && !text.AsSpan().ContainsAnyExcept("0123456789abcdef");

    static FdroidEntry Parse(byte[] json) => IndexJson.Read(json, root =>
    {
        var version = root.GetProperty("version").GetInt64();
        if (version is < 20_000 or >= 30_000)
        {
            throw new PackageFormatException(PackageFault.Index, $"An index of version {version} is not known here.");
        }

        var index = root.GetProperty("index");
        var differences = new Dictionary<long, FdroidFile>();
        if (root.TryGetProperty("diffs", out var diffs))
        {
            foreach (var diff in diffs.EnumerateObject())
            {
                if (long.TryParse(diff.Name, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var from))
                {
                    differences[from] = FdroidFile.Read(diff.Value);
                }
            }
        }

        return new FdroidEntry(
            Convert.ToHexStringLower(SHA256.HashData(json)), root.GetProperty("timestamp").GetInt64(), FdroidFile.Read(index),
            index.GetProperty("numPackages").GetInt32(), differences);
    });
}
