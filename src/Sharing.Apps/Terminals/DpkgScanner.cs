using System.Runtime.CompilerServices;

namespace Sharing.Apps;

/// <summary>The packages that Debian's dpkg has installed, as its status file says.</summary>
/// <param name="statusFile">The file.</param>
public sealed class DpkgScanner(string statusFile = "/var/lib/dpkg/status") : IAppScanner
{
    /// <inheritdoc/>
    public string Os => "debian";

    /// <inheritdoc/>
    public async IAsyncEnumerable<InstalledApp> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var line in File.ReadLinesAsync(statusFile, cancellationToken))
        {
            if (line.Length == 0)
            {
                if (Read(fields) is { } app)
                {
                    yield return app;
                }

                fields.Clear();
            }
            else if (line[0] is not (' ' or '\t') && line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                fields[line[..colon]] = line[(colon + 1)..].Trim();
            }
        }

        if (Read(fields) is { } last)
        {
            yield return last;
        }
    }

    static InstalledApp? Read(Dictionary<string, string> fields) =>
        fields.GetValueOrDefault("Status")?.EndsWith(" installed", StringComparison.Ordinal) == true && AppId.TryParse(fields.GetValueOrDefault("Package"), out var app)
            ? new() { App = app, Name = fields.GetValueOrDefault("Description"), Version = fields.GetValueOrDefault("Version") }
            : null;
}
