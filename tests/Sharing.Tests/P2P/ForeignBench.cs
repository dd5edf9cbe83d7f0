using System.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Tests.Content;
using Sharing.Tests.Hosting;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.P2P;

/// <summary>A shared-data server and terminals that serve without TLS, and clients of other makers as people run them.</summary>
sealed class ForeignBench : IAsyncDisposable
{
    readonly List<PlainTerminal> _terminals = [];
    readonly TemporaryFolder _folder = new();

    ForeignBench(SharingHost server, Served served, byte[] bytes) => (Server, Served, Bytes) = (server, served, bytes);

    public SharingHost Server { get; }

    public Served Served { get; }

    public byte[] Bytes { get; }

    public ShareId Share { get; private set; }

    public IReadOnlyList<PlainTerminal> Terminals => _terminals;

    /// <summary>Where clients put what they fetch.</summary>
    public string Folder => _folder.Path;

    public static async Task<ForeignBench> StartAsync(int length, int terminals, Action<P2POptions>? configure = null, string name = "film.mkv", string audience = "everyone", Action<IServiceCollection>? services = null)
    {
        var served = new Served();
        var server = await SharingHost.StartAsync(
            sharing => sharing.AddSharedData(configure), host =>
            {
                host.AddSingleton<IStartupFilter>(served);
                services?.Invoke(host);
            }, roles: SharingRoles.Data | SharingRoles.Index);
        var bench = new ForeignBench(server, served, Samples.Random(7, length));
        var client = new UploadClient(server.Http, TimeProvider.System, static _ => ValueTask.FromResult<string?>(SharingHost.TokenOf(SwarmBench.Anna)));
        var metadata = UploadMetadata.Of([new("filename", name), new("filetype", "video/x-matroska"), new("audience", audience)]);
        var receipt = await client.UploadAsync(new Uri(server.Address, $"v1/uploads/{IShares.Purpose}"), UploadSource.Of(new MemoryStream(bench.Bytes)), new() { Metadata = metadata });
        bench.Share = ShareId.Parse(receipt.Result!);
        for (var terminal = 0; terminal < terminals; terminal++)
        {
            bench._terminals.Add(await PlainTerminal.StartAsync(server, bench.Share, $"127.0.0.{terminal + 2}"));
        }

        return bench;
    }

    /// <summary>One more, whose bytes are all wrong.</summary>
    public async Task<PlainTerminal> LiarAsync()
    {
        var liar = await PlainTerminal.LyingAsync(Server, Share, $"127.0.0.{_terminals.Count + 2}", Bytes);
        _terminals.Add(liar);
        return liar;
    }

    /// <summary>The share's link, or what is below it.</summary>
    public Uri Link(string below = "") => new(Server.Address, $"s/{Share}{below}");

    /// <summary>Asks the server as nobody, following nothing.</summary>
    public async Task<HttpResponseMessage> AskAsync(Uri address, Action<HttpRequestMessage>? shape = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        shape?.Invoke(request);
        return await http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>What the server says there, written into a file.</summary>
    public async Task<string> SaveAsync(Uri address, string name)
    {
        using var response = await AskAsync(address);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        var path = System.IO.Path.Combine(Folder, name);
        await File.WriteAllBytesAsync(path, await response.Content.ReadAsByteArrayAsync(), TestContext.Current.CancellationToken);
        return path;
    }

    /// <summary>Runs a client to its end.</summary>
    public async Task<(int Code, string Said)> RunAsync(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder })!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(SwarmBench.Patience * 2);
        try
        {
            var (said, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await said + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>aria2 with as many connections as there are sources, and parts of 1 MiB; else as it comes.</summary>
    public Task<(int Code, string Said)> Aria2Async(string what, params string[] more) =>
        RunAsync("aria2c", ["--no-conf", "--enable-dht=false", "--bt-enable-lpd=false", $"-s{_terminals.Count + 1}", "-k1M", "-d", Folder, .. more, what]);

    /// <summary>That a client has fetched exactly the share.</summary>
    public void AssertFetched(string name = "film.mkv") => Assert.True(Bytes.AsSpan().SequenceEqual(File.ReadAllBytes(System.IO.Path.Combine(Folder, name))), "It is not what was shared.");

    public async ValueTask DisposeAsync()
    {
        foreach (var terminal in _terminals)
        {
            await terminal.DisposeAsync();
        }

        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
