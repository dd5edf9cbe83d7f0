using System.Globalization;
using System.Net;
using Xunit;

namespace Sharing.Testing;

/// <summary>What every server of tus 1.0.0 must do (https://tus.io/protocols/resumable-upload), and for the extensions that it names in <c>Tus-Extension</c> what
/// they demand: creation, creation-with-upload, termination, checksum, expiration. Derive it, return a server, and run your tests.</summary>
/// <remarks>Each test has a server of its own, or a part of one where others do not disturb. Where a server lacks an extension its tests are skipped; creation it must have.</remarks>
public abstract partial class TusSuite : IAsyncLifetime
{
    const string Version = "1.0.0";
    const string Bytes = "application/offset+octet-stream";

    TusUnderTest _server = null!;
    HashSet<string> _extensions = [];

    /// <summary>Ends with the test run.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes a server.</summary>
    protected abstract Task<TusUnderTest> CreateAsync();

    /// <summary>Ends what <see cref="CreateAsync"/> made.</summary>
    protected virtual ValueTask CleanUpAsync() => default;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _server = await CreateAsync();
        using var abilities = await AbilitiesAsync();
        _extensions = [.. (One(abilities, "Tus-Extension") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    static byte[] Sample(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    static string? One(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) || response.Content.Headers.TryGetValues(header, out values) ? string.Join(", ", values) : null;

    static long? Number(HttpResponseMessage response, string header) =>
        One(response, header) is { } text ? long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    static void Is(HttpResponseMessage response, params HttpStatusCode[] expected)
    {
        Assert.Contains(response.StatusCode, expected);
        if (response.RequestMessage!.Method != HttpMethod.Options)
        {
            Assert.Equal(Version, One(response, "Tus-Resumable"));
        }
    }

    static HttpContent Part(byte[] bytes, string? type = Bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = type is null ? null : new(type);
        return content;
    }

    void Needs(string extension) => Assert.SkipUnless(_extensions.Contains(extension), $"The server does not have the extension '{extension}'.");

    async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, Uri address, HttpContent? content = null, string? version = Version, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, address) { Content = content };
        foreach (var (name, value) in version is null ? headers : [("Tus-Resumable", version), .. headers])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _server.Http.SendAsync(request, Cancel);
    }

    Task<HttpResponseMessage> AbilitiesAsync(string? version = null) => SendAsync(HttpMethod.Options, _server.Endpoint, version: version);

    Task<HttpResponseMessage> PostAsync(HttpContent? content, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, _server.Endpoint, content, Version, headers);

    async Task<Uri> BeginAsync(long length, params (string Name, string Value)[] headers)
    {
        using var response = await PostAsync(null, [("Upload-Length", length.ToString(CultureInfo.InvariantCulture)), .. headers]);
        Is(response, HttpStatusCode.Created);
        return LocationOf(response);
    }

    Uri LocationOf(HttpResponseMessage response)
    {
        Assert.NotNull(response.Headers.Location);
        return new(_server.Endpoint, response.Headers.Location);
    }

    Task<HttpResponseMessage> PatchAsync(Uri upload, long offset, byte[] bytes, params (string Name, string Value)[] headers) => SendAsync(
        HttpMethod.Patch, upload, Part(bytes), Version, [("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture)), .. headers]);

    /// <summary>Appends what must be taken.</summary>
    async Task AppendAsync(Uri upload, long offset, byte[] bytes, params (string Name, string Value)[] headers)
    {
        using var response = await PatchAsync(upload, offset, bytes, headers);
        Is(response, HttpStatusCode.NoContent);
        Assert.Equal(offset + bytes.Length, Number(response, "Upload-Offset"));
    }

    /// <summary>Where the upload stands, as <c>HEAD</c> says.</summary>
    async Task<long> OffsetAsync(Uri upload)
    {
        using var response = await SendAsync(HttpMethod.Head, upload);
        Is(response, HttpStatusCode.OK, HttpStatusCode.NoContent);
        return Number(response, "Upload-Offset") ?? throw new InvalidOperationException("HEAD told no Upload-Offset.");
    }

    async Task AssertGoneAsync(Uri upload)
    {
        using var response = await SendAsync(HttpMethod.Head, upload);
        Is(response, HttpStatusCode.NotFound, HttpStatusCode.Gone, HttpStatusCode.Forbidden);
        Assert.Null(One(response, "Upload-Offset"));
    }

    async Task AssertCompleteAsync(Uri upload, byte[] bytes)
    {
        Assert.Equal(bytes.Length, await OffsetAsync(upload));
        if (_server.BytesOf is { } read)
        {
            Assert.Equal(bytes, await read(upload));
        }
    }
}
