using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Tests.Content;
using Sharing.Tests.Fetching;

namespace Sharing.Tests.Uploads;

/// <summary>The client against a real server, through whatever breaks.</summary>
public sealed class UploadClientTests : IAsyncLifetime
{
    static readonly UploadSettings Quick = new() { FirstRest = TimeSpan.FromMilliseconds(1) };

    UploadHost _host = null!;
    ServiceProvider _services = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await UploadHost.InMemoryAsync(sharing => sharing.WithUploads(uploads => uploads.SpacePerPerson = 100_000_000));
        _services = new ServiceCollection().AddLogging().AddSharing(sharing => sharing.WithFetching(fetching =>
        {
            fetching.Services.Add("127.0.0.1");
            fetching.Attempts = 1;
        })).BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _host.DisposeAsync();
    }

    UploadClient Client => new(
        _services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Services), TimeProvider.System, _ => ValueTask.FromResult<string?>("anna"));

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, 70_001L)]
    [InlineData("sha1", 100_000L)]
    [InlineData("sha256", null)]
    [InlineData("blake3", 65_536L)]
    public async Task A_file_a_stream_and_a_content_are_uploaded_and_progress_is_told(string? checksum, long? part)
    {
        using var folder = new TemporaryFolder();
        var bytes = UploadBench.Sample(300_000);
        File.WriteAllBytes(folder.Join("file"), bytes);
        using var stream = new MemoryStream(bytes);
        UploadReceipt? first = null;
        foreach (var source in new[] { UploadSource.OfFile(folder.Join("file")), UploadSource.Of(stream) })
        {
            var progress = new Steps();
            var receipt = await Client.UploadAsync(
                _host.Endpoint, source, Quick with { Checksum = checksum, PartLength = part, Progress = progress, Metadata = UploadMetadata.Of([new("filename", "Größe.bin")]) });
            Assert.Equal(bytes, await _host.BytesOfAsync(receipt.Address));
            Assert.Equal((0, 300_000), (progress.All[0], progress.All[^1]));
            first ??= receipt;
        }

        await using var reader = await _host.Get<IContentStore>().OpenAsync(ContentId.Parse(first!.Result!));
        Assert.Equal(first.Result, (await Client.UploadAsync(_host.Endpoint, UploadSource.Of(reader!), Quick)).Result);
    }

    [Fact]
    public async Task It_goes_on_after_every_break_and_every_byte_is_right()
    {
        // Every request that brings bytes is cut after some of them, but for each fifth.
        var (cut, bytes) = (0, UploadBench.Sample(2_000_000));
        await using var proxy = await BreakingAsync(() => ++cut % 5 == 0 ? int.MaxValue : 150_000);
        var receipt = await Client.UploadAsync(new($"{proxy.Address}/v1/uploads/things"), UploadSource.Of(new MemoryStream(bytes)), Quick with { PartLength = 400_000 });
        Assert.Equal(bytes, await _host.BytesOfAsync(receipt.Address));
        Assert.True(cut > 5);
    }

    [Fact]
    public async Task Another_process_goes_on_by_the_address_alone()
    {
        var bytes = UploadBench.Sample(1_000_000);
        using var crash = new CancellationTokenSource();
        Uri? address = null;
        var settings = Quick with { PartLength = 100_000, Began = at => address = at, Progress = new Steps(at => { if (at >= 500_000) { crash.Cancel(); } }) };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Client.UploadAsync(_host.Endpoint, UploadSource.Of(new MemoryStream(bytes)), settings, crash.Token));
        var progress = new Steps();
        var receipt = await Client.ResumeAsync(address!, UploadSource.Of(new MemoryStream(bytes)), Quick with { Progress = progress });
        Assert.InRange(progress.All[0], 400_000, 999_999);
        Assert.Equal(bytes, await _host.BytesOfAsync(receipt.Address));
        Assert.Equal(receipt, await Client.ResumeAsync(address!, UploadSource.Of(new MemoryStream(bytes))));
    }

    [Fact]
    public async Task What_cannot_pass_is_not_tried_again()
    {
        async Task<string> CodeAsync(Func<Task> of) => (await Assert.ThrowsAsync<SharingException>(of)).Code;
        var address = await Client.CreateAsync(_host.Endpoint, 10, UploadMetadata.Empty);
        Assert.Equal(ProblemCodes.InvalidInput, await CodeAsync(() => Client.ResumeAsync(address, UploadSource.Of(new MemoryStream(new byte[11])))));
        Assert.Equal(ProblemCodes.QuotaExceeded, await CodeAsync(() => Client.CreateAsync(_host.Endpoint, 100_000_000, UploadMetadata.Empty)));
        Assert.True(await Client.EndAsync(address));
        Assert.False(await Client.EndAsync(address));
        Assert.Equal(ProblemCodes.NotFound, await CodeAsync(() => Client.ResumeAsync(address, UploadSource.Of(new MemoryStream(new byte[10])))));
    }

    [Fact]
    public async Task A_server_that_stays_away_is_given_up()
    {
        await using var proxy = await BreakingAsync(() => 0);
        var failed = await Assert.ThrowsAsync<SharingException>(() =>
            Client.UploadAsync(new($"{proxy.Address}/v1/uploads/things"), UploadSource.Of(new MemoryStream(new byte[10])), Quick with { Attempts = 3 }));
        Assert.Equal(ProblemCodes.FetchFailed, failed.Code);
        Assert.Equal(3, proxy.Requests.Count(request => request.Method == "PATCH"));
    }

    /// <summary>Passes requests on to the server, and cuts those that bring bytes.</summary>
    async Task<LoopbackServer> BreakingAsync(Func<int> bytesBefore) => await LoopbackServer.StartAsync(async context =>
    {
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(_host.Address, context.Request.Path.Value![1..]));
        foreach (var (name, value) in context.Request.Headers.Where(header => header.Key.StartsWith("Upload-", StringComparison.Ordinal) || header.Key == "Tus-Resumable"))
        {
            request.Headers.TryAddWithoutValidation(name, value.ToString());
        }

        if (context.Request.Method == "PATCH")
        {
            var (bytes, most) = (new MemoryStream(), bytesBefore());
            await context.Request.Body.CopyToAsync(bytes);
            var part = bytes.ToArray()[..(int)Math.Min(bytes.Length, most)];
            request.Content = new ByteArrayContent(part);
            request.Content.Headers.ContentType = new("application/offset+octet-stream");
            if (part.Length < bytes.Length)
            {
                (await _host.Http.SendAsync(request)).Dispose();
                context.Abort();
                return;
            }
        }

        using var response = await _host.Http.SendAsync(request);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, value) in response.Headers.Where(header => header.Key.StartsWith("Upload-", StringComparison.Ordinal)))
        {
            context.Response.Headers[name] = string.Join(",", value);
        }

        if (response.Headers.Location is { } location)
        {
            context.Response.Headers.Location = new Uri(new Uri(context.Request.Scheme + "://" + context.Request.Host), location.AbsolutePath).ToString();
        }
    });

    sealed class Steps(Action<long>? on = null) : IProgress<long>
    {
        public List<long> All { get; } = [];

        public void Report(long value)
        {
            All.Add(value);
            on?.Invoke(value);
        }
    }
}
