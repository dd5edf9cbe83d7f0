using Sharing.Core;
using Sharing.Swarm;

namespace Sharing.Tests.Routes;

/// <summary>For how long a source has kept silent: by that it is taken for slow, and others are asked instead.</summary>
[Trait("Row", "D5")]
public sealed class PlannedSourceTests
{
    readonly PlannedSource _source = new SourceSlot(new SimulatedSource(0, new("source", SourceKind.Peer)));

    [Fact]
    public void Who_says_nothing_is_silent_since_he_was_asked_first()
    {
        Assert.Equal(0, _source.SilentFor(1));
        _source.Ask(100, 1);
        _source.Ask(100, 3);
        Assert.Equal(4, _source.SilentFor(5));
        _source.Ask(-200, 6); // given up
        Assert.Equal(0, _source.SilentFor(7));
        _source.Ask(100, 8);
        Assert.Equal(1, _source.SilentFor(9));
    }

    [Fact]
    public void As_long_as_what_came_is_being_taken_nobody_is_silent()
    {
        _source.Ask(200, 0);
        _source.BeginRead(0);
        Assert.Equal(1, _source.SilentFor(1));
        _source.Pause();
        Assert.Equal(0, _source.SilentFor(5));
        _source.BeginRead(5);
        Assert.Equal(6, _source.SilentFor(6)); // the other read is waited for
        _source.GoOn(7);
        Assert.Equal(1, _source.SilentFor(8));
    }
}
