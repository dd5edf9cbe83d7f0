using Sharing.Core;
using Sharing.Swarm;

namespace Sharing.Tests.Swarms;

/// <summary>Virtual time only: no clock decides anything here.</summary>
public sealed class SimulationTests
{
    const double File = 64 << 20;

    [Fact]
    public void The_same_seed_gives_the_same_to_the_byte_and_another_seed_something_else()
    {
        var scenario = new Scenario { Terminals = 30, Bytes = 16 << 20, Ups = [4, 8, 32, 100], JoinWithin = 5, Leaving = 0.2, LeaveWithin = 10 };
        var first = Simulation.Run(scenario);
        Assert.Equal(Said(first), Said(Simulation.Run(scenario)));
        Assert.NotEqual(Said(first), Said(Simulation.Run(scenario with { Seed = 2 })));

        static string Said(Outcome of) => FormattableString.Invariant(
            $"{of.Last:R} {of.Events} {of.Received:R} {of.Wasted:R} {of.ServerCopies:R} {of.ServerRequests} {string.Join(' ', of.Times)} {string.Join(' ', of.Series)}");
    }

    [Fact]
    public void One_terminal_takes_as_long_as_the_servers_uplink_takes()
    {
        var outcome = Simulation.Run(new() { Terminals = 1, Latency = 0, Overhead = 1 });
        Assert.InRange(outcome.Last, File * 8 / 32e6, 1.01 * File * 8 / 32e6); // and the proofs: 1/2,048
        Assert.Equal(File * 8 / 32e6, outcome.Bound, tolerance: 1e-9);
    }

    [Fact]
    public void Two_terminals_with_enormous_downlinks_give_each_other_half()
    {
        var outcome = Simulation.Run(new() { Terminals = 2, Latency = 0, Overhead = 1, DownFactor = 1000 });
        Assert.Equal(File * 8 / 32e6, outcome.Bound, tolerance: 1e-9); // each byte leaves the server once
        Assert.InRange(outcome.Last, outcome.Bound, 1.03 * outcome.Bound);
        Assert.InRange(outcome.ServerCopies, 1, 1.03);
    }

    [Fact]
    public void What_came_is_the_file_for_each_and_what_was_wasted()
    {
        var outcome = Simulation.Run(new() { Terminals = 40, Ups = [4, 8, 32, 100], Bytes = 16 << 20 });
        Assert.Equal(40, outcome.Done);
        Assert.Equal(40.0 * (16 << 20), outcome.Received - outcome.Wasted, tolerance: 1);
        Assert.InRange(outcome.Wasted, 0, 0.02 * outcome.Received);
    }

    [Fact]
    [Trait("Row", "D5")]
    public void A_hundred_at_once_are_done_within_15_percent_of_what_is_possible()
    {
        var outcome = Simulation.Run(Cases.Flash(100, mixed: false));
        Assert.Equal(100, outcome.Done);
        Assert.InRange(outcome.Ratio, 1, 1.15);
        Assert.InRange(outcome.ServerCopies, 1, 1.15);
    }

    [Fact]
    [Trait("Row", "D5")]
    public void A_hundred_with_mixed_links_are_done_within_15_percent_of_what_is_possible()
    {
        var outcome = Simulation.Run(Cases.Flash(100, mixed: true));
        Assert.Equal(100, outcome.Done);
        Assert.InRange(outcome.Ratio, 1, 1.15);
    }

    [Fact]
    public void Beyond_a_few_reads_no_more_is_asked_for_than_comes_in_a_moment()
    {
        var scenario = new Scenario { Terminals = 40 };
        var time = new VirtualTime();
        var terminal = new Sharing.Swarm.Terminal(1, scenario.Bytes, scenario, time, new() { Device = "1", Addresses = [], Session = 1 }, random: 1) { Proofs = true };
        var slots = Enumerable.Range(2, 40).Select(host => new SourceSlot(new SimulatedSource(host, new("terminal", SourceKind.Peer))) { Offer = SourceOffer.Unknown, Held = [], Trusted = true }).ToList();
        slots.ForEach(slot =>
        {
            terminal.Roster.Slots.Add(slot);
            terminal.Board!.Add(slot);
            terminal.Board.Hold(slot, new(0, scenario.Bytes));
        });
        Assert.Equal(10, TakeAll()); // of those who are asked nothing came yet

        time.Now = 0.1;
        foreach (var slot in slots.Where(slot => slot.Reads.Count > 0))
        {
            slot.BeginRead(0);
            slot.Measure(100_000, time.Now); // a megabyte a second each
        }

        Assert.InRange(TakeAll(), 1, 20); // five megabytes are half a second

        time.Now = 2; // all of them are silent, and none of it keeps the others waiting
        Assert.InRange(TakeAll(), 1, 10);

        int TakeAll() => slots.Count(slot => slot.Reads.Count == 0 && terminal.Board!.Take(slot, new()) is not null);
    }

    [Fact]
    [Trait("Row", "D7")]
    public void Half_of_two_hundred_leave_and_every_survivor_completes()
    {
        var outcome = Simulation.Run(new() { Terminals = 200, Bytes = 32 << 20, Leaving = 0.5, LeaveWithin = 10 });
        Assert.InRange(outcome.Left, 50, 150);
        Assert.Equal(200, outcome.Done + outcome.Left);
    }

    [Fact]
    public void Fair_shares_by_filling_and_the_quicker_ones_come_to_the_same()
    {
        var scenario = new Scenario { Terminals = 12, Bytes = 32 << 20 };
        Assert.Equal(Simulation.Run(scenario with { IsExact = true }).Last, Simulation.Run(scenario).Last, tolerance: 0.07 * Simulation.Run(scenario).Last);
    }
}
