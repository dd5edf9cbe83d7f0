namespace Sharing.P2P;

/// <summary>Which of the terminals that an index names a terminal asks from now on, and when it announces itself again. Not thread-safe.</summary>
/// <remarks>Each acquaintance costs a connection and news of each of its chunks, and more than some dozens bring nothing more. A few more are met with each announcement, because others go.</remarks>
sealed class Acquaintances
{
    /// <summary>How often one is asked anew because it says that it was started anew.</summary>
    const int MostSessions = 8;

    const int AtFirst = 50;
    const int MoreEach = 2;

    /// <summary>An index hears of each terminal about so often, and less where there are very many: 1,000 announcements a second, or one from each in 20 seconds.</summary>
    const int AnnouncementsPerSecond = 1000;

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    static readonly TimeSpan LongestPauseOfMany = TimeSpan.FromSeconds(20);

    readonly Dictionary<string, (long Session, int Times)> _known = new(StringComparer.Ordinal);
    TimeSpan _pause = FirstPause / 2;
    int _most = AtFirst;

    /// <summary>Whether a terminal that the index named is to be asked from now on: it was not known, or has started anew.</summary>
    public bool Meet(SwarmMember member)
    {
        var isKnown = _known.TryGetValue(member.Device, out var known);
        if (member.Addresses.Count == 0 || (isKnown ? known.Session == member.Session || known.Times >= MostSessions : _known.Count >= _most))
        {
            return false;
        }

        _known[member.Device] = (member.Session, known.Times + 1);
        return true;
    }

    /// <summary>How long to wait until the next announcement.</summary>
    /// <param name="terminals">How many terminals the index knows.</param>
    public TimeSpan NextPause(int terminals)
    {
        var longest = TimeSpan.FromSeconds(Math.Clamp((double)terminals / AnnouncementsPerSecond, LongestPause.TotalSeconds, LongestPauseOfMany.TotalSeconds));
        _most += MoreEach;
        return _pause = _pause * 2 < longest ? _pause * 2 : longest;
    }
}
