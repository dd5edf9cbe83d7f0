using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Trials.Scripted;

namespace Sharing.Trials.Hostile;

/// <summary>A terminal whose connections are played back: the product's own client from there on, HTTP included.</summary>
sealed class HostileClient : IAsyncDisposable
{
    const int ChunkSize = ContentTree.GroupSize;

    readonly ServiceProvider _services;
    readonly Dictionary<IPAddress, Func<string, byte[]>> _answers = [];
    int _hosts;

    public HostileClient()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton(provider => new PeerConnector(provider.GetRequiredService<PeerAddresses>(), provider.GetRequiredService<IOptions<FetchOptions>>().Value)
        {
            Dial = (at, _) => ValueTask.FromResult<Stream>(new Playback(AnswerOf(at.Address))), OwnAddresses = static () => [],
        });
        services.AddSharing(static sharing => sharing.WithTransfers(static transfers => transfers.FirstRest = TimeSpan.FromMilliseconds(1)).AddP2P());
        _services = services.BuildServiceProvider();
        Http = _services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Peers);
    }

    public HttpClient Http { get; }

    public SwarmNode Node => _services.GetRequiredService<SwarmNode>();

    /// <summary>A host that answers in some way.</summary>
    public Uri Host(Func<string, byte[]> answer)
    {
        lock (_answers)
        {
            var number = ++_hosts;
            var address = new IPAddress([11, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
            _answers[address] = answer;
            return _services.GetRequiredService<PeerAddresses>().Tell(number.ToString("x64", CultureInfo.InvariantCulture), [new(address, 7400)], plain: true);
        }
    }

    /// <summary>Fetches a content from one who spoils what he answers, and one who does not.</summary>
    /// <returns>What is wrong with what came of it; <c>null</c>: nothing.</returns>
    public async Task<string?> TransferAsync(byte[] bytes, Func<byte[], byte[]> spoil, CancellationToken cancellationToken)
    {
        var manifest = new ShareManifest
        {
            Share = ShareId.New(), Name = "a", Content = Samples.IdOf(bytes), Length = bytes.Length, ChunkSize = ChunkSize, Ticket = "e30.AAAA", TicketKey = [],
        };
        PeerSource Source(Func<byte[], byte[]> change) => new(Http, Host(request => change(AnswerTo(request, bytes))), manifest, new("x", SourceKind.Peer));
        var engine = _services.GetRequiredService<TransferEngine>();
        await using var transfer = await engine.StartAsync(
            new() { Key = $"t.{manifest.Content}", Sources = [Source(spoil), Source(static answer => answer)], Content = manifest.Content, ChunkSize = ChunkSize }, cancellationToken);
        var result = await transfer.Completion.WaitAsync(cancellationToken);
        var got = await Samples.ReadAsync(_services.GetRequiredService<IContentStore>(), result.Content);
        return result.Content.Id == manifest.Content && bytes.AsSpan().SequenceEqual(got) ? null : "A transfer ended with other bytes.";
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    Func<string, byte[]> AnswerOf(IPAddress host)
    {
        lock (_answers)
        {
            return _answers[host];
        }
    }

    /// <summary>What an honest terminal answers.</summary>
    static byte[] AnswerTo(string request, byte[] bytes)
    {
        if (request.Contains("/held ", StringComparison.Ordinal))
        {
            return Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nevent: state\ndata: {{\"runs\":\"0+{bytes.Length}\"}}\n\n");
        }

        if (request.Contains("/groups ", StringComparison.Ordinal))
        {
            var hashes = Samples.GroupsOf(bytes);
            return [.. Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {hashes.Length}\r\n\r\n"), .. hashes];
        }

        var range = request[(request.IndexOf("bytes=", StringComparison.Ordinal) + 6)..].Split('\r')[0].Split('-');
        var (from, to) = (int.Parse(range[0], CultureInfo.InvariantCulture), int.Parse(range[1], CultureInfo.InvariantCulture));
        return
        [
            .. Encoding.Latin1.GetBytes($"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {from}-{to}/{bytes.Length}\r\nContent-Length: {to - from + 1}\r\n\r\n"), .. bytes.AsSpan(from, to - from + 1),
        ];
    }
}
