using System.Globalization;
using Sharing.Core;
using Sharing.Testing;

namespace Sharing.Tests.Records;

public sealed class RecordMoveTests
{
    readonly MemoryRecordStore _from = new(), _to = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_is_brought_and_nothing_besides()
    {
        await FillAsync(1234);
        var told = new Told();
        Assert.Equal((1234, 0), await new RecordMove(_from, _to).LookAsync(Cancel));
        Assert.Empty(await AllAsync(_to));
        Assert.Equal(1234, await new RecordMove(_from, _to).RunAsync(told, Cancel));
        Assert.Equal(1234, told.Count);
        Assert.Equal(await AllAsync(_from), await AllAsync(_to));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(13)]
    [InlineData(14)]
    public async Task Broken_off_at_any_commit_it_is_gone_on_with(int commit)
    {
        await FillAsync(1234);
        var plan = new FaultPlan().Add("records.commit", commit % 2 == 0 ? Fault.LosingAnswer() : Fault.Failing(), commit);
        await Assert.ThrowsAsync<IOException>(() => new RecordMove(_from, new FaultyRecordStore(_to, plan)).RunAsync(cancellationToken: Cancel));
        Assert.Equal(1234, await new RecordMove(_from, _to).RunAsync(cancellationToken: Cancel));
        Assert.Equal(await AllAsync(_from), await AllAsync(_to));
    }

    [Fact]
    public async Task Records_of_others_are_not_written_over()
    {
        await FillAsync(3);
        await _to.CommitAsync(new RecordBatch().Put(RecordKey.Of("other", "1"), "1"u8.ToArray(), RecordBatch.Absent), Cancel);
        Assert.Equal(ProblemCodes.Conflict, (await Assert.ThrowsAsync<SharingException>(() => new RecordMove(_from, _to).RunAsync(cancellationToken: Cancel))).Code);
        Assert.Single(await AllAsync(_to));
    }

    async Task FillAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var text = i.ToString(CultureInfo.InvariantCulture);
            await _from.CommitAsync(new RecordBatch().Put(RecordKey.Of(i % 2 == 0 ? "even" : "odd", text), System.Text.Encoding.UTF8.GetBytes(text), RecordBatch.Absent), Cancel);
        }
    }

    static async Task<List<(string, string)>> AllAsync(IRecordStore records)
    {
        List<(string, string)> all = [];
        await foreach (var record in records.ScanAsync(RecordRange.All, Cancel))
        {
            all.Add((record.Key.Value, System.Text.Encoding.UTF8.GetString(record.Json.Span)));
        }

        return all;
    }

    sealed class Told : IProgress<long>
    {
        public long Count { get; private set; }

        public void Report(long value) => Count += value;
    }
}
