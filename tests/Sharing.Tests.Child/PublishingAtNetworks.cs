using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.Core;
using Sharing.Offline;
using Sharing.Social;

namespace Sharing.Tests.Child;

/// <summary>A download server that publishes at real networks: <c>networks begin|go FOLDER PORT SHARES MASTODON BLUESKY HANDLE WEBHOOK SECRET INBOX</c>. "begin" connects, and waits for a
/// follower, whose inbox becomes the one given; "go" shares, publishes, and ends when every line is settled and everything is delivered, however often it was killed before.</summary>
static class PublishingAtNetworks
{
    static readonly PersonId Anna = PersonId.Parse("anna");

    public static async Task<int> RunAsync(string[] args)
    {
        var (begins, folder, port, shares) = (args[0] == "begin", args[1], int.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture));
        await using var app = Build(folder, port, works: !begins);
        await app.StartAsync();
        var services = app.Services;
        if (begins)
        {
            var accounts = services.GetRequiredService<IAccounts>();
            await accounts.ConnectAsync(Anna, "mastodon", new AccountToken("token-anna", new(args[4])));
            await accounts.ConnectAsync(Anna, "bluesky", new AccountToken("secret", new(args[5]), args[6]));
            await accounts.ConnectAsync(Anna, "webhook", new AccountToken(args[8], new(args[7])));
            await accounts.ConnectAsync(Anna, "fediverse", new AccountToken(null));
            await accounts.ConnectAsync(Anna, "feed", new AccountToken(null));
            Console.WriteLine("ready");
            await LeadAsync(services.GetRequiredService<IRecordStore>(), args[9]);
            Console.WriteLine("settled");
            return 0;
        }

        Console.WriteLine("ready");
        var posts = services.GetRequiredService<IPosts>();
        await Parallel.ForAsync(0, shares, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, cancellationToken) => await posts.ShareAsync(Anna, RequestOf(i), cancellationToken));
        var queue = services.GetRequiredService<Deliveries>().Queue;
        while (await CountAsync(posts, static line => line.State is PublishState.Queued or PublishState.Waiting) > 0 || await queue.NextDueAsync() is not null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
        }

        var odd = await CountAsync(posts, static line => line.State != PublishState.Sent && !(line is { Network: "webhook", State: PublishState.Unknown }));
        var all = await CountAsync(posts, static _ => true);
        Console.WriteLine(odd == 0 && all == shares * 5 ? $"settled {await CountAsync(posts, static line => line.State == PublishState.Unknown)}" : $"{odd} of {all} lines are not sent");
        return 0;
    }

    static WebApplication Build(string folder, int port, bool works)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddSharing(sharing => sharing
            .UseFolder(folder)
            .WithFetching(static fetching =>
            {
                fetching.Configured.Add("127.0.0.1");
                fetching.Configured.Add("localhost");
            })
            .WithBackgroundWork(works)
            .AddDownloadServer(static offline => (offline.PublishTimeout, offline.FetchAttempts) = (TimeSpan.FromSeconds(3), 1))
            .AddMastodon().AddBluesky().AddWebhooks().AddFeeds().AddActivityPub(options => (options.PublicAddress, options.RetryDelay) = (new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}/")), TimeSpan.FromSeconds(1))));
        var app = builder.Build();
        app.MapSharingFederation();
        return app;
    }

    /// <summary>Waits for a follower, accepts it, and leads what goes to him another way.</summary>
    static async Task LeadAsync(IRecordStore records, string inbox)
    {
        while (true)
        {
            await foreach (var follower in records.ScanAsync(RecordRange.Under("ap-follower", "anna")))
            {
                var json = JsonNode.Parse(follower.Json.Span)!;
                (json["sharedInbox"], json["inbox"]) = (inbox, inbox);
                await records.CommitAsync(new RecordBatch().Put(follower.Key, Encoding.UTF8.GetBytes(json.ToJsonString()), follower.Version));
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    static ShareRequest RequestOf(int i) => new()
    {
        Resource = new() { Address = new Uri("http://127.0.0.1:9/film.mkv"), Name = "film.mkv" },
        Audience = Audience.Everyone,
        Text = string.Create(CultureInfo.InvariantCulture, $"share {i} of many"),
        Key = string.Create(CultureInfo.InvariantCulture, $"key {i}"),
    };

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
