using System.Text;
using Xunit;

namespace Sharing.Testing;

#pragma warning disable CS1591 // the names of the tests say it
public abstract partial class RecordStoreSuite
{
    [Fact]
    public async Task A_record_that_was_never_written_is_null() => Assert.Null(await Records.GetAsync(Key("a"), Cancel));

    [Fact]
    public async Task A_committed_record_is_read_with_its_key_value_and_version()
    {
        var outcome = await Records.CommitAsync(new RecordBatch().Put(Key("a"), Json("one"), RecordBatch.Absent), Cancel);

        Assert.True(outcome.Committed);
        Assert.True(outcome.Version > 0);
        var record = await Records.GetAsync(Key("a"), Cancel);
        Assert.NotNull(record);
        Assert.Equal(Key("a"), record.Key);
        Assert.Equal(Json("one"), record.Json.ToArray());
        Assert.Equal(outcome.Version, record.Version);
    }

    [Fact]
    public async Task All_records_put_by_a_commit_have_its_version()
    {
        var outcome = await Records.CommitAsync(new RecordBatch()
            .Put(Key("a"), Json("1"), RecordBatch.Any)
            .Put(Key("b"), Json("2"), RecordBatch.Absent), Cancel);

        Assert.All(await ScanAsync(RecordRange.Under("suite")), record => Assert.Equal(outcome.Version, record.Version));
    }

    [Fact]
    public async Task Versions_grow_and_are_never_used_twice_even_when_everything_was_deleted()
    {
        List<long> versions = [];
        for (var i = 0; i < 5; i++)
        {
            versions.Add(await PutAsync(Key("a")));
            versions.Add(await PutAsync(Key("b")));
            await Records.CommitAsync(new RecordBatch().Delete(Key("a"), RecordBatch.Any).Delete(Key("b"), versions[^1]), Cancel);
            Assert.Empty(await ScanAsync(RecordRange.Under("suite")));
        }

        Assert.Equal(versions.Distinct().Order(), versions);
    }

    [Fact]
    public async Task A_put_that_expects_nothing_overwrites_whatever_is_there()
    {
        await PutAsync(Key("a"), "old");
        await PutAsync(Key("a"), "new");

        await AssertTextAsync(Key("a"), "new");
    }

    [Fact]
    public async Task A_put_that_expects_no_record_is_refused_when_there_is_one()
    {
        await PutAsync(Key("a"), "old");

        await AssertConflictAsync(Key("a"), new RecordBatch().Put(Key("a"), Json("new"), RecordBatch.Absent));
        await AssertTextAsync(Key("a"), "old");
    }

    [Fact]
    public async Task A_put_that_expects_a_version_needs_just_that_version()
    {
        var first = await PutAsync(Key("a"), "1");
        var second = await PutAsync(Key("a"), "2");

        await AssertConflictAsync(Key("a"), new RecordBatch().Put(Key("a"), Json("3"), first));
        await AssertConflictAsync(Key("a"), new RecordBatch().Put(Key("a"), Json("3"), second + 1));
        await AssertConflictAsync(Key("b"), new RecordBatch().Put(Key("b"), Json("3"), second));
        await AssertTextAsync(Key("a"), "2");
        Assert.True((await Records.CommitAsync(new RecordBatch().Put(Key("a"), Json("3"), second), Cancel)).Committed);
        await AssertTextAsync(Key("a"), "3");
    }

    [Fact]
    public async Task A_record_written_anew_after_its_deletion_does_not_have_its_old_version()
    {
        var first = await PutAsync(Key("a"));
        await Records.CommitAsync(new RecordBatch().Delete(Key("a"), first), Cancel);
        await PutAsync(Key("a"));

        await AssertConflictAsync(Key("a"), new RecordBatch().Put(Key("a"), Json("2"), first));
    }

    [Fact]
    public async Task A_delete_takes_the_record_away_if_it_has_the_version_expected()
    {
        var version = await PutAsync(Key("a"));

        await AssertConflictAsync(Key("a"), new RecordBatch().Delete(Key("a"), version - 1 is > 0 and var older ? older : version + 1));
        await AssertConflictAsync(Key("a"), new RecordBatch().Delete(Key("a"), RecordBatch.Absent));
        await AssertConflictAsync(Key("b"), new RecordBatch().Delete(Key("b"), version));
        Assert.NotNull(await Records.GetAsync(Key("a"), Cancel));
        Assert.True((await Records.CommitAsync(new RecordBatch().Delete(Key("a"), version), Cancel)).Committed);
        Assert.Null(await Records.GetAsync(Key("a"), Cancel));
    }

    [Fact]
    public async Task A_delete_that_expects_nothing_need_not_find_the_record()
    {
        Assert.True((await Records.CommitAsync(new RecordBatch().Delete(Key("a"), RecordBatch.Any), Cancel)).Committed);
        Assert.True((await Records.CommitAsync(new RecordBatch().Delete(Key("a"), RecordBatch.Absent), Cancel)).Committed);
    }

    [Fact]
    public async Task A_check_changes_nothing_and_lets_the_rest_happen_only_at_its_version()
    {
        var version = await PutAsync(Key("a"), "1");
        RecordBatch With(long expected) => new RecordBatch().Check(Key("a"), expected).Put(Key("b"), Json("2"), RecordBatch.Any);

        await AssertConflictAsync(Key("a"), With(version + 1));
        await AssertConflictAsync(Key("a"), With(RecordBatch.Absent));
        await AssertConflictAsync(Key("c"), new RecordBatch().Check(Key("c"), version).Put(Key("b"), Json("2"), RecordBatch.Any));
        Assert.Null(await Records.GetAsync(Key("b"), Cancel));

        Assert.True((await Records.CommitAsync(With(version), Cancel)).Committed);
        Assert.True((await Records.CommitAsync(With(RecordBatch.Any), Cancel)).Committed);
        Assert.True((await Records.CommitAsync(new RecordBatch().Check(Key("c"), RecordBatch.Absent), Cancel)).Committed);
        Assert.Equal(version, (await Records.GetAsync(Key("a"), Cancel))!.Version);
        await AssertTextAsync(Key("a"), "1");
        await AssertTextAsync(Key("b"), "2");
        Assert.Null(await Records.GetAsync(Key("c"), Cancel));
    }

    [Fact]
    public async Task One_conflict_undoes_the_whole_batch_wherever_it_stands()
    {
        var version = await PutAsync(Key("m"), "old");
        foreach (var wrong in new[] { "a", "m2", "z" })
        {
            var batch = new RecordBatch();
            foreach (var name in new[] { "a", "b", "m2", "y", "z" })
            {
                batch.Put(Key(name), Json("new"), name == wrong ? version : RecordBatch.Absent);
            }

            await AssertConflictAsync(Key(wrong), batch.Delete(Key("m"), version));
        }

        Assert.Equal([Key("m")], (await ScanAsync(RecordRange.Under("suite"))).Select(r => r.Key));
    }

    [Fact]
    public async Task A_batch_without_changes_is_committed() =>
        Assert.True((await Records.CommitAsync(new RecordBatch(), Cancel)).Committed);

    [Fact]
    public async Task A_batch_with_a_missing_key_is_a_fault_that_undoes_the_batch_and_harms_nobody_else()
    {
        for (var i = 0; i < 3; i++)
        {
            var batch = new RecordBatch().Put(Key("a"), Json("1"), RecordBatch.Any).Put(default, Json("1"), RecordBatch.Any);
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await Records.CommitAsync(batch, Cancel));
            Assert.Null(await Records.GetAsync(Key("a"), Cancel));
            await PutAsync(Key("b"));
        }
    }

    [Fact]
    public async Task Values_come_back_byte_by_byte_up_to_the_limit()
    {
        string[] values =
        [
            "{}", "null", "[1, 2.50, 1e3]", "{ \"spaced\" :\n\t\"out\" }", "\"Grüße, 世界 🎈 \\u0000 ' \\\" %_\"",
            "\"" + new string('x', Record.MaxJsonLength - 2) + "\"",
            "\"" + string.Concat(Enumerable.Repeat("ö", (Record.MaxJsonLength - 2) / 2)) + "\"",
        ];
        for (var i = 0; i < values.Length; i++)
        {
            var json = Encoding.UTF8.GetBytes(values[i]);
            await Records.CommitAsync(new RecordBatch().Put(Key("value"), json, RecordBatch.Any), Cancel);

            Assert.True((await Records.GetAsync(Key("value"), Cancel))!.Json.Span.SequenceEqual(json), $"value {i}");
            Assert.True((await ScanAsync(RecordRange.Under("suite")))[0].Json.Span.SequenceEqual(json), $"value {i} scanned");
        }
    }

    [Fact]
    public async Task The_callers_buffer_is_his_own_again_after_the_commit()
    {
        var json = Json("mine");
        await Records.CommitAsync(new RecordBatch().Put(Key("a"), json, RecordBatch.Any), Cancel);
        json.AsSpan().Fill((byte)'!');

        await AssertTextAsync(Key("a"), "mine");
    }

    [Fact]
    public async Task A_cancelled_commit_throws_and_a_cancelled_read_too()
    {
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Records.CommitAsync(new RecordBatch().Put(Key("a"), Json("1"), RecordBatch.Any), cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Records.GetAsync(Key("a"), cancelled));
        Assert.Null(await Records.GetAsync(Key("a"), Cancel));

        await PutAsync(Key("a"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var record in Records.ScanAsync(RecordRange.Under("suite"), cancelled))
            {
                Assert.Fail($"Read {record.Key}.");
            }
        });
    }

    async Task AssertConflictAsync(RecordKey key, RecordBatch batch)
    {
        var outcome = await Records.CommitAsync(batch, Cancel);
        Assert.False(outcome.Committed);
        Assert.Equal(key, outcome.Conflict);
        Assert.Equal(0, outcome.Version);
    }
}
