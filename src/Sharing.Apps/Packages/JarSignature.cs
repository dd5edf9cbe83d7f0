using System.Text;

namespace Sharing.Apps;

/// <summary>A signed JAR file whose one signature was verified, and its entries, of which only verified bytes are handed out. Not thread-safe.</summary>
/// <remarks>Who signed is <see cref="Certificate"/>: whether that one is to be believed is the caller's question. The stream stays the caller's, and open while entries are read.</remarks>
public sealed class JarSignature
{
    readonly PackageBytes _bytes;
    readonly ZipDirectory _zip;
    readonly JarVerification _verification;

    JarSignature(PackageBytes bytes, ZipDirectory zip, JarVerification verification) => (_bytes, _zip, _verification) = (bytes, zip, verification);

    /// <summary>The signer's certificate (X.509, DER).</summary>
    public byte[] Certificate => (byte[])_verification.Signers[0].Certificate.Der.Clone();

    /// <summary>Whether some digest is SHA-1, with which one can no longer be sure. (MD5 is refused.)</summary>
    public bool UsesSha1 => _verification.Weak;

    /// <summary>Verifies a JAR file that one signer signed, with one certificate in its signature: every entry is hashed.</summary>
    /// <param name="jar">A stream that seeks.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="PackageFormatException">It is none, is not signed, or the signature is wrong.</exception>
    public static JarSignature Verify(Stream jar, CancellationToken cancellationToken = default)
    {
        var bytes = new PackageBytes(jar);
        var zip = ZipDirectory.Read(bytes);
        var verification = JarVerification.Verify(bytes, zip, cancellationToken);
        return verification?.Signers is not [{ Certificates: 1 }]
            ? throw new PackageFormatException(PackageFault.Signature, "It has not one signer with one certificate.")
            : new(bytes, zip, verification);
    }

    /// <summary>Takes an entry. Its bytes are hashed once more: what is returned is what was signed, even where the file changed since.</summary>
    /// <param name="entry">Its name.</param>
    /// <param name="maxBytes">What it may hold.</param>
    /// <exception cref="PackageFormatException">There is none, it was not signed, or it is larger.</exception>
    public byte[] Read(string entry, int maxBytes)
    {
        if (_zip.Find(Encoding.UTF8.GetBytes(entry)) is not { } found || _verification.Of(entry) is not { } digests)
        {
            throw new PackageFormatException(PackageFault.Signature, $"It has no signed entry \"{entry}\".");
        }

        var content = ZipContent.Read(_bytes, _zip, found, maxBytes, PackageFault.Zip);
        return digests.Match(content) ? content : throw new PackageFormatException(PackageFault.Signature, $"The entry \"{entry}\" changed.");
    }
}
