using System.Globalization;
using Xunit;

namespace Sharing.Testing;

/// <summary>What every <see cref="IRecordStore"/> that outlives its process must do besides.</summary>
public abstract class DurableRecordStoreSuite : RecordStoreSuite
{
    /// <summary>Opens the same storage anew. The store that was open is disposed by then.</summary>
    protected abstract Task<IRecordStore> ReopenAsync();

    async Task CloseAndReopenAsync()
    {
        await CloseAsync(Records);
        Records = await ReopenAsync();
    }

#pragma warning disable CS1591 // the names of the tests say it
    [Fact]
    public async Task What_was_committed_is_there_after_reopening()
    {
        var kept = await PutAsync(Key("kept"), "1");
        await PutAsync(Key("changed"), "1");
        var changed = await PutAsync(Key("changed"), "2");
        await Records.CommitAsync(new RecordBatch().Delete(Key("gone"), RecordBatch.Any).Put(Key("odd '/%🎈"), Json("🎈"), RecordBatch.Absent), Cancel);
        await CloseAndReopenAsync();

        Assert.Equal(kept, (await Records.GetAsync(Key("kept"), Cancel))?.Version);
        Assert.Equal(changed, (await Records.GetAsync(Key("changed"), Cancel))?.Version);
        await AssertTextAsync(Key("changed"), "2");
        await AssertTextAsync(Key("odd '/%🎈"), "🎈");
        Assert.Equal(3, (await ScanAsync(RecordRange.Under("suite"))).Count);
    }

    [Fact]
    public async Task Versions_go_on_after_reopening_and_none_is_used_twice()
    {
        List<long> versions = [];
        for (var i = 0; i < 4; i++)
        {
            versions.Add(await PutAsync(Key("a")));
            await CloseAndReopenAsync();
        }

        Assert.Equal(versions.Distinct().Order(), versions);
    }

    [Fact]
    public async Task Versions_go_on_after_reopening_when_everything_was_deleted()
    {
        List<long> versions = [];
        for (var i = 0; i < 4; i++)
        {
            versions.Add(await PutAsync(Key("a")));
            await Records.CommitAsync(new RecordBatch().Delete(Key("a"), versions[^1]), Cancel);
            await CloseAndReopenAsync();
        }

        Assert.Empty(await ScanAsync(RecordRange.Under("suite")));
        Assert.Equal(versions.Distinct().Order(), versions);
    }

    [Fact]
    public async Task A_version_read_before_reopening_is_the_one_to_expect_after()
    {
        var version = await PutAsync(Key("a"), "1");
        await CloseAndReopenAsync();

        Assert.False((await Records.CommitAsync(new RecordBatch().Put(Key("a"), Json("2"), version + 1), Cancel)).Committed);
        Assert.True((await Records.CommitAsync(new RecordBatch().Put(Key("a"), Json("2"), version), Cancel)).Committed);
    }

    [Fact]
    public async Task A_refused_commit_is_not_there_after_reopening()
    {
        await PutAsync(Key("a"), "1");
        var outcome = await Records.CommitAsync(
            new RecordBatch().Put(Key("b"), Json("2"), RecordBatch.Absent).Put(Key("a"), Json("2"), RecordBatch.Absent), Cancel);
        await CloseAndReopenAsync();

        Assert.False(outcome.Committed);
        await AssertTextAsync(Key("a"), "1");
        await AssertTextAsync(Key("b"), null);
    }

    [Fact(Timeout = 60_000)]
    public async Task Commits_made_at_the_same_time_are_all_there_after_reopening()
    {
        var keys = Enumerable.Range(0, 200).Select(i => Key("many", i.ToString(CultureInfo.InvariantCulture))).ToList();
        var versions = await Task.WhenAll(keys.Select(key => Task.Run(() => PutAsync(key), Cancel)));
        await CloseAndReopenAsync();

        for (var i = 0; i < keys.Count; i++)
        {
            Assert.Equal(versions[i], (await Records.GetAsync(keys[i], Cancel))?.Version);
        }
    }
}
