using Sharing.Core;
using Sharing.Testing;
using Sharing.Trials.Races;

namespace Sharing.Tests.Uploads;

/// <summary>Room: nobody gets more than his, and what is given back is given back once.</summary>
public sealed class UploadSpaceTests
{
    readonly UploadBench _bench = new();

    [Fact]
    public async Task Of_64_that_race_for_the_room_of_10_exactly_10_get_in_and_the_others_leave_nothing_behind() =>
        await Interleaving.SampleAsync(static turns => RoomCourse.RunAsync(turns, racers: 64, places: 10), 10, seed: 1, TestContext.Current.CancellationToken);

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(3, 2)]
    public async Task In_whatever_order_they_race_for_room_as_many_get_in_as_there_are_places(int racers, int places) =>
        Assert.InRange(await Interleaving.AllAsync(turns => RoomCourse.RunAsync(turns, racers, places), cancellationToken: TestContext.Current.CancellationToken), 2, int.MaxValue);

    [Fact]
    public async Task One_persons_room_is_not_anothers()
    {
        _bench.Options.SpacePerPerson = 1000;
        await _bench.CreateAsync(1000);
        await _bench.CreateAsync(1000, UploadBench.Ben);
        await Assert.ThrowsAsync<SharingException>(() => _bench.CreateAsync(1));
    }

    [Fact]
    public async Task Whatever_is_begun_appended_ended_and_swept_at_once_the_recount_fits()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            var id = await _bench.CreateAsync(1000 + i);
            if (i % 2 == 0)
            {
                await _bench.AppendAsync(id, 0, UploadBench.Sample(i % 4 == 0 ? 1000 + i : 500, i));
            }

            if (i % 3 == 0)
            {
                await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => _bench.Uploads.TerminateAsync(UploadBench.Anna, "things", id)));
            }
        })));
        // A complete upload that was ended is only forgotten: what its system has made of it keeps its room.
        var forgotten = Enumerable.Range(0, 40).Where(i => i % 4 == 0 && i % 3 == 0).Sum(i => 1000L + i);
        var (ledger, counted) = await _bench.CountAsync(UploadBench.Anna);
        Assert.Equal(counted + forgotten, ledger);
        _bench.Clock.Advance(TimeSpan.FromDays(8));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(_bench.SweepAsync)));
        Assert.Equal(Enumerable.Range(0, 40).Where(i => i % 4 == 0).Sum(i => 1000L + i), await _bench.Space.UsedAsync(UploadBench.Anna));
        Assert.Equal(0, await CountAsync(RecordRange.Under("upload")));
    }

    [Fact]
    public async Task What_has_expired_goes_with_its_bytes_and_its_room_and_nothing_else_does()
    {
        var (left, alive, done) = (await _bench.CreateAsync(1000), await _bench.CreateAsync(1000), await _bench.CreateAsync(10));
        await _bench.AppendAsync(left, 0, new byte[10]);
        await _bench.AppendAsync(done, 0, new byte[10]);
        _bench.Clock.Advance(TimeSpan.FromDays(4));
        await _bench.AppendAsync(alive, 0, new byte[10]); // which moves its end on
        _bench.Clock.Advance(TimeSpan.FromDays(3.5));
        Assert.Equal(ProblemCodes.UploadExpired, (await Assert.ThrowsAsync<SharingException>(() => _bench.FindAsync(left))).Code);
        Assert.Null(await _bench.FindAsync(left, UploadBench.Ben));
        await _bench.SweepAsync();
        Assert.Null(await _bench.FindAsync(left));
        Assert.Null(await _bench.FindAsync(done));
        Assert.Equal(10, (await _bench.FindAsync(alive))!.Offset);
        Assert.Equal(1010, await _bench.Space.UsedAsync(UploadBench.Anna));
        var partials = new List<string>();
        await foreach (var partial in ((IPartialListing)_bench.Store).ListPartialsAsync())
        {
            partials.Add(partial.Key);
        }

        Assert.Equal([UploadKeys.Partial(alive)], partials);
        Assert.NotNull(await _bench.Records.GetAsync(RecordKey.Of("kept", done.Value)));
    }

    [Fact]
    public async Task The_sweep_of_stale_partials_leaves_the_bytes_of_an_upload_that_has_not_expired_and_nothing_beside_them()
    {
        _bench.Options.Expiration = TimeSpan.FromDays(60);
        var id = await _bench.CreateAsync(1000);
        await _bench.AppendAsync(id, 0, new byte[10]);
        foreach (var key in new[] { "upload-" + UploadId.New(), "upload-x", "other", UploadKeys.Staged(id) })
        {
            await (await _bench.Store.OpenPartialAsync(key)).DisposeAsync();
        }

        await _bench.References.SweepAsync(static _ => { });
        _bench.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(4, (await _bench.References.SweepAsync(static _ => { })).PartialsDropped);
        Assert.Equal(10, (await _bench.FindAsync(id))!.Offset);
    }

    [Fact(Timeout = 100_000)]
    public async Task A_sweep_leaves_alone_what_somebody_is_at()
    {
        var id = await _bench.CreateAsync(1000);
        var trickle = new UploadBench.Trickle();
        var running = _bench.Uploads.AppendAsync(UploadBench.Anna, "things", id, new(0, trickle));
        await trickle.Waiting.Task;
        _bench.Clock.SetWallClock(_bench.Clock.GetUtcNow() + TimeSpan.FromDays(8));
        await _bench.SweepAsync();
        trickle.Send(new byte[1000]);
        trickle.End();
        Assert.True((await running)!.IsComplete);
    }

    [Theory]
    [InlineData(-1, 1, 60, 10)]
    [InlineData(0, -1, 60, 10)]
    [InlineData(0, 1, 59, 10)]
    [InlineData(0, 1, 60, 0)]
    [InlineData(0, 1, 60, 11)]
    public void Options_that_do_not_fit_are_refused(long space, long length, int expiration, int idle) => Assert.True(new UploadOptions.Validator().Validate(
        null, new() { SpacePerPerson = space, MaxLength = length, Expiration = TimeSpan.FromSeconds(expiration), IdleTimeout = TimeSpan.FromSeconds(idle) }).Failed);

    async Task<int> CountAsync(RecordRange range)
    {
        var count = 0;
        await foreach (var _ in _bench.Records.ScanAsync(range))
        {
            count++;
        }

        return count;
    }
}
