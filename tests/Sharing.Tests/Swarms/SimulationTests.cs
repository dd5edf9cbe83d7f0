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
    public void What_frames_add_goes_over_the_link_as_well()
    {
        var (plain, framed) = (Simulation.Run(new() { Terminals = 1, Latency = 0, Overhead = 1 }), Simulation.Run(new() { Terminals = 1, Latency = 0 }));
        Assert.Equal(1514.0 / 1448, framed.Last / plain.Last, tolerance: 0.002);
        Assert.Equal(plain.Bound, framed.Bound, tolerance: 1e-9); // what could be is reckoned without them
    }

    [Fact]
    public void What_is_asked_for_comes_no_sooner_than_its_way_there_and_back_takes()
    {
        var (near, far) = (Simulation.Run(new() { Terminals = 1, Latency = 0 }), Simulation.Run(new() { Terminals = 1, Latency = 0.5 }));
        Assert.True(far.Last - near.Last >= 1.9, $"{near.Last} {far.Last}"); // for the proofs, and then for what they prove
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_link_carries_more_than_it_can_however_transfers_come_and_go(bool isExact)
    {
        const int Hosts = 12;
        var (time, agenda, random) = (new VirtualTime(), new Agenda(), new Random(3));
        var network = new Sharing.Swarm.Network(Hosts, agenda, time) { IsExact = isExact };
        for (var host = 0; host < Hosts; host++)
        {
            (network.Up[host], network.Down[host]) = (random.Next(100, 1000), random.Next(100, 1000));
        }

        var (open, received, sent) = (new List<int>(), new double[Hosts], 0.0);
        for (var step = 0; step < 2000; step++)
        {
            if (open.Count == 0 || random.Next(3) > 0)
            {
                var flow = network.Add();
                (network[flow].From, network[flow].To) = (random.Next(Hosts / 2), random.Next(Hosts / 2, Hosts));
                network.Open(flow, random.Next(1, 50_000));
                open.Add(flow);
            }

            time.Now += random.NextDouble();
            network.CountAll();
            for (var i = open.Count - 1; i >= 0; i--)
            {
                Assert.InRange(network[open[i]].Left, 0, network[open[i]].Bytes);
                if (network[open[i]].Left <= 0.5 || random.Next(50) == 0)
                {
                    received[network[open[i]].To] += network[open[i]].Bytes - network[open[i]].Left;
                    sent += network[open[i]].Bytes - network[open[i]].Left;
                    network.Remove(open[i]);
                    open.RemoveAt(i);
                }
            }
        }

        foreach (var flow in open)
        {
            received[network[flow].To] += network[flow].Bytes - network[flow].Left;
            sent += network[flow].Bytes - network[flow].Left;
        }

        Assert.Equal(sent, network.Sent.Sum(), tolerance: 1);
        for (var host = 0; host < Hosts; host++)
        {
            Assert.InRange(network.Sent[host], host < Hosts / 2 ? 1 : 0, network.Up[host] * time.Now * 1.02); // what changes by less than a fiftieth is taken for the same
            Assert.InRange(received[host], host < Hosts / 2 ? 0 : 1, network.Down[host] * time.Now * 1.02);
        }
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
