using Microsoft.Extensions.Options;
using Sharing.Apps;

namespace Sharing.Server;

/// <summary>Takes in the packages and shop links of the configuration. A file that is no package is said, and left out.</summary>
sealed partial class AppsFromConfiguration(AppShelf shelf, IOptions<ServerOptions> server, ILogger<AppsFromConfiguration> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var path in server.Value.Packages is { } folder ? Directory.EnumerateFiles(folder, "*.apk").Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            try
            {
                await using var file = File.OpenRead(path);
                var package = await shelf.AddAsync(file, cancellationToken);
                Taken(logger, package.App, package.Version, package.VersionCode);
            }
            catch (SharingException e)
            {
                LeftOut(logger, path, e.Message);
            }
        }

        foreach (var (app, link) in server.Value.ShopLinks)
        {
            await shelf.LinkAsync(AppId.Parse(app), "ios", link, cancellationToken);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Information, "{App} {Version} ({VersionCode}) is on the shelf")]
    static partial void Taken(ILogger logger, AppId app, string? version, long versionCode);

    [LoggerMessage(2, LogLevel.Warning, "{Path} is left out: {Reason}")]
    static partial void LeftOut(ILogger logger, string path, string reason);
}
