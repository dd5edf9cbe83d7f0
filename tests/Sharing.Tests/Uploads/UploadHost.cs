using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Tests.Child;
using Sharing.Tests.Content;

namespace Sharing.Tests.Uploads;

/// <summary>A real server that takes uploads, in this process: in memory, or with a folder and SQLite.</summary>
sealed class UploadHost : IAsyncDisposable
{
    public static readonly PersonId Anna = PersonId.Parse("anna");

    readonly WebApplication _app;
    readonly TemporaryFolder? _folder;

    UploadHost(WebApplication app, TemporaryFolder? folder)
    {
        (_app, _folder) = (app, folder);
        Address = new Uri(app.Urls.First() + "/");
        Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(100) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Anna.Value);
    }

    public Uri Address { get; }

    public Uri Endpoint => new(Address, "v1/uploads/things");

    /// <summary>Sends as Anna.</summary>
    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public static Task<UploadHost> InMemoryAsync(
        Action<SharingBuilder>? configure = null, Action<IServiceCollection>? services = null, string pathBase = "", string? site = null) =>
        StartAsync(UploadServer.Build(configure ?? (_ => { }), 0, services, pathBase, site), null);

    public static Task<UploadHost> InFolderAsync()
    {
        var folder = new TemporaryFolder();
        return StartAsync(UploadServer.Build(sharing => sharing.UseFolder(folder.Path)), folder);
    }

    /// <summary>In a folder that the caller deletes.</summary>
    public static Task<UploadHost> InFolderAsync(string path) => StartAsync(UploadServer.Build(sharing => sharing.UseFolder(path)), null);

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>The bytes that the receiver was given for an upload.</summary>
    public async Task<byte[]> BytesOfAsync(Uri upload)
    {
        var kept = await Get<IRecordStore>().GetAsync(RecordKey.Of("kept", upload.Segments[^1]));
        Assert.NotNull(kept);
        await using var reader = await Get<IContentStore>().OpenAsync(ContentId.Parse(System.Text.Json.JsonSerializer.Deserialize<string>(kept.Json.Span)!));
        Assert.NotNull(reader);
        var bytes = new byte[reader.Info.Length];
        await using var stream = new ContentStream(reader, ContentArea.Data, 0);
        await stream.ReadExactlyAsync(bytes);
        var hash = new byte[Blake3.HashSize];
        Blake3.Hash(bytes, hash);
        Assert.Equal(new ContentId(hash), reader.Info.Id);
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _folder?.Dispose();
    }

    static async Task<UploadHost> StartAsync(WebApplication app, TemporaryFolder? folder)
    {
        await app.StartAsync();
        return new(app, folder);
    }
}
