namespace Sharing.P2P;

/// <summary>Which of the terminals that an index names a terminal asks from now on, and when it announces itself again. Not thread-safe.</summary>
sealed class Acquaintances
{
    /// <summary>How many are known in one fetch.</summary>
    const int MostKnown = 10_000;

    /// <summary>How often one is asked anew because it says that it was started anew.</summary>
    const int MostSessions = 8;

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    readonly Dictionary<string, (long Session, int Times)> _known = new(StringComparer.Ordinal);
    TimeSpan _pause = FirstPause / 2;

    /// <summary>Whether a terminal that the index named is to be asked from now on: it was not known, or has started anew.</summary>
    public bool Meet(SwarmMember member)
    {
        if (member.Addresses.Count == 0 || (_known.TryGetValue(member.Device, out var known) ? known.Session == member.Session || known.Times >= MostSessions : _known.Count >= MostKnown))
        {
            return false;
        }

        _known[member.Device] = (member.Session, known.Times + 1);
        return true;
    }

    /// <summary>How long to wait until the next announcement.</summary>
    public TimeSpan NextPause() => _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
}
