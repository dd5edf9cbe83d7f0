using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.Tests.Child;

/// <summary>A download server's outbox on SQLite: shares, publishes, and ends when every line of every ledger is settled, however often it was killed before.</summary>
static class Publishing
{
    static readonly PersonId Anna = PersonId.Parse("anna");

    public static async Task<int> RunAsync(string folder, Uri sinks, int shares)
    {
        await using var services = Build(folder, sinks);
        var (outbox, posts, accounts) = (services.GetRequiredService<Outbox>(), services.GetRequiredService<IPosts>(), services.GetRequiredService<IAccounts>());
        Console.WriteLine("ready");
        using var stop = new CancellationTokenSource();
        foreach (var publisher in outbox.Publishers)
        {
            await accounts.ConnectAsync(Anna, publisher.Traits.Network, "token");
        }

        var lanes = outbox.Publishers.SelectMany(publisher => Enumerable.Repeat(publisher.Traits.Network, 8))
            .Select(network => Task.Run(() => WorkAsync(outbox, network, stop.Token))).ToList();
        await Parallel.ForAsync(0, shares, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, cancellationToken) =>
            await posts.ShareAsync(Anna, RequestOf(i), cancellationToken));
        while (await CountAsync(posts, line => line.State is PublishState.Queued or PublishState.Waiting) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }

        await stop.CancelAsync();
        await Task.WhenAll(lanes);
        var odd = await CountAsync(posts, line => line.State != PublishState.Sent);
        var all = await CountAsync(posts, _ => true);
        Console.WriteLine(odd == 0 && all == shares * outbox.Publishers.Count ? "settled" : $"{odd} of {all} lines are not sent");
        return 0;
    }

    static ServiceProvider Build(string folder, Uri sinks) => new ServiceCollection().AddLogging().AddSharing(sharing => sharing
        .UseFolder(folder)
        .WithFetching(fetching =>
        {
            fetching.Configured.Add("127.0.0.1");
            fetching.Attempts = 1;
        })
        .AddDownloadServer(offline => offline.PublishTimeout = TimeSpan.FromSeconds(1))
        .AddPublisher(provider => new SinkPublisher(Http(provider), sinks, "chosen", RetrySafety.ClientChosenId))
        .AddPublisher(provider => new SinkPublisher(Http(provider), sinks, "keyed", RetrySafety.ServerKey))
        .AddPublisher(provider => new SinkPublisher.Plain(Http(provider), sinks))).BuildServiceProvider();

    static HttpClient Http(IServiceProvider provider) => provider.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Name);

    static ShareRequest RequestOf(int i) => new()
    {
        Resource = new() { Address = new Uri("https://origin.example.org/film.mkv"), Name = "film.mkv" },
        Audience = Audience.Everyone,
        Text = string.Create(CultureInfo.InvariantCulture, $"share {i}"),
        Key = string.Create(CultureInfo.InvariantCulture, $"key {i}"),
    };

    static async Task WorkAsync(Outbox outbox, string network, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            if (!await outbox.RunOnceAsync(network, CancellationToken.None))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    static async Task<int> CountAsync(IPosts posts, Func<LedgerLine, bool> counts)
    {
        var (count, page) = (0, await posts.ListAsync(Anna, null, 100));
        for (; ; page = await posts.ListAsync(Anna, page.Next, 100))
        {
            count += page.Posts.Sum(post => post.Ledger!.Count(counts));
            if (page.Next is null)
            {
                return count;
            }
        }
    }
}
