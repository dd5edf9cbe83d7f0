using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Swarm;

/// <summary>What is asked for, and what comes.</summary>
sealed partial class Simulation
{
    /// <summary>Asks the board what each source is to be asked for now.</summary>
    void TakeAll(Terminal terminal)
    {
        if (terminal.Proofs && terminal.Board is not null && !terminal.HasLeft)
        {
            Count(terminal);
            var (slots, first) = (terminal.Roster.Slots.Count, _random.Next(terminal.Roster.Slots.Count)); // whoever is at the gate first
            for (var step = 0; step < slots; step++)
            {
                TakeOne(terminal, (first + step) % slots);
            }
        }
    }

    /// <summary>The same for one of them.</summary>
    void Take(Terminal terminal, int link)
    {
        if (terminal.Proofs && terminal.Board is not null && !terminal.HasLeft && terminal.Roster.Slots[link].CanServe)
        {
            Count(terminal);
            TakeOne(terminal, link);
        }
    }

    void TakeOne(Terminal terminal, int link)
    {
        while (terminal.Roster.Slots[link].CanServe)
        {
            var reading = _spare.Count > 0 ? _spare.Pop() : new CancellationTokenSource();
            if (terminal.Board!.Take(terminal.Roster.Slots[link], reading) is not { } read)
            {
                _spare.Push(reading);
                return;
            }

            Begin(terminal, link, read, reading);
        }
    }

    /// <summary>Something ended: all will be looked at, as soon as a terminal's threads come to it.</summary>
    void Wake(Terminal terminal)
    {
        if (!terminal.IsWoken)
        {
            terminal.IsWoken = true;
            _agenda.Add(_time.Now + Waking, What.Woken, terminal.Host);
        }
    }

    void Begin(Terminal terminal, int link, Assignment? read, CancellationTokenSource? reading)
    {
        var index = _network.Add();
        ref var flow = ref _network[index];
        (flow.From, flow.To, flow.Link, flow.Read, flow.Reading, flow.Told) = (terminal.Links[link], terminal.Host, link, read, reading, 0);
        flow.Choice = read is null ? null : terminal.Board!.InsteadOf(read);
        terminal.Reads.Add(index);
        _agenda.Add(_time.Now + (2 * _scenario.Latency), What.Open, index, flow.Version);
    }

    /// <summary>The bytes that came since it was last looked, unless that was just now.</summary>
    void Count(Terminal terminal)
    {
        if (_time.Now - terminal.Counted < JustNow)
        {
            return;
        }

        terminal.Counted = _time.Now;
        foreach (var index in terminal.Reads)
        {
            ref var flow = ref _network[index];
            if (flow is { IsOpen: true, Read: { } read })
            {
                _network.Count(ref flow);
                Tell(ref flow, read, terminal.Board!.Now);
            }
        }
    }

    void Tell(ref Flow flow, Assignment read, double now)
    {
        var bytes = (long)(flow.Bytes - flow.Left - flow.Told);
        if (bytes > 0)
        {
            flow.Told += bytes;
            read.Slot.Measure(bytes, now);
            read.Arrived(bytes);
            _doors[flow.From].Sent(bytes);
            flow.Copy?.Count((int)bytes);
        }
    }

    /// <summary>A request has reached its source.</summary>
    void Open(int index)
    {
        ref var flow = ref _network[index];
        var terminal = _terminals[flow.To]!;
        if (flow.From != Server && _terminals[flow.From]!.HasLeft)
        {
            Break(index, null);
            return;
        }

        if (flow.Read is not { } read)
        {
            OpenProofs(terminal, index);
            return;
        }

        var (board, slot) = (terminal.Board!, read.Slot);
        _outcome.ServerRequests += flow.From == Server ? 1 : 0;
        if ((flow.Slot = _doors[flow.From].Take(terminal.Member.Device)) is null)
        {
            _outcome.Busy++;
            Break(index, TimeSpan.FromSeconds(1));
            return;
        }

        if (terminal.Have.FirstMissing(read.FirstGroup) is var group && group >= read.EndGroup)
        {
            Release(terminal, index);
            return;
        }

        slot.Latency = TimeSpan.FromSeconds(2 * _scenario.Latency);
        if (flow.Choice is { } parts)
        {
            flow.Copy = _copies.Choose(Content, parts);
            board.Answered(read, parts, flow.Copy?.Part ?? -1);
            if (flow.Copy is null)
            {
                _outcome.HeldBack++;
                Release(terminal, index);
                return;
            }

            group = read.FirstGroup;
        }

        var end = group;
        while (end < read.EndGroup && !terminal.Have[end])
        {
            end++;
        }

        slot.BeginRead(board.Now);
        _network.Open(index, Math.Min(end * ContentTree.GroupSize, _scenario.Bytes) - (group * ContentTree.GroupSize));
    }

    /// <summary>All of an answer has come.</summary>
    void End(int index)
    {
        ref var flow = ref _network[index];
        var terminal = _terminals[flow.To]!;
        var bytes = flow.Bytes;
        if (flow.Read is not { } read)
        {
            EndProofs(terminal, index);
            Wake(terminal);
            return;
        }

        var board = terminal.Board!;
        Tell(ref flow, read, board.Now);
        var first = terminal.Have.FirstMissing(read.FirstGroup);
        var (kept, end) = (0.0, first);
        for (; kept < bytes && end < read.EndGroup && !terminal.Have[end]; end++)
        {
            terminal.Have[end] = true;
            kept += ContentTree.GroupLength(_scenario.Bytes, end);
        }

        terminal.Received += bytes;
        terminal.Wasted += bytes - kept;
        (read.Slot.Trusted, read.Slot.Failures) = (true, 0);
        read.Slot.EndRead(board.Now);
        foreach (var run in board.Completed(first, end))
        {
            _agenda.Add(_time.Now + _scenario.Latency, What.Told, terminal.Host, (int)(run.Offset / ContentTree.GroupSize));
        }

        flow.Copy?.Sent();
        Release(terminal, index);
        if (terminal.Have.Count == _groups)
        {
            Finish(terminal);
        }
    }

    /// <summary>A read is over, however it ended; those that are not needed any more end with it.</summary>
    void Release(Terminal terminal, int index)
    {
        var link = _network[index].Link;
        Drop(terminal, index);
        for (var i = terminal.Reads.Count - 1; i >= 0; i--)
        {
            if (_network[terminal.Reads[i]].Reading?.IsCancellationRequested == true)
            {
                Cut(terminal, terminal.Reads[i]);
                i = terminal.Reads.Count;
            }
        }

        if (terminal.Have.Count < _groups)
        {
            Take(terminal, link);
            Wake(terminal);
        }
    }

    void Cut(Terminal terminal, int index)
    {
        ref var flow = ref _network[index];
        if (flow is { IsOpen: true, Read: { } read })
        {
            _network.Count(ref flow);
            Tell(ref flow, read, terminal.Board!.Now);
            terminal.Received += flow.Bytes - flow.Left;
            terminal.Wasted += flow.Bytes - flow.Left;
            read.Slot.EndRead(terminal.Board.Now);
        }

        Drop(terminal, index);
    }

    void Drop(Terminal terminal, int index)
    {
        ref var flow = ref _network[index];
        var (read, reading) = (flow.Read, flow.Reading);
        if (read is null)
        {
            DropProofs(terminal, index);
            return;
        }

        flow.Copy?.Dispose();
        flow.Slot?.Dispose();
        flow.Slot = null;
        flow.Copy = null;
        terminal.Reads.Remove(index);
        _network.Remove(index);
        terminal.Board!.Release(read);

        if (reading is { IsCancellationRequested: false })
        {
            _spare.Push(reading);
        }
    }

    /// <summary>A read fails: its source has gone, or is too busy.</summary>
    void Break(int index, TimeSpan? retryAfter)
    {
        ref var flow = ref _network[index];
        var (terminal, link) = (_terminals[flow.To]!, flow.Link);
        if (flow.Read is null)
        {
            DropProofs(terminal, index);
            AskOther(terminal, link);
            return;
        }

        Cut(terminal, index);
        Fail(terminal, link, retryAfter);
        Wake(terminal);
    }

    void Fail(Terminal terminal, int link, TimeSpan? retryAfter)
    {
        var slot = terminal.Roster.Slots[link];
        if (slot.Resting)
        {
            return;
        }

        if (slot.RestAfterFailure(_transfer, retryAfter) is { } rest)
        {
            slot.Resting = true;
            _agenda.Add(_time.Now + rest.TotalSeconds, What.Rested, terminal.Host, link);
        }
        else
        {
            slot.Dropped = true;
            terminal.Board!.Remove(slot);
        }
    }

    void Rested(Terminal terminal, int link)
    {
        if (terminal.Board is not null)
        {
            terminal.Roster.Slots[link].Resting = false;
            Take(terminal, link);
        }
    }

    void Finish(Terminal terminal)
    {
        while (terminal.Reads.Count > 0)
        {
            Cut(terminal, terminal.Reads[^1]);
        }

        terminal.Finish(_time.Now);
        _left--;
    }
}
