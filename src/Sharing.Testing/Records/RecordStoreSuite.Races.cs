using System.Globalization;
using System.Text;
using Sharing.Core;
using Xunit;

namespace Sharing.Testing;

#pragma warning disable CS1591 // the names of the tests say it
public abstract partial class RecordStoreSuite
{
    [Fact(Timeout = 120_000)]
    public async Task Sixteen_writers_counting_in_one_record_lose_no_count()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                await CountUpAsync();
            }
        }, Cancel)));

        var record = await Records.GetAsync(Key("count"), Cancel);
        Assert.Equal("400", Encoding.UTF8.GetString(record!.Json.Span));
    }

    [Fact(Timeout = 60_000)]
    public async Task Of_many_who_create_the_same_record_at_once_just_one_wins()
    {
        for (var round = 0; round < 20; round++)
        {
            var key = Key("once", RecordKey.Number(round));
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
                async () => await Records.CommitAsync(new RecordBatch().Put(key, Json(RecordKey.Number(i)), RecordBatch.Absent), Cancel), Cancel)));

            var winner = Assert.Single(outcomes, outcome => outcome.Committed);
            var record = await Records.GetAsync(key, Cancel);
            Assert.Equal(winner.Version, record!.Version);
            await AssertTextAsync(key, RecordKey.Number(Array.IndexOf(outcomes, winner)));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Commits_at_the_same_time_each_have_a_version_of_their_own_and_a_conflict_of_one_leaves_the_others_alone()
    {
        await PutAsync(Key("taken"));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            var batch = new RecordBatch().Put(Numbered(i), Json("x"), RecordBatch.Absent);
            return await Records.CommitAsync(i % 3 == 0 ? batch.Put(Key("taken"), Json("x"), RecordBatch.Absent) : batch, Cancel);
        }, Cancel)));

        for (var i = 0; i < outcomes.Length; i++)
        {
            Assert.Equal(i % 3 != 0, outcomes[i].Committed);
            Assert.Equal(i % 3 != 0 ? outcomes[i].Version : null, (await Records.GetAsync(Numbered(i), Cancel))?.Version);
        }

        var versions = outcomes.Where(o => o.Committed).Select(o => o.Version).ToList();
        Assert.Equal(versions.Count, versions.Distinct().Count());
    }

    [Fact(Timeout = 60_000)]
    public async Task Two_commits_that_each_check_what_the_other_writes_never_both_happen()
    {
        for (var round = 0; round < 50; round++)
        {
            var (left, right) = (Key("left"), Key("right"));
            var seen = await PutAsync(left);
            var other = await PutAsync(right);
            var outcomes = await Task.WhenAll(
                Task.Run(async () => await Records.CommitAsync(new RecordBatch().Check(left, seen).Put(right, Json("l"), RecordBatch.Any), Cancel), Cancel),
                Task.Run(async () => await Records.CommitAsync(new RecordBatch().Check(right, other).Put(left, Json("r"), RecordBatch.Any), Cancel), Cancel));

            Assert.Single(outcomes, outcome => outcome.Committed);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Whoever_was_told_committed_reads_it_and_so_does_everybody_after()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            var key = Key("own", RecordKey.Number(writer));
            for (var i = 0; i < 50; i++)
            {
                var version = await PutAsync(key);
                Assert.Equal(version, (await Records.GetAsync(key, Cancel))?.Version);
                Assert.Contains(await ScanAsync(RecordRange.Under("suite", "own")), record => record.Key == key && record.Version == version);
            }
        }, Cancel)));
    }

    [Fact(Timeout = 120_000)]
    public async Task Random_sequences_of_operations_do_what_a_model_does()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            await new RecordModel(Records, seed).RunAsync(Cancel);
        }
    }

    Task<bool> CountUpAsync() => Records.ChangeAsync(async batch =>
    {
        var record = await Records.GetAsync(Key("count"), Cancel);
        var count = record is null ? 0 : int.Parse(Encoding.UTF8.GetString(record.Json.Span), CultureInfo.InvariantCulture);
        batch.Put(Key("count"), Encoding.UTF8.GetBytes((count + 1).ToString(CultureInfo.InvariantCulture)), record?.Version ?? RecordBatch.Absent);
        return true;
    }, Cancel);
}
