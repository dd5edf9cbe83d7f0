using System.Globalization;
using Sharing.Core;
using Sharing.Testing;

namespace Sharing.Tests.Content;

public sealed class ContentReferencesTests : ContentReferencesFixture
{
    static readonly SweepOptions s_hour = new() { Grace = TimeSpan.FromHours(1) };

    [Fact]
    public async Task The_first_reference_makes_the_record_and_the_last_condemns_the_content_in_the_same_commit()
    {
        await PublishAndAddAsync(1, "post/1");
        Assert.Equal("""{"length":11,"references":1,"state":"live"}""", await RecordOfAsync(1));
        await AddAsync(1, "post/2");
        Assert.Equal("""{"length":11,"references":2,"state":"live"}""", await RecordOfAsync(1));
        await RemoveAsync(1, "post/1");
        Assert.Equal("""{"length":11,"references":1,"state":"live"}""", await RecordOfAsync(1));

        var batch = new RecordBatch();
        await References.RemoveAsync(batch, Info(1).Id, "post/2");
        Assert.Equal(["content", "content-condemned", "reference"], batch.Changes.Select(static change => change.Key.Kind).Order(StringComparer.Ordinal));
        await Records.CommitAsync(batch);
        Assert.Equal(
            """{"length":11,"references":0,"state":"condemned","condemnedAt":"2026-01-01T00:00:00+00:00"}""", await RecordOfAsync(1));
        Assert.Equal(0, await CountAsync("reference"));
    }

    [Fact]
    public async Task Adding_again_and_removing_again_change_nothing()
    {
        await PublishAndAddAsync(1);
        var record = await RecordOfAsync(1);
        Assert.True(await AddAsync(1));
        Assert.Equal(record, await RecordOfAsync(1));
        await RemoveAsync(1);
        record = await RecordOfAsync(1);
        Clock.Pass(Day);
        await RemoveAsync(1);
        Assert.Equal(record, await RecordOfAsync(1));
    }

    [Fact]
    public async Task A_batch_happens_only_while_what_it_was_built_on_is_so()
    {
        await PublishAndAddAsync(1);
        var again = new RecordBatch();
        await References.AddAsync(again, Info(1), "a");
        var other = new RecordBatch();
        await References.AddAsync(other, Info(1), "b");
        var remove = new RecordBatch();
        await References.RemoveAsync(remove, Info(1).Id, "c");

        await RemoveAsync(1, "a");
        Assert.False((await Records.CommitAsync(again)).Committed);
        Assert.False((await Records.CommitAsync(other)).Committed);
        await AddAsync(1, "c");
        Assert.False((await Records.CommitAsync(remove)).Committed);
    }

    [Fact]
    public async Task Bytes_that_are_not_there_cannot_be_referred_to() => Assert.False(await AddAsync(1));

    [Fact]
    public async Task What_nobody_refers_to_is_deleted_after_the_grace_and_not_before()
    {
        await PublishAndAddAsync(1);
        await PublishAndAddAsync(2);
        await RemoveAsync(1);
        await SweepAsync();
        Clock.Pass(Day);
        Assert.Equal(0, (await SweepAsync()).Deleted);
        Assert.True(await IsStoredAsync(1));

        Clock.Pass(Tick);
        Assert.Equal(new(Deleted: 1, Failed: 0, Bytes: 11, Adopted: 0, PartialsDropped: 0, Capped: false), await SweepAsync());
        Assert.False(await IsStoredAsync(1));
        Assert.Null(await RecordOfAsync(1));
        Assert.True(await IsStoredAsync(2));
        Assert.False(await AddAsync(1));
        await PublishAndAddAsync(1);
    }

    [Fact]
    public async Task After_the_first_a_sweep_looks_only_at_what_is_due_until_a_day_has_passed()
    {
        for (var n = 1; n <= 40; n++)
        {
            await PublishAndAddAsync(n);
        }

        await SweepAsync(s_hour);
        await RemoveAsync(7);
        Clock.Pass(TimeSpan.FromHours(1) + Tick);
        var (listed, read) = (Plan.CountOf("content.list"), Plan.CountOf("records.get"));
        Assert.Equal((1, 0), await SweptAsync());
        Assert.InRange(Plan.CountOf("records.get") - read, 1, 5); // 39 are still there
        await PublishAsync(50);
        Assert.Equal((0, 0), await SweptAsync());
        Assert.Equal((1, listed), (listed, Plan.CountOf("content.list")));
        Clock.Pass(Day);
        Assert.Equal((0, 1), await SweptAsync());

        async Task<(int Deleted, int Adopted)> SweptAsync()
        {
            var outcome = await SweepAsync(s_hour);
            return (outcome.Deleted, outcome.Adopted);
        }
    }

    [Fact]
    public async Task What_a_host_of_an_older_version_condemned_or_revived_without_a_mark_is_found()
    {
        await PublishAndAddAsync(1);
        await PublishAndAddAsync(2);
        await RemoveAsync(1);
        await RemoveAsync(2);
        var marks = await Records.ScanAsync(RecordRange.Under("content-condemned")).ToListAsync();
        await Records.CommitAsync(new RecordBatch().Delete(marks.Single(static mark => mark.Key.Part(1) == Info(1).Id.ToString()).Key, RecordBatch.Any)
            .Put(RecordKey.Of("content", Info(2).Id.ToString()), """{"length":12,"references":1,"state":"live"}"""u8.ToArray(), RecordBatch.Any));
        await SweepAsync(); // the first looks at everything, and may not yet trust its clock
        Assert.Equal(1, (await SweepNextDayAsync()).Deleted);
        Assert.Equal((false, true), (await IsStoredAsync(1), await IsStoredAsync(2)));
        Assert.Equal(0, await CountAsync("content-condemned"));
    }

    [Fact]
    public async Task A_reference_revives_what_was_condemned_in_its_own_commit()
    {
        await PublishAndAddAsync(1);
        await RemoveAsync(1);
        Clock.Pass(Day * 3);
        Assert.True(await AddAsync(1, "b"));
        Assert.Equal("""{"length":11,"references":1,"state":"live"}""", await RecordOfAsync(1));
        await SweepNextDayAsync();
        Assert.True(await IsStoredAsync(1));
    }

    [Fact]
    public async Task What_was_published_and_never_referred_to_is_condemned_first_and_deleted_a_grace_later()
    {
        await PublishAsync(1);
        Clock.Pass(Day * 30);
        Assert.Equal(1, (await SweepAsync()).Adopted);
        Assert.True(await IsStoredAsync(1));
        Clock.Pass(Day);
        Assert.Equal(0, (await SweepAsync()).Deleted);
        Clock.Pass(Tick);
        Assert.Equal(1, (await SweepAsync()).Deleted);
        Assert.False(await IsStoredAsync(1));
    }

    [Fact]
    public async Task What_was_adopted_can_be_referred_to_until_it_is_deleted()
    {
        await PublishAsync(1);
        await SweepAsync();
        Clock.Pass(Day * 2);
        Assert.True(await AddAsync(1));
        await SweepNextDayAsync();
        Assert.True(await IsStoredAsync(1));
    }

    [Theory]
    [InlineData(FaultKind.Failing)]
    [InlineData(FaultKind.LosingAnswer)]
    public async Task A_deletion_that_was_cut_off_is_ended_by_the_next_sweep_after_a_restart(FaultKind kind)
    {
        await PublishAndAddAsync(1);
        await RemoveAsync(1);
        Plan.Add("content.delete", kind == FaultKind.Failing ? Fault.Failing(CutOff) : Fault.LosingAnswer(CutOff));
        await Assert.ThrowsAsync<InvalidOperationException>(SweepNextDayAsync);
        References = Restarted();
        Assert.Contains("deleting", await RecordOfAsync(1), StringComparison.Ordinal);
        Assert.False(await AddAsync(1));

        Assert.Equal(1, (await SweepAsync()).Deleted);
        Assert.Null(await RecordOfAsync(1));
        await PublishAndAddAsync(1);

        static Exception CutOff() => new InvalidOperationException("cut off");
    }

    [Fact]
    public async Task Bytes_that_cannot_be_deleted_hold_up_no_others_and_are_tried_again()
    {
        foreach (var n in (int[])[1, 2, 3])
        {
            await PublishAndAddAsync(n);
            await RemoveAsync(n);
        }

        Plan.Add("content.delete", Fault.Failing());
        var outcome = await SweepNextDayAsync();
        Assert.Equal((2, 1), (outcome.Deleted, outcome.Failed));
        outcome = await SweepAsync();
        Assert.Equal((1, 0), (outcome.Deleted, outcome.Failed));
        Assert.Equal(0, await CountAsync("content"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whoever_lost_his_lease_changes_nothing_more(int commit)
    {
        await PublishAndAddAsync(1);
        await RemoveAsync(1);
        await PublishAsync(2);
        Clock.Pass(Day + Tick);
        var lease = RecordKey.Of("lease");
        var held = (await Records.CommitAsync(new RecordBatch().Put(lease, "{}"u8.ToArray(), RecordBatch.Any))).Version;
        Plan.Add("records.commit", Fault.After(async () => await Records.CommitAsync(new RecordBatch().Put(lease, "{}"u8.ToArray(), RecordBatch.Any))), commit);

        var problem = await Assert.ThrowsAsync<SharingException>(() => References.SweepAsync(batch => batch.Check(lease, held)));
        Assert.Equal(ProblemCodes.Conflict, problem.Code);
        Assert.Equal(commit == 1, await RecordOfAsync(2) is null); // adopted by the first commit
        Assert.Equal(commit < 3, await IsStoredAsync(1)); // deleted between the second and the third
        Assert.NotNull(await RecordOfAsync(1));
    }

    [Fact]
    public async Task A_stopped_sweep_stops()
    {
        await PublishAndAddAsync(1);
        await RemoveAsync(1);
        Clock.Pass(Day * 2);
        using var lost = new CancellationTokenSource();
        Plan.Add("records.commit", Fault.After(lost.CancelAsync));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => References.SweepAsync(_ => { }, null, lost.Token));
        Assert.True(await IsStoredAsync(1));
    }

    [Fact]
    public async Task Stale_partials_are_dropped_and_open_or_fresh_ones_are_kept()
    {
        await using (await Store.OpenPartialAsync("stale"))
        {
        }

        await using var open = await Store.OpenPartialAsync("open");
        Clock.Pass(Day * 7);
        await using (await Store.OpenPartialAsync("fresh"))
        {
        }

        Assert.Equal(0, (await SweepAsync()).PartialsDropped);
        Clock.Pass(Tick);
        Assert.Equal(1, (await SweepAsync()).PartialsDropped);
        List<string> left = [];
        await foreach (var partial in Store.ListPartialsAsync())
        {
            left.Add(partial.Key);
        }

        Assert.Equal(["fresh", "open"], left.Order());
    }

    [Fact]
    public async Task A_clock_that_jumped_cannot_empty_the_store_in_one_sweep()
    {
        var options = new SweepOptions { AtLeast = 2, Share = 0.1 };
        for (var n = 1; n <= 40; n++)
        {
            await PublishAndAddAsync(n);
            await RemoveAsync(n);
            await using var partial = await Store.OpenPartialAsync("partial-" + n.ToString(CultureInfo.InvariantCulture));
        }

        await SweepAsync(options);
        Clock.Jump(Day * 3650);
        var outcome = await SweepAsync(options);
        Assert.Equal((4, 4, true), (outcome.Deleted, outcome.PartialsDropped, outcome.Capped));

        // A host that has just started knows nothing of the clock either.
        References = Restarted();
        outcome = await SweepAsync(options);
        Assert.Equal((3, 3, true), (outcome.Deleted, outcome.PartialsDropped, outcome.Capped));
        Clock.Pass(TimeSpan.FromHours(1));
        outcome = await SweepAsync(options);
        Assert.Equal((33, 33, false), (outcome.Deleted, outcome.PartialsDropped, outcome.Capped));
    }

    [Fact]
    public async Task A_small_store_is_swept_whole_even_when_the_clock_cannot_be_trusted()
    {
        await PublishAndAddAsync(1);
        await RemoveAsync(1);
        Clock.Jump(Day * 2);
        Assert.Equal(1, (await SweepAsync()).Deleted);
    }

    [Fact]
    public async Task What_was_condemned_under_a_clock_that_was_ahead_goes_a_grace_after_it_was_set_right()
    {
        Clock.Jump(Day * 3650);
        await PublishAndAddAsync(1);
        await RemoveAsync(1);
        Clock.Jump(-Day * 3650);
        await SweepAsync();
        Assert.Equal(1, (await SweepNextDayAsync()).Deleted);
    }

    [Fact]
    public async Task Options_that_make_no_sense_are_refused()
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => SweepAsync(new() { Grace = -Tick }));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => SweepAsync(new() { PartialAge = -Tick }));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => SweepAsync(new() { Share = 0 }));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => SweepAsync(new() { AtLeast = -1 }));
    }
}
