using Sharing.Core;
using Sharing.Sqlite;
using Sharing.Testing;
using Sharing.Trials.Scripted;

namespace Sharing.Trials.Races;

/// <summary>A writer, or a sweep, that stands still between any two of its calls, as a process does that was stopped, while another goes on. Over a folder and SQLite, or wherever it is told.</summary>
sealed class HeldCourse : IAsyncDisposable
{
    static readonly TimeSpan s_lease = TimeSpan.FromMinutes(1);

    readonly string _folder = Directory.CreateTempSubdirectory("sharing-held-").FullName;
    readonly FakeTimeProvider _clock = new();
    readonly FaultPlan _plan = new();
    readonly byte[] _bytes;
    readonly ContentInfo _info;
    readonly IRecordStore _database;
    readonly IContentStore _contents;
    readonly bool _owned;
    readonly FaultyRecordStore _records;
    readonly FaultyContentStore _store;
    readonly ContentReferences _references;

    public HeldCourse(Random random, (IRecordStore Records, IRaceGround Ground)? place = null)
    {
        _bytes = Samples.Random(random.Next(), random.Next(1, 200_000));
        _info = new(Samples.IdOf(_bytes), _bytes.Length);
        _owned = place is null;
        _database = place?.Records ?? new SqliteRecordStore(new SqliteOptions { Path = Path.Combine(_folder, "records.db") });
        _contents = place?.Ground.Open(_database, _clock) ?? new FolderContentStore(Path.Combine(_folder, "contents"), _clock);
        _records = new(_database, _plan);
        _store = new(_contents, _plan);
        _references = new(_records, _store, _clock);
    }

    /// <summary>The writer stops at a call of his: after that a month of sweeps goes by. He is told "no", or has his bytes.</summary>
    /// <returns>What is wrong, or <c>null</c>; and the call.</returns>
    public async Task<(string? Failure, string At)> WriterAsync(Random random, CancellationToken cancellationToken)
    {
        if (random.Next(3) is > 0 and var beginning)
        {
            await PutAsync();
            await CommitAsync("earlier");
            if (beginning == 2)
            {
                await _records.ChangeAsync(async batch =>
                {
                    await _references.RemoveAsync(batch, _info.Id, "earlier", cancellationToken);
                    return true;
                }, cancellationToken);
            }
        }

        var (at, go) = (new TaskCompletionSource<string>(), new TaskCompletionSource());
        Hold("*", random.Next(1, 11), at, go);
        var writing = Task.Run(WriteAsync, cancellationToken);
        await Task.WhenAny(at.Task, writing);
        _plan.Clear(); // if he has ended nobody else is to be held
        for (var sweeps = random.Next(1, 4); sweeps > 0; sweeps--)
        {
            _clock.Advance(TimeSpan.FromDays(30));
            await _references.SweepAsync(_ => { }, cancellationToken: cancellationToken);
        }

        go.SetResult();
        var told = await writing;
        if (!told)
        {
            told = await WriteAsync(); // sent again
        }

        _clock.Advance(TimeSpan.FromDays(30));
        await _references.SweepAsync(_ => { }, cancellationToken: cancellationToken);
        var where = at.Task.IsCompletedSuccessfully ? await at.Task : "nowhere";
        return (told && !await IsWholeAsync() ? "The bytes of a committed reference are lost." : told ? null : "The writer never got through.", where);

        async Task<bool> WriteAsync()
        {
            await PutAsync();
            return await CommitAsync("mine");
        }
    }

    /// <summary>A sweep stops at a commit until its lease has run out and another host has it: woken up, it is refused by its fencing token.</summary>
    public async Task<string?> SweepAsync(Random random, CancellationToken cancellationToken)
    {
        var elsewhere = new FakeTimeProvider(_clock.GetUtcNow());
        for (var orphan = 0; orphan < 4; orphan++)
        {
            await _contents.PutAsync(new MemoryStream(Samples.Random(random.Next(), 70_000)), cancellationToken: cancellationToken);
        }

        var mine = await new Leases(_database, _clock).TryAcquireAsync("sweep", s_lease, cancellationToken)
            ?? throw new InvalidOperationException("The lease is not free.");
        var (at, go) = (new TaskCompletionSource<string>(), new TaskCompletionSource());
        Hold("records.commit", random.Next(1, 5), at, go);
        var sweeping = _references.SweepAsync(mine.Guard, cancellationToken: cancellationToken);
        await at.Task.WaitAsync(TimeSpan.FromSeconds(100), TimeProvider.System, cancellationToken);
        elsewhere.Advance(2 * s_lease);
        await using var theirs = await new Leases(_database, elsewhere).TryAcquireAsync("sweep", s_lease, cancellationToken);
        go.SetResult();
        if (theirs is null)
        {
            return "A lease that ran out cannot be had.";
        }

        try
        {
            await sweeping;
            return "A sweep without a lease was not refused.";
        }
        catch (SharingException problem) when (problem.Code == ProblemCodes.Conflict)
        {
            var outcome = await _references.SweepAsync(theirs.Guard, cancellationToken: cancellationToken);
            return outcome.Adopted is >= 1 and <= 4 ? null : $"The next sweep found {outcome.Adopted} contents that nobody refers to.";
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ((IAsyncDisposable)_contents).DisposeAsync();
        if (_owned)
        {
            await ((IAsyncDisposable)_database).DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    void Hold(string operation, int nth, TaskCompletionSource<string> at, TaskCompletionSource go)
    {
        var last = "";
        _plan.Visit = name =>
        {
            last = name;
            return Task.CompletedTask;
        };
        _plan.Add(operation, Fault.After(() =>
        {
            at.SetResult(last);
            return go.Task;
        }), nth);
    }

    async Task PutAsync()
    {
        await using var partial = await _store.OpenPartialAsync($"put-{Guid.NewGuid():n}");
        var info = await WriteAsync(partial);
        await partial.PublishAsync(info);
    }

    async Task<ContentInfo> WriteAsync(IPartialContent partial)
    {
        var writer = new ContentWriter(partial);
        await writer.AppendAsync(_bytes);
        return await writer.FinishAsync();
    }

    async Task<bool> CommitAsync(string owner)
    {
        var batch = new RecordBatch();
        return await _references.AddAsync(batch, _info, owner) && (await _records.CommitAsync(batch)).Committed;
    }

    async Task<bool> IsWholeAsync() =>
        await _contents.FindAsync(_info.Id) is { } info && (await Samples.ReadAsync(_contents, info)).AsSpan().SequenceEqual(_bytes);
}
