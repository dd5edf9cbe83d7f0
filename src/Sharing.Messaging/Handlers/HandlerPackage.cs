using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>A handler package that has been read and checked: a ZIP of the manifest, its signature, and exactly the files that the manifest names.</summary>
/// <remarks>Nothing is written before the signature has been checked, and then only bytes whose hash the manifest has. Paths are names that no system reads in another way; links and folders there are none.</remarks>
public sealed class HandlerPackage
{
    /// <summary>The name of the manifest, and of its signature.</summary>
    public const string ManifestName = "manifest.json", SignatureName = "signature.json";

    const int MostFiles = 1000, MostManifest = 1 << 20, MostPackage = 64 << 20, EndRecord = 22, Comment = 65_535;

    readonly IReadOnlyList<byte[]> _files;

    HandlerPackage(ContentId content, HandlerManifest manifest, byte[] signer, IReadOnlyList<byte[]> files) => (Content, Manifest, SignerKey, _files) = (content, manifest, signer, files);

    /// <summary>What it says of itself.</summary>
    public HandlerManifest Manifest { get; }

    /// <summary>Who signed it: a SubjectPublicKeyInfo.</summary>
    public ReadOnlyMemory<byte> SignerKey { get; }

    /// <summary>The id of the package's bytes.</summary>
    public ContentId Content { get; }

    /// <summary>Who signed it: the hash of his key.</summary>
    public string Signer => SignerOf(SignerKey.Span);

    /// <summary>Reads a package and checks its form, its signature, and that each file is the one that was signed.</summary>
    /// <param name="content">Its bytes; not disposed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HandlerRefusedException">It is none that could be trusted.</exception>
    public static async Task<HandlerPackage> ReadAsync(IContentReader content, CancellationToken cancellationToken = default)
    {
        if (content.Info.Length > MostPackage)
        {
            throw new HandlerRefusedException(HandlerFault.TooLarge, $"A package has at most {MostPackage} bytes.");
        }

        var bytes = new byte[content.Info.Length]; // what is checked is what is unpacked, whoever may write to the file meanwhile
        var stream = new ContentStream(content, ContentArea.Data, 0); // not disposed: the reader is the caller's
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        return Read(bytes);
    }

    /// <summary>Makes a package of a folder, and signs it.</summary>
    /// <param name="manifest">What it says of itself; its files are looked up.</param>
    /// <param name="folder">Its files.</param>
    /// <param name="key">The signer's key: a SubjectPublicKeyInfo.</param>
    /// <param name="signAsync">Signs bytes with it (ECDSA P-256, SHA-256, IEEE P1363).</param>
    /// <param name="output">Takes the package; not disposed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HandlerRefusedException">It would not be taken.</exception>
    public static async Task WriteAsync(HandlerManifest manifest, string folder, ReadOnlyMemory<byte> key, Func<ReadOnlyMemory<byte>, ValueTask<byte[]>> signAsync, Stream output, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var paths = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToDictionary(path => Path.GetRelativePath(folder, path).Replace('\\', '/'), File.ReadAllBytes, StringComparer.Ordinal);
        manifest = manifest with { Files = [.. paths.Select(static file => new HandlerFile(file.Key, file.Value.Length, HashOf(file.Value)))] };
        HandlerRules.Require(manifest);
        var json = JsonSerializer.SerializeToUtf8Bytes(manifest, MessagingJson.Default.HandlerManifest);
        var signature = new HandlerSignature(Convert.ToBase64String(key.Span), Convert.ToBase64String(await signAsync(Said(json))));
        using var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, bytes) in paths.Prepend(new(SignatureName, JsonSerializer.SerializeToUtf8Bytes(signature, MessagingJson.Default.HandlerSignature))).Prepend(new(ManifestName, json)))
        {
            var entry = zip.CreateEntry(name);
            entry.LastWriteTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // the same files make the same package
            using var file = entry.Open();
            file.Write(bytes);
        }
    }

    /// <summary>Unpacks it into an empty folder.</summary>
    public void Unpack(string folder)
    {
        foreach (var (file, bytes) in Manifest.Files.Zip(_files))
        {
            var path = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
        }
    }

    internal static string SignerOf(ReadOnlySpan<byte> key) => Convert.ToHexStringLower(SHA256.HashData(key));

    internal static ContentId HashOf(ReadOnlySpan<byte> bytes)
    {
        var (hasher, hash) = (new Blake3Hasher(), new byte[ContentId.Size]);
        hasher.Append(bytes);
        hasher.Finish(hash);
        return new(hash);
    }

    static HandlerPackage Read(byte[] bytes)
    {
        RequireFewEntries(bytes);
        try
        {
            using var zip = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
            var names = zip.Entries.Select(static entry => entry.FullName).ToList();
            Require(names.Count == names.Distinct(StringComparer.OrdinalIgnoreCase).Count(), HandlerFault.Malformed, "Two files of the package have one name.");
            var json = BytesOf(zip.GetEntry(ManifestName) ?? throw new HandlerRefusedException(HandlerFault.Malformed, "The package has no manifest."), MostManifest, exact: false);
            var signature = zip.GetEntry(SignatureName) is { } signed ? JsonSerializer.Deserialize(BytesOf(signed, MostManifest, exact: false), MessagingJson.Default.HandlerSignature) : null;
            Require(signature is not null, HandlerFault.Unsigned, "Nobody has signed the package.");
            var key = Convert.FromBase64String(signature!.Key);
            Require(PublicKey.HasSigned(key, Said(json), Convert.FromBase64String(signature.Signature)), HandlerFault.Unsigned, "The signature is not that of this manifest.");
            var manifest = JsonSerializer.Deserialize(json, MessagingJson.Default.HandlerManifest) ?? throw new HandlerRefusedException(HandlerFault.Malformed, "The manifest is empty.");
            HandlerRules.Require(manifest);
            Require(names.ToHashSet(StringComparer.Ordinal).SetEquals(manifest.Files.Select(static file => file.Path).Append(ManifestName).Append(SignatureName)), HandlerFault.Changed, "The package has other files than the manifest names.");
            return new(HashOf(bytes), manifest, key, [.. manifest.Files.Select(file => Signed(zip.GetEntry(file.Path)!, file))]);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or FormatException or EndOfStreamException)
        {
            throw new HandlerRefusedException(HandlerFault.Malformed, $"It is no handler package: {e.Message}");
        }
    }

    /// <summary>Looks at the end record before anything is read by it: an archive of a million entries costs nothing.</summary>
    static void RequireFewEntries(ReadOnlySpan<byte> bytes)
    {
        var tail = bytes[^Math.Min(bytes.Length, EndRecord + Comment)..];
        var at = tail.LastIndexOf("PK\x05\x06"u8);
        Require(at >= 0 && tail.Length - at >= EndRecord, HandlerFault.Malformed, "It is no ZIP archive.");
        var entries = System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(tail[(at + 10)..]);
        var size = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(tail[(at + 12)..]);
        Require(entries <= MostFiles + 2 && size <= (MostFiles + 2) * 1024, HandlerFault.TooLarge, $"A package has at most {MostFiles} files.");
    }

    static byte[] Signed(ZipArchiveEntry entry, HandlerFile file)
    {
        var bytes = BytesOf(entry, file.Length);
        Require(HashOf(bytes) == file.Content, HandlerFault.Changed, $"'{file.Path}' is not what was signed.");
        return bytes;
    }

    /// <summary>The bytes of an entry, no more than are said: what unpacks to more is not unpacked to its end.</summary>
    static byte[] BytesOf(ZipArchiveEntry entry, long most, bool exact = true)
    {
        var buffer = new MemoryStream();
        using var file = entry.Open();
        var piece = new byte[81_920];
        while (file.Read(piece) is var read and > 0)
        {
            buffer.Write(piece, 0, read);
            Require(buffer.Length <= most, exact ? HandlerFault.Changed : HandlerFault.TooLarge, $"'{entry.FullName}' has more bytes than it may.");
        }

        Require(!exact || buffer.Length == most, HandlerFault.Changed, $"'{entry.FullName}' has fewer bytes than were signed.");
        return buffer.ToArray();
    }

    static byte[] Said(byte[] manifest) => [.. Encoding.ASCII.GetBytes("sharing-handler\n"), .. manifest];

    static void Require(bool holds, HandlerFault fault, string message)
    {
        if (!holds)
        {
            throw new HandlerRefusedException(fault, message);
        }
    }
}
