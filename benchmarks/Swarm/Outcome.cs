namespace Sharing.Swarm;

/// <summary>What came out of a simulation.</summary>
sealed class Outcome
{
    double[] _sent = [];
    double _sampled;

    public required Scenario Scenario { get; init; }

    /// <summary>The least that could be, in seconds.</summary>
    public double Bound { get; set; }

    /// <summary>When the last was done.</summary>
    public double Last { get; private set; }

    public double Ratio => Last / Bound;

    /// <summary>How many have all of it,</summary>
    public int Done { get; private set; }

    /// <summary>how many left before,</summary>
    public int Left { get; set; }

    /// <summary>and what the median of those who have it took from its coming.</summary>
    public double Median { get; private set; }

    /// <summary>What the server sent, in copies of the file, proofs included.</summary>
    public double ServerCopies { get; private set; }

    public double ProofBytes { get; set; }

    public double Received { get; private set; }

    public double Wasted { get; private set; }

    public long Events { get; set; }

    public long Announcements { get; set; }

    public long ServerRequests { get; set; }

    public long HeldBack { get; set; }

    public long Busy { get; set; }

    public int MostLinks { get; set; }

    /// <summary>Second by second: what part of the server's uplink and of all terminals' uplinks was in use, and how many terminals were not done.</summary>
    public List<(double At, double Server, double Terminals, int Left)> Series { get; } = [];

    /// <summary>When each was done, from its coming, in order.</summary>
    public double[] Times { get; private set; } = [];

    /// <summary>When each was done, from the beginning, in order.</summary>
    public double[] Ends { get; private set; } = [];

    public void Sample(double now, Network network, int left)
    {
        network.CountAll();
        _sent = _sent.Length == 0 ? new double[network.Sent.Length] : _sent;
        var (sent, could, seconds) = (0.0, 0.0, now - _sampled);
        for (var host = 1; host < _sent.Length; host++)
        {
            sent += network.Sent[host] - _sent[host];
            could += network.Up[host] * seconds;
        }

        Series.Add((now, (network.Sent[0] - _sent[0]) / (network.Up[0] * seconds), sent / could, left));
        network.Sent.CopyTo(_sent, 0);
        _sampled = now;
    }

    public void Close(double now, Network network, ReadOnlySpan<Terminal> terminals)
    {
        var (times, ends) = (new List<double>(), new List<double>());
        foreach (var terminal in terminals)
        {
            (Received, Wasted) = (Received + terminal.Received, Wasted + terminal.Wasted);
            if (!double.IsNaN(terminal.Done))
            {
                times.Add(terminal.Done - terminal.Joined);
                ends.Add(terminal.Done);
            }
        }

        network.CountAll();
        times.Sort();
        ends.Sort();
        (Times, Ends, Done, Last) = ([.. times], [.. ends], times.Count, ends.Count > 0 ? ends[^1] : now);
        Median = times.Count > 0 ? times[times.Count / 2] : double.NaN;
        ServerCopies = network.Sent[0] / Scenario.Bytes;
    }
}
