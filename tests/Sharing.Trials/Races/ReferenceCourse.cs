using System.Text;
using Sharing.Core;
using Sharing.Testing;

namespace Sharing.Trials.Races;

/// <summary>Writers, removers and sweeps of one content, in turns. Whoever was told "committed" finds his bytes, and what nobody refers to goes.</summary>
sealed class ReferenceCourse
{
    static readonly TimeSpan s_day = TimeSpan.FromDays(1) + TimeSpan.FromTicks(1);
    static readonly ContentInfo s_info = new(new(Enumerable.Repeat((byte)1, ContentId.Size).ToArray()), 11);

    /// <summary>The calls that change something, and the look for the bytes.</summary>
    static readonly string[] s_changes = ["partial.publish", "content.find", "records.commit", "content.delete", "content.delete-done", "content.delete-bytes"];

    static readonly string[] s_all = [.. s_changes, "records.get", "records.scan", "content.list"];

    readonly FakeTimeProvider _clock = new();
    readonly FaultPlan _plan = new();
    readonly Told _told;
    readonly FaultyRecordStore _records;
    readonly FaultyContentStore _store;
    readonly ContentReferences _references;
    bool _committed;

    ReferenceCourse(IRaceGround ground, IRecordStore records)
    {
        _told = new(records);
        _records = new(_told, _plan);
        _store = new(ground.Open(_told, _clock), _plan);
        _references = new(_records, _store, _clock);
    }

    public enum Beginning
    {
        Nothing,
        Orphan,
        CondemnedLongAgo,
    }

    /// <summary>A writer who tries once against sweeps a day apart.</summary>
    public static async Task WriterAndSweepsAsync(Interleaving turns, Beginning beginning, int sweeps, bool everyCall, Action? committed = null, IRaceGround? ground = null)
    {
        var course = await OnAsync(ground);
        await course.BeginAsync(beginning);
        course.StepAt(turns, everyCall);
        await turns.RunAsync(("writer", () => course.WriteAsync(rounds: 1)), ("sweep", () => course.SweepAsync(turns, sweeps)));
        await course.EndAsync();
        if (course._committed)
        {
            committed?.Invoke();
        }
    }

    /// <summary>The last reference goes while another is made, and sweeps run: the writer tries twice.</summary>
    public static async Task RemoverWriterAndSweepsAsync(Interleaving turns, int sweeps, IRaceGround? ground = null)
    {
        var course = await OnAsync(ground);
        await course.PublishAsync();
        await course.AddAsync("old");
        course.StepAt(turns, everyCall: false);
        await turns.RunAsync(("remover", course.RemoveAsync), ("writer", () => course.WriteAsync(rounds: 2)), ("sweep", () => course.SweepAsync(turns, sweeps)));
        await course.EndAsync();
    }

    /// <summary>The lease of a sweep is taken over while it runs: from there on it changes no record.</summary>
    public static async Task LostLeaseAsync(Interleaving turns, IRaceGround? ground = null)
    {
        var course = await OnAsync(ground);
        await course.BeginAsync(Beginning.CondemnedLongAgo);
        var lease = RecordKey.Of("lease");
        var held = (await course._records.CommitAsync(new RecordBatch().Put(lease, "{}"u8.ToArray(), RecordBatch.Any))).Version;
        var (stolen, late) = (false, false);
        course._told.Committed = batch => late |= stolen
            && batch.Changes.Any(static change => change.Key.Kind is "content" or "content-deletions") && !batch.Changes.Any(static change => change.Key.Kind == "reference"); // the writer's have one
        course.StepAt(turns, everyCall: false);
        await turns.RunAsync(("sweep", SweepAsync), ("thief", StealAsync), ("writer", () => course.WriteAsync(rounds: 1)));
        Require(!late, "A sweep whose lease was gone went on.");
        await course.EndAsync();

        async Task SweepAsync()
        {
            try
            {
                course._clock.Advance(s_day);
                await course._references.SweepAsync(batch => batch.Check(lease, held));
            }
            catch (SharingException problem) when (problem.Code == ProblemCodes.Conflict)
            {
                return; // it was refused, and said so
            }
        }

        async Task StealAsync()
        {
            stolen = (await course._records.CommitAsync(new RecordBatch().Put(lease, "{}"u8.ToArray(), RecordBatch.Any))).Committed;
        }
    }

    /// <summary>A sweep that stood still while its lease was taken over by another host, which sweeps on, and while a writer brings the same bytes again.</summary>
    public static async Task TwoSweepersAsync(Interleaving turns, IRaceGround ground)
    {
        var course = await OnAsync(ground);
        await course.BeginAsync(Beginning.CondemnedLongAgo);
        var lease = RecordKey.Of("lease");
        var held = (await course._records.CommitAsync(new RecordBatch().Put(lease, "{}"u8.ToArray(), RecordBatch.Any))).Version;
        var elsewhere = new ContentReferences(course._records, course._store, course._clock);
        course._clock.Advance(s_day);
        course.StepAt(turns, everyCall: false);
        await turns.RunAsync(("sweep", () => SweepAsync(course._references, held)), ("heir", InheritAsync), ("writer", () => course.WriteAsync(rounds: 3)));
        await course.EndAsync();

        async Task InheritAsync() =>
            await SweepAsync(elsewhere, (await course._records.CommitAsync(new RecordBatch().Put(lease, "{}"u8.ToArray(), RecordBatch.Any))).Version);

        async Task SweepAsync(ContentReferences references, long version)
        {
            try
            {
                await references.SweepAsync(batch => batch.Check(lease, version));
            }
            catch (SharingException problem) when (problem.Code == ProblemCodes.Conflict)
            {
                return; // it was refused, and said so
            }
        }
    }

    static async Task<ReferenceCourse> OnAsync(IRaceGround? ground)
    {
        ground ??= MemoryGround.Only;
        return new(ground, await ground.ClearAsync());
    }

    void StepAt(Interleaving turns, bool everyCall)
    {
        var names = everyCall ? s_all : s_changes;
        _plan.Visit = name => names.Contains(name, StringComparer.Ordinal) ? turns.StepAsync(name) : Task.CompletedTask;
    }

    async Task BeginAsync(Beginning beginning)
    {
        if (beginning != Beginning.Nothing)
        {
            await PublishAsync();
        }

        if (beginning == Beginning.CondemnedLongAgo)
        {
            await AddAsync("earlier");
            await RemoveAsync("earlier");
        }
    }

    async Task PublishAsync()
    {
        await using var partial = await _store.OpenPartialAsync($"p-{Guid.NewGuid():n}");
        await partial.WriteAsync(ContentArea.Data, 0, new byte[s_info.Length]);
        await partial.WriteAsync(ContentArea.Groups, 0, new byte[32]);
        await partial.PublishAsync(s_info);
    }

    async Task AddAsync(string owner) => await _records.ChangeAsync(async batch =>
        await _references.AddAsync(batch, s_info, owner) ? true : throw new InvalidOperationException("Just published, and not there."));

    Task RemoveAsync() => RemoveAsync("old");

    Task RemoveAsync(string owner) => _records.ChangeAsync(async batch =>
    {
        await _references.RemoveAsync(batch, s_info.Id, owner);
        return true;
    });

    /// <summary>Publishes, refers, commits, and begins anew where he is told to.</summary>
    async Task WriteAsync(int rounds)
    {
        for (var round = 0; round < rounds && !_committed; round++)
        {
            await PublishAsync();
            var batch = new RecordBatch();
            _committed = await _references.AddAsync(batch, s_info, "new") && (await _records.CommitAsync(batch)).Committed;
        }
    }

    async Task SweepAsync(Interleaving turns, int sweeps)
    {
        for (var day = 0; day < sweeps; day++)
        {
            await turns.StepAsync("sweep");
            await SweepNextDayAsync();
        }
    }

    Task<SweepOutcome> SweepNextDayAsync()
    {
        _clock.Advance(s_day);
        return _references.SweepAsync(_ => { });
    }

    async Task EndAsync()
    {
        _plan.Visit = null;
        await SweepNextDayAsync();
        await SweepNextDayAsync();
        await SweepNextDayAsync();
        var (stored, record) = (await _store.FindAsync(s_info.Id) is not null, await _records.GetAsync(RecordKey.Of("content", s_info.Id.ToString())));
        if (_committed)
        {
            Require(stored, "The bytes of a committed reference are lost.");
            Require(record is not null && Encoding.UTF8.GetString(record.Json.Span).Contains("live", StringComparison.Ordinal), "A content that is referred to is not live.");
        }
        else
        {
            Require(!stored && record is null, "What nobody refers to was left behind.");
        }
    }

    static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }

    /// <summary>Records that tell what was committed, at that moment.</summary>
    sealed class Told(IRecordStore inner) : IRecordStore
    {
        public Action<RecordBatch>? Committed { get; set; }

        public ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default) => inner.GetAsync(key, cancellationToken);

        public IAsyncEnumerable<Record> ScanAsync(RecordRange range, CancellationToken cancellationToken = default) => inner.ScanAsync(range, cancellationToken);

        public async ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default)
        {
            var outcome = await inner.CommitAsync(batch, cancellationToken);
            if (outcome.Committed)
            {
                Committed?.Invoke(batch);
            }

            return outcome;
        }
    }
}
