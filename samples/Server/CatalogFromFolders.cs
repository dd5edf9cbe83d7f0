using System.Text.Json;
using Microsoft.Extensions.Options;
using Sharing.Messaging;

namespace Sharing.Server;

/// <summary>Takes in the catalogue and the handlers of the configuration. What does not fit is said, and left out.</summary>
sealed partial class CatalogFromFolders(CatalogBook catalog, HandlerShelf handlers, IOptions<ServerOptions> server, ILogger<CatalogFromFolders> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (server.Value.Catalog is { } folder)
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                await AddAsync(Path.GetRelativePath(folder, path), path, cancellationToken);
            }
        }

        foreach (var manifest in server.Value.Handlers is { } sources ? Directory.EnumerateFiles(sources, "manifest.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            await PackAsync(manifest, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    async Task AddAsync(string key, string path, CancellationToken cancellationToken)
    {
        var folders = key.Split(Path.DirectorySeparatorChar)[..^1];
        try
        {
            await using var file = File.OpenRead(path);
            var item = await catalog.AddAsync(
                new() { Key = key, Title = Path.GetFileNameWithoutExtension(path), Kind = folders is [var kind, ..] ? kind : "file", Tags = [.. folders.Skip(1)], FileName = Path.GetFileName(path) }, file, cancellationToken);
            Offered(logger, item.Title, item.Kind);
        }
        catch (SharingException e)
        {
            LeftOut(logger, path, e.Message);
        }
    }

    /// <summary>The manifest stands beside a folder "files".</summary>
    async Task PackAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(path, cancellationToken), MessagingJson.Default.HandlerManifest)!;
            var offer = await handlers.PackAsync(manifest, Path.Combine(Path.GetDirectoryName(path)!, "files"), cancellationToken);
            Signed(logger, offer.Title, offer.Version);
        }
        catch (HandlerRefusedException e) when (e.Fault == HandlerFault.RolledBack)
        {
            Known(logger, path); // the same version was signed at an earlier start
        }
        catch (Exception e) when (e is HandlerRefusedException or SharingException or JsonException or IOException)
        {
            LeftOut(logger, path, e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Title} ({Kind}) is in the catalogue")]
    static partial void Offered(ILogger logger, string title, string kind);

    [LoggerMessage(2, LogLevel.Warning, "{Path} is left out: {Reason}")]
    static partial void LeftOut(ILogger logger, string path, string reason);

    [LoggerMessage(3, LogLevel.Information, "{Title} (version {Version}) is signed and offered")]
    static partial void Signed(ILogger logger, string title, int version);

    [LoggerMessage(4, LogLevel.Information, "{Path} is offered as it was signed before; a change needs a higher version")]
    static partial void Known(ILogger logger, string path);
}
