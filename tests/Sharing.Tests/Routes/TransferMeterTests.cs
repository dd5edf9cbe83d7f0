using System.Collections.Concurrent;
using Sharing.Core;
using Sharing.Testing;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.Routes;

/// <summary>How progress is told.</summary>
public sealed class TransferMeterTests : IProgress<TransferProgress>
{
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    readonly FakeTimeProvider _time = new();
    readonly ConcurrentQueue<TransferProgress> _told = [];
    readonly SourceSlot _origin = new(new ScriptedLibrary([]));

    void IProgress<TransferProgress>.Report(TransferProgress value) => _told.Enqueue(value);

    [Fact]
    public void What_came_just_before_a_standstill_is_told_and_so_is_the_standstill()
    {
        using var meter = new TransferMeter(_time, Interval, this);
        _time.Advance(Interval);
        meter.Count(_origin, 1000);
        meter.Report(1000, null);
        meter.Count(_origin, 500);
        meter.Report(1500, null); // too soon
        Assert.Equal(1000, _told.Last().Done);

        _time.Advance(Interval);
        Assert.Equal(1500, _told.Last().Done);
        Assert.True(_told.Last().BytesPerSecond > 0);

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((1500, 0), (_told.Last().Done, _told.Last().BytesPerSecond));
        var count = _told.Count;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(count, _told.Count);
    }

    [Fact]
    public void After_the_end_nothing_is_told()
    {
        using var meter = new TransferMeter(_time, Interval, this);
        _time.Advance(Interval);
        meter.Count(_origin, 1000);
        meter.Report(1000, 1000);
        meter.Finish(1000);
        meter.End();
        var count = _told.Count;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(count, _told.Count);
    }
}
