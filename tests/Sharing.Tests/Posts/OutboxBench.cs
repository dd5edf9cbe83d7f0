using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.Offline;
using Sharing.Testing;

namespace Sharing.Tests.Posts;

/// <summary>A download server's posting side on a clock that stands still, over records that outlive it.</summary>
sealed class OutboxBench
{
    public static readonly PersonId Anna = PersonId.Parse("anna");

    public FakeTimeProvider Time { get; } = new();

    public WatchingRecordStore Records { get; }

    public List<ISocialPublisher> Publishers { get; } = [];

    public OfflineOptions Options { get; } = new();

    public Outbox Outbox { get; private set; } = null!;

    public RecordPosts Posts { get; private set; } = null!;

    public RecordAccounts Accounts { get; private set; } = null!;

    public RelationshipStore Relationships { get; }

    public OfflineLibrary Library { get; }

    public OutboxBench(IRecordStore? records = null)
    {
        Records = new(records ?? new MemoryRecordStore());
        Relationships = new(Records);
        var contents = new MemoryContentStore(Time);
        Library = new(Records, Records, contents, new(Records, contents, Time), Microsoft.Extensions.Options.Options.Create(Options), Time);
    }

    /// <summary>A faulty network that can look where its kind must, or where it is told to; Anna is connected to it.</summary>
    public async Task<FaultyNetwork> AddAsync(RetrySafety retry, string network = "faulty", bool looks = false, bool connect = true, bool canUpdate = false)
    {
        var made = looks || retry == RetrySafety.LookFirst ? new SearchableNetwork(retry, Time) : new FaultyNetwork(retry, Time);
        made.Traits = made.Traits with { Network = network, CanUpdate = canUpdate };
        Publishers.Add(made);
        Restart();
        if (connect)
        {
            await Accounts.ConnectAsync(Anna, network, "secret");
        }

        return made;
    }

    /// <summary>A new process over the same records.</summary>
    public void Restart()
    {
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        Outbox = new(Records, Publishers, new DownloadServerLinks(options), options, Time, NullLogger<Outbox>.Instance);
        Posts = new(Records, Outbox, new(Records, Library, Time), Library, new(Relationships), new DownloadServerLinks(options), Time);
        Accounts = new(Records, Outbox);
    }

    public Task<SharedPost> ShareAsync(Audience? audience = null, string? key = null, string text = "a film") => Posts.ShareAsync(Anna, new()
    {
        Resource = new() { Address = new("https://origin.example.org/film.mkv"), Name = "film.mkv" },
        Audience = audience ?? Audience.Everyone,
        Text = text,
        Key = key,
    });

    /// <summary>Does all that is due now.</summary>
    public async Task RunAsync(string network = "faulty")
    {
        while (await Outbox.RunOnceAsync(network))
        {
        }
    }

    /// <summary>Goes on, as time passes, for some hours.</summary>
    public async Task RunForAsync(TimeSpan span, string network = "faulty")
    {
        for (var end = Time.GetUtcNow() + span; Time.GetUtcNow() < end; Time.Advance(TimeSpan.FromMinutes(1)))
        {
            await RunAsync(network);
        }

        await RunAsync(network);
    }

    public async Task<LedgerLine> LineAsync(PostId post, string network = "faulty") =>
        (await Posts.FindAsync(Anna, post))!.Ledger!.Single(line => line.Network == network);

    /// <summary>The state of a line also of a post that was withdrawn: as an operator reads it in the records.</summary>
    public async Task<PublishState?> StateAsync(PostId post, string network = "faulty")
    {
        if (await Records.GetAsync(RecordKey.Of("ledger", post.Value, network)) is not { } record)
        {
            return null;
        }

        using var json = System.Text.Json.JsonDocument.Parse(record.Json);
        return Enum.Parse<PublishState>(json.RootElement.GetProperty("line").GetProperty("state").GetString()!, ignoreCase: true);
    }
}
