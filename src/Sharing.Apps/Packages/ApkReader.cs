using System.Security.Cryptography;
using System.Text;

namespace Sharing.Apps;

/// <summary>Reads Android packages: what a file says about itself, and who signed it.</summary>
/// <remarks>
/// Files come from anywhere. Whatever is in one, reading it ends soon, holds a bounded part of it in memory, and gives a package or throws
/// <see cref="PackageFormatException"/>; other exceptions come from the stream itself. A stream must seek; a file is read by several threads at once. It stays the
/// caller's, and its position afterwards means nothing. Thread-safe for different streams.
/// </remarks>
public static class ApkReader
{
    const int MostManifest = 8 << 20, MostResources = 24 << 20, MostAbis = 32;

    /// <summary>Reads all: the manifest, the signatures, and the SHA-256 of the file.</summary>
    /// <returns>The package, with <see cref="AppPackage.Content"/> left out. Its signers are those whose signatures cover the file; without any signature they are empty.</returns>
    /// <exception cref="PackageFormatException">The file is no package, is damaged, or a signature in it is wrong.</exception>
    public static AppPackage Read(Stream apk, CancellationToken cancellationToken = default)
    {
        var bytes = new PackageBytes(apk);
        var zip = ZipDirectory.Read(bytes);
        var package = ReadManifest(bytes, zip);
        IReadOnlyList<PackageSigner> signers = [];
        var sha256 = "";
        ParallelWork.Both(
            () => signers = ApkSignatures.Verify(bytes, zip, package, cancellationToken),
            () => sha256 = WholeDigest(bytes, cancellationToken));
        return package with { Signers = signers, Sha256 = sha256 };
    }

    /// <summary>Reads the manifest alone, which takes a moment however large the file is: signers and SHA-256 are left out.</summary>
    /// <exception cref="PackageFormatException">The file is no package, or is damaged.</exception>
    public static AppPackage ReadManifest(Stream apk)
    {
        var bytes = new PackageBytes(apk);
        return ReadManifest(bytes, ZipDirectory.Read(bytes));
    }

    static AppPackage ReadManifest(PackageBytes bytes, ZipDirectory zip)
    {
        var entry = zip.Find("AndroidManifest.xml"u8) ?? throw new PackageFormatException(PackageFault.Manifest, "There is no manifest.");
        var manifest = ZipContent.Read(bytes, zip, entry, MostManifest, PackageFault.Manifest);
        return ManifestReader.Read(manifest, () => Resources(bytes, zip)) with { Abis = Abis(zip), Length = bytes.Length };
    }

    static ResourceTable? Resources(PackageBytes bytes, ZipDirectory zip) =>
        zip.Find("resources.arsc"u8) is { } entry && ResourceBytes.Open(bytes, zip, entry, MostResources) is { } table ? new(table) : null;

    /// <summary>The folders of <c>lib/</c> that hold something.</summary>
    static List<string> Abis(ZipDirectory zip)
    {
        var abis = new List<string>();
        foreach (var entry in zip.Entries)
        {
            var name = zip.Name(entry);
            if (name.StartsWith("lib/"u8) && name[4..].IndexOf((byte)'/') is > 0 and var length && name.Length > 5 + length && abis.Count < MostAbis
                && Encoding.ASCII.GetString(name.Slice(4, length)) is var abi && !abis.Contains(abi, StringComparer.Ordinal))
            {
                abis.Add(abi);
            }
        }

        abis.Sort(StringComparer.Ordinal);
        return abis;
    }

    static string WholeDigest(PackageBytes bytes, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[(int)Math.Min(bytes.Length, 256 << 10)];
        for (long at = 0; at < bytes.Length; at += buffer.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var some = buffer.AsSpan(0, (int)Math.Min(buffer.Length, bytes.Length - at));
            bytes.Read(at, some);
            hash.AppendData(some);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
