using System.Diagnostics;
using System.Globalization;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Benchmarks;

/// <summary>A client that fetches contents from several sources, in a process of its own.</summary>
static class Parts
{
    /// <summary>For each content (id, length, addresses): says that it is ready, waits for a line, fetches, and says how many seconds that took, how many bytes it took, and how many it read from
    /// its files before it fetched the first.</summary>
    public static async Task FetchAsync(string folder, string[] contents)
    {
        var services = new ServiceCollection().AddLogging().AddSharing(sharing => sharing.UseFolder(folder).AddP2P().WithFetching(fetching =>
        {
            foreach (var address in contents.SelectMany(static content => content.Split(',')[2..]).Distinct(StringComparer.Ordinal))
            {
                fetching.Services.Add(new Uri(address).Authority);
            }
        }));
        await using var provider = services.BuildServiceProvider();
        foreach (var content in contents)
        {
            Console.WriteLine("ready");
            Console.ReadLine();
            Console.WriteLine(await FetchAsync(provider, content.Split(',')));
        }
    }

    static async Task<string> FetchAsync(IServiceProvider services, string[] content)
    {
        var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Services);
        var id = ContentId.Parse(content[0]);
        var length = long.Parse(content[1], CultureInfo.InvariantCulture);
        var sources = content[2..].Select(address => Source(http, new Uri(address), id, length)).ToArray();
        var (started, read, last) = (Stopwatch.GetTimestamp(), BytesRead(), new TransferProgress());
        await using var transfer = await services.GetRequiredService<TransferEngine>().StartAsync(new()
        {
            Key = $"share.{id}", Sources = sources, Content = id, ChunkSize = services.GetRequiredService<Microsoft.Extensions.Options.IOptions<P2POptions>>().Value.ChunkSizeOf(length),
        });
        read = BytesRead() - read;
        var watching = Task.Run(async () =>
        {
            await foreach (var progress in transfer.Progress)
            {
                last = progress;
            }
        });
        await transfer.Completion;
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await watching;
        return string.Create(CultureInfo.InvariantCulture, $"{seconds:0.000} {last.FromServer} {read}");
    }

    /// <summary>A source that has all: what comes after its address is where a share's content and proofs stand.</summary>
    static PeerSource Source(HttpClient http, Uri address, ContentId id, long length)
    {
        var manifest = new ShareManifest
        {
            Share = default, Name = "file", Content = id, Length = length, ChunkSize = 256 * 1024, Ticket = address.Segments[^1].TrimEnd('/'), TicketKey = [],
        };
        return new PeerSource(http, new Uri(address.GetLeftPart(UriPartial.Authority) + "/"), manifest, new SourceTraits(address.Host, SourceKind.Server));
    }

    /// <summary>The bytes that this process has read from files.</summary>
    static long BytesRead() => long.Parse(File.ReadLines("/proc/self/io").First()["rchar: ".Length..], CultureInfo.InvariantCulture);
}
