using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.Messaging;
using Sharing.Testing;

namespace Sharing.Tests.Messages;

/// <summary>Handlers to fetch, and terminals that fetch them.</summary>
static class TestHandlers
{
    /// <summary>The beginning of a resource that nobody but our handler knows.</summary>
    public static readonly byte[] Chart = [0x00, .. "CHART1"u8];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static HandlerManifest Manifest => new()
    {
        Id = "org.example.chart", Version = 1, Title = "Charts", Kinds = [new() { MediaType = "application/x-chart", Magic = Convert.ToHexString(Chart) }], Platform = "any", Entry = "open.sh", Interpreter = "/usr/bin/sh",
        Gives = "text/plain", Files = [],
    };

    /// <summary>A package of files, signed by a key.</summary>
    public static async Task<byte[]> PackAsync(ECDsa key, HandlerManifest? manifest = null, params (string Path, string Text)[] files)
    {
        var folder = Directory.CreateTempSubdirectory("sharing-test-").FullName;
        foreach (var (path, text) in files is [] ? [("open.sh", "tail -c +8 input > output\n")] : files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            await File.WriteAllTextAsync(Path.Combine(folder, path), text, Cancel);
        }

        using var package = new MemoryStream();
        await HandlerPackage.WriteAsync(manifest ?? Manifest, folder, key.ExportSubjectPublicKeyInfo(), said => ValueTask.FromResult(key.SignData(said.Span, HashAlgorithmName.SHA256)), package, Cancel);
        Directory.Delete(folder, recursive: true);
        return package.ToArray();
    }

    /// <summary>A package of whatever entries, with a manifest that names what it is told to.</summary>
    public static byte[] Forge(ECDsa key, HandlerManifest manifest, IEnumerable<(string Name, byte[] Bytes)> entries, ECDsa? signer = null, int attributes = 0)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(manifest, MessagingJson.Default.HandlerManifest);
        var signature = new HandlerSignature(Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()), Convert.ToBase64String((signer ?? key).SignData([.. "sharing-handler\n"u8, .. json], HashAlgorithmName.SHA256)));
        using var output = new MemoryStream();
        using (var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries.Prepend(("signature.json", JsonSerializer.SerializeToUtf8Bytes(signature, MessagingJson.Default.HandlerSignature))).Prepend(("manifest.json", json)))
            {
                var entry = zip.CreateEntry(name, CompressionLevel.SmallestSize);
                entry.ExternalAttributes = attributes;
                using var file = entry.Open();
                file.Write(bytes);
            }
        }

        return output.ToArray();
    }

    public static HandlerFile FileOf(string path, byte[] bytes) => new(path, bytes.Length, HandlerPackage.HashOf(bytes));

    public static async Task<IContentReader> ReaderAsync(byte[] bytes)
    {
        var store = new MemoryContentStore();
        var content = await store.PutAsync(new MemoryStream(bytes), cancellationToken: Cancel);
        return (await store.OpenAsync(content.Id, Cancel))!;
    }

    public static HandlerOffer OfferOf(byte[] package, HandlerManifest manifest, ECDsa key) => new()
    {
        Id = manifest.Id, Version = manifest.Version, Title = manifest.Title, Kinds = manifest.Kinds, Platform = manifest.Platform, Package = HandlerPackage.HashOf(package), Length = package.Length,
        Signer = HandlerPackage.SignerOf(key.ExportSubjectPublicKeyInfo()),
    };

    public static BubblewrapRunner Runner(Action<ConfinedOptions>? configure = null)
    {
        var options = new ConfinedOptions();
        configure?.Invoke(options);
        return new(Options.Create(options), TimeProvider.System, NullLogger<BubblewrapRunner>.Instance);
    }

    /// <summary>Opens something of that kind with a handler.</summary>
    public static async Task<string> OpenAsync(IResourceHandler handler, string text)
    {
        await using var reader = await ReaderAsync([.. Chart, .. Encoding.UTF8.GetBytes(text)]);
        using var output = new MemoryStream();
        await handler.OpenAsync(new("a.chart", new("application/octet-stream", "application/x-chart"), reader), output, Cancel);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
