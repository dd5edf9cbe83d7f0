using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Sharing.Apps;

/// <summary>A list of apps in a JSON file: one that an Android app wrote (<c>[{"app": "org.example", "versionCode": 3, …}]</c>), or an export of the F-Droid client.</summary>
/// <remarks>Of an F-Droid export, objects with <c>packageName</c> (or <c>packageId</c>), <c>versionCode</c>, <c>versionName</c> and <c>name</c> are read, wherever in it they stand.</remarks>
public sealed class ListFileScanner(string file) : IAppScanner
{
    const int MostBytes = 16 << 20;

    static readonly string[] Ids = ["app", "packageName", "packageId", "package"];

    /// <inheritdoc/>
    public string Os => "android";

    /// <inheritdoc/>
    public async IAsyncEnumerable<InstalledApp> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var document = await ReadAsync(cancellationToken);
        foreach (var app in Apps(document.RootElement))
        {
            yield return app;
        }
    }

    async Task<JsonDocument> ReadAsync(CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        if (stream.Length > MostBytes)
        {
            throw new SharingException(ProblemCodes.TooLarge, $"{file} is longer than {MostBytes} bytes.");
        }

        try
        {
            return await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
        }
        catch (JsonException e)
        {
            throw new SharingException(ProblemCodes.InvalidInput, $"{file} is not JSON: {e.Message}", e);
        }
    }

    static IEnumerable<InstalledApp> Apps(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Apps),
        JsonValueKind.Object => Read(element) is { } app ? [app] : element.EnumerateObject().SelectMany(static member => Apps(member.Value)),
        _ => [],
    };

    static InstalledApp? Read(JsonElement element) => Ids.Select(id => Text(element, id)).FirstOrDefault(static id => id is not null) is { } text && AppId.TryParse(text, out var app)
        ? new()
        {
            App = app, Name = Text(element, "name") ?? Text(element, "label"), Version = Text(element, "version") ?? Text(element, "versionName"),
            VersionCode = element.TryGetProperty("versionCode", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt64(out var number) ? number : 0,
            Certificates = Text(element, "signer") is { } signer ? [signer.ToLowerInvariant()] : [],
        }
        : null;

    static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
