using System.Text;

namespace Sharing.Apps;

/// <summary>
/// The check of a JAR's signature (APK signature scheme 1): each signer signed a signature file, which holds the digest of the manifest or of its sections, which hold the digests of all
/// entries. Of <c>META-INF/</c> nothing is signed but these files.
/// </summary>
sealed class JarVerification
{
    const int MostText = 8 << 20, MostBlock = 1 << 20, MostSigners = 10, Buffer = 64 << 10;
    const long MostExpansion = 60, FreeExpansion = 64L << 20;
    static readonly string[] BlockTypes = [".RSA", ".EC", ".DSA"];
    readonly PackageBytes _bytes;
    readonly ZipDirectory _zip;
    readonly Dictionary<string, JarDigests> _entries = new(StringComparer.Ordinal);

    JarVerification(PackageBytes bytes, ZipDirectory zip) => (_bytes, _zip) = (bytes, zip);

    public List<JarSigner> Signers { get; } = [];

    /// <summary>The newer schemes with which the package was signed as well, as the signature files say.</summary>
    public HashSet<int> NewerSchemes { get; } = [];

    /// <summary>Whether something on the way is secured by SHA-1 alone.</summary>
    public bool Weak { get; private set; }

    /// <summary>Checks a JAR's signature.</summary>
    /// <returns><c>null</c>: it has none.</returns>
    /// <exception cref="PackageFormatException">It has one, and it is wrong.</exception>
    public static JarVerification? Verify(PackageBytes bytes, ZipDirectory zip, CancellationToken cancellationToken)
    {
        List<string> files = [.. zip.Entries.Where(entry => IsSignatureFile(zip.Name(entry))).Select(entry => Encoding.UTF8.GetString(zip.Name(entry)))];
        if (files.Count == 0 || zip.Find("META-INF/MANIFEST.MF"u8) is not { } entry)
        {
            return null;
        }

        var verification = new JarVerification(bytes, zip);
        verification.ReadManifest(ZipContent.Read(bytes, zip, entry, MostText, PackageFault.Signature), files);
        verification.VerifyEntries(cancellationToken);
        return verification;
    }

    /// <summary>The digests that an entry was checked against; <c>null</c>: it is not signed.</summary>
    public JarDigests? Of(string entry) => _entries.GetValueOrDefault(entry);

    static bool IsSignatureFile(ReadOnlySpan<byte> name) => name.StartsWith("META-INF/"u8) && name.EndsWith(".SF"u8) && !name[9..].Contains((byte)'/');

    void ReadManifest(byte[] manifest, List<string> files)
    {
        var sections = JarSection.ReadAll(manifest, _zip.Entries.Length);
        foreach (var section in sections.Skip(1))
        {
            var name = section["Name"] ?? throw Fault("A section of the manifest names no entry.");
            if (!_entries.TryAdd(name, JarDigests.Of(section, "-Digest")))
            {
                throw Fault("The manifest names an entry twice.");
            }
        }

        if (files.Count > MostSigners)
        {
            throw Fault("There are too many signers.");
        }

        files.ForEach(file => VerifySigner(file, manifest, sections));
    }

    void VerifySigner(string file, byte[] manifest, List<JarSection> sections)
    {
        var signed = Take(file, MostText) ?? throw Fault("A signature file is missing.");
        var block = BlockTypes.Select(type => Take(file[..^3] + type, MostBlock)).FirstOrDefault(static found => found is not null) ?? throw Fault("A signature file has no signature.");
        var signer = JarSigner.Verify(block, signed);
        var main = JarSection.Read(signed, 0);
        foreach (var scheme in (main["X-Android-APK-Signed"] ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            NewerSchemes.Add(int.TryParse(scheme, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : 0);
        }

        var whole = JarDigests.Of(main, "-Digest-Manifest");
        Weak |= signer.Weak || (whole.Any && whole.Weak);
        if (!whole.Match(manifest))
        {
            VerifySections(JarSection.ReadAll(signed, _zip.Entries.Length), manifest, sections);
        }

        Signers.Add(signer);
    }

    /// <summary>The manifest grew after it was signed: then each of its sections must have been signed.</summary>
    void VerifySections(List<JarSection> lines, byte[] manifest, List<JarSection> sections)
    {
        var main = JarDigests.Of(lines[0], "-Digest-Manifest-Main-Attributes");
        var signed = new Dictionary<string, JarDigests>(StringComparer.Ordinal);
        foreach (var line in lines.Skip(1))
        {
            if (!signed.TryAdd(line["Name"] ?? "", JarDigests.Of(line, "-Digest")))
            {
                throw Fault("A signature file names an entry twice.");
            }
        }

        var good = (!main.Any || main.Match(manifest.AsSpan(sections[0].Start..sections[0].End)))
            && sections.Skip(1).All(section => signed.TryGetValue(section["Name"]!, out var digests) && digests.Match(manifest.AsSpan(section.Start..section.End)));
        Weak |= signed.Values.Any(static digests => digests.Weak);
        if (!good)
        {
            throw Fault("The manifest is not the one that was signed.");
        }
    }

    void VerifyEntries(CancellationToken cancellationToken)
    {
        var (work, total, found) = (new List<(ZipEntry Entry, JarDigests Digests)>(), 0L, 0);
        foreach (var entry in _zip.Entries)
        {
            var bytes = _zip.Name(entry);
            var name = Encoding.UTF8.GetString(bytes);
            var digests = _entries.GetValueOrDefault(name);
            found += digests is null ? 0 : 1;
            if (bytes[^1] == '/' || bytes.StartsWith("META-INF/"u8) && digests is null)
            {
                continue;
            }

            work.Add((entry, digests is { Any: true } ? digests : throw Fault("An entry is not signed.")));
            Weak |= digests.Weak;
            total += entry.Size;
        }

        if (found < _entries.Count || total > FreeExpansion + (MostExpansion * _bytes.Length))
        {
            throw Fault(found < _entries.Count ? "An entry that was signed is missing." : "Its entries expand without measure.");
        }

        work.Sort(static (one, other) => other.Entry.Size.CompareTo(one.Entry.Size)); // the largest first, so that all processors end together
        ParallelWork.For(work.Count, static () => new byte[Buffer], (index, buffer) =>
        {
            var (entry, digests) = work[index];
            using var content = entry.Method is 0 or ZipEntry.Deflated ? ZipContent.Open(_bytes, _zip, entry) : throw Fault("An entry is compressed in an unknown way.");
            if (!digests.Match(content, entry.Size, buffer, cancellationToken))
            {
                throw Fault("An entry is not the one that was signed.");
            }
        }, static _ => { }, cancellationToken);
    }

    byte[]? Take(string name, int most) => _zip.Find(Encoding.UTF8.GetBytes(name)) is { } entry ? ZipContent.Read(_bytes, _zip, entry, most, PackageFault.Signature) : null;

    static PackageFormatException Fault(string message) => new(PackageFault.Signature, "The JAR signature is wrong. " + message);
}
