using System.Text;
using Sharing.Core;
using Sharing.Testing;

namespace Sharing.Tests.Content;

/// <summary>References over stores in memory that go wrong as planned, and the steps of the tests.</summary>
public abstract class ContentReferencesFixture
{
    private protected static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private protected static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private protected ContentReferencesFixture()
    {
        Records = new(new MemoryRecordStore(), Plan);
        Store = new(new MemoryContentStore(Clock), Plan);
        References = Restarted();
    }

    private protected TwoClocks Clock { get; } = new();

    private protected FaultPlan Plan { get; } = new();

    private protected FaultyRecordStore Records { get; }

    private protected FaultyContentStore Store { get; }

    private protected ContentReferences References { get; set; }

    private protected static ContentInfo Info(int n) => new(new(Enumerable.Repeat((byte)n, ContentId.Size).ToArray()), 10 + n);

    private protected ContentReferences Restarted() => new(Records, Store, Clock);

    private protected async Task<ContentInfo> PublishAsync(int n)
    {
        await using var partial = await Store.OpenPartialAsync($"p{n}-{Guid.NewGuid():n}");
        await partial.WriteAsync(ContentArea.Data, 0, new byte[Info(n).Length]);
        await partial.WriteAsync(ContentArea.Groups, 0, new byte[32]);
        await partial.PublishAsync(Info(n));
        return Info(n);
    }

    private protected async Task<bool> AddAsync(int n, string owner = "a")
    {
        while (true)
        {
            var batch = new RecordBatch();
            if (!await References.AddAsync(batch, Info(n), owner))
            {
                Assert.Empty(batch.Changes);
                return false;
            }

            if ((await Records.CommitAsync(batch)).Committed)
            {
                return true;
            }
        }
    }

    private protected Task RemoveAsync(int n, string owner = "a") => Records.ChangeAsync(async batch =>
    {
        await References.RemoveAsync(batch, Info(n).Id, owner);
        return true;
    });

    private protected async Task PublishAndAddAsync(int n, string owner = "a")
    {
        await PublishAsync(n);
        Assert.True(await AddAsync(n, owner));
    }

    private protected Task<SweepOutcome> SweepAsync(SweepOptions? options = null) => References.SweepAsync(_ => { }, options);

    /// <summary>A sweep that may trust its clock, a day and a tick later.</summary>
    private protected async Task<SweepOutcome> SweepNextDayAsync()
    {
        Clock.Pass(Day + Tick);
        return await SweepAsync();
    }

    private protected async Task<string?> RecordOfAsync(int n) =>
        await Records.GetAsync(RecordKey.Of("content", Info(n).Id.ToString())) is { } record ? Encoding.UTF8.GetString(record.Json.Span) : null;

    private protected async Task<bool> IsStoredAsync(int n) => await Store.FindAsync(Info(n).Id) is not null;

    private protected async Task<int> CountAsync(string kind)
    {
        var count = 0;
        await foreach (var _ in Records.ScanAsync(RecordRange.Under(kind)))
        {
            count++;
        }

        return count;
    }
}
