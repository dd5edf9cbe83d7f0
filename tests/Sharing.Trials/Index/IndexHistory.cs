using Sharing.P2P;

namespace Sharing.Trials.Index;

/// <summary>A random history of terminals that join, get chunks, leave, crash, are cut off from each other and meet again, and of index servers that crash and come back, second by second; and a
/// judge who knows everything.</summary>
/// <remarks>The judge's rule: no terminal may know nobody who is there, can be reached and has a chunk, while one and the same terminal has been there, could be reached and had that chunk for longer
/// than the stated convergence time. Where servers keep the index both must reach the same ones so long; a change in which can be reached starts the time anew, as does a terminal's coming.</remarks>
sealed class IndexHistory(IPlacement placement, Random random)
{
    public const int Chunks = 16;
    public const int Terminals = 9;
    public const int Servers = 3;
    const int Seconds = 400;

    readonly IndexTerminal[] _terminals = [.. Enumerable.Range(0, Terminals).Select(static number => new IndexTerminal(number))];
    readonly bool[] _up = [.. Enumerable.Repeat(true, Servers)];
    readonly int[] _sideOfServer = new int[Servers];
    readonly int[,,] _since = new int[Terminals, Terminals, Chunks];
    readonly int[] _serversSeen = new int[Terminals];

    public int Judged { get; private set; }

    /// <summary>The longest that a terminal knew nobody who had a chunk while somebody did.</summary>
    public int Longest { get; private set; }

    /// <returns>What is wrong; <c>null</c>: nothing.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        for (var now = 1; now <= Seconds; now++)
        {
            await HappenAsync(now);
            await placement.SecondAsync(_terminals, now, Reaches, ReachesServer, cancellationToken);
            if (Judge(now) is { } failure)
            {
                return failure;
            }
        }

        return null;
    }

    bool Reaches(IndexTerminal one, IndexTerminal other) => one.IsThere && other.IsThere && one.Side == other.Side;

    bool ReachesServer(IndexTerminal terminal, int server) => _up[server] && _sideOfServer[server] == terminal.Side;

    async Task HappenAsync(int now)
    {
        var one = _terminals[random.Next(Terminals)];
        switch (random.Next(40))
        {
            case < 4 when !one.IsThere:
                one.Join(now, random);
                break;
            case < 8 when one.IsThere:
                one.Get(random.Next(Chunks));
                break;
            case 8 when one.IsThere:
                await placement.LeaveAsync(one, ReachesServer);
                one.IsThere = false;
                break;
            case 9 when one.IsThere:
                placement.Crash(one);
                one.IsThere = false;
                break;
            case 10 when random.Next(3) == 0:
                foreach (var terminal in _terminals)
                {
                    terminal.Side = random.Next(2);
                }

                for (var server = 0; server < Servers; server++)
                {
                    _sideOfServer[server] = random.Next(2);
                }

                break;
            case 11 or 12:
                Array.ForEach(_terminals, static terminal => terminal.Side = 0);
                Array.Clear(_sideOfServer);
                break;
            case 13 when random.Next(2) == 0:
                var crashed = random.Next(Servers);
                _up[crashed] = false;
                placement.CrashServer(crashed);
                break;
            case 14 or 15:
                Array.Fill(_up, true);
                break;
        }
    }

    string? Judge(int now)
    {
        foreach (var asking in _terminals)
        {
            var seen = 0;
            for (var server = 0; server < placement.Servers; server++)
            {
                seen |= ReachesServer(asking, server) ? 1 << server : 0;
            }

            var changed = seen != _serversSeen[asking.Number];
            _serversSeen[asking.Number] = seen;
            foreach (var holder in _terminals)
            {
                var could = asking != holder && Reaches(asking, holder) && !changed && (placement.Servers == 0 || seen != 0) && asking.Joined < now && holder.Joined < now;
                for (var chunk = 0; chunk < Chunks; chunk++)
                {
                    if (!could || !holder.Has(chunk) || asking.Has(chunk))
                    {
                        _since[asking.Number, holder.Number, chunk] = now;
                        continue;
                    }

                    var time = now - _since[asking.Number, holder.Number, chunk];
                    Judged++;
                    if (time <= Longest || placement.Knows(asking, chunk, other => Reaches(asking, _terminals[other]) && _terminals[other].Has(chunk)))
                    {
                        continue;
                    }

                    Longest = time;
                    if (time > placement.ConvergesWithin)
                    {
                        return $"Second {now}: terminal {asking.Number} knows nobody who has chunk {chunk}, which terminal {holder.Number} has had for {time} seconds.";
                    }
                }
            }
        }

        return null;
    }
}
