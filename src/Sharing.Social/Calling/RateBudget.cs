using System.Collections.Concurrent;

namespace Sharing.Social;

/// <summary>What an account may still do at its server before the server turns it away: kept here, so that the limit is not run into. Thread-safe.</summary>
/// <remarks>In memory alone: after a start nothing is known, and the server says so with its first 429. Whoever is held is given a time of his own in one of the next
/// windows, so that a long queue does not come back all at once each time.</remarks>
sealed class RateBudget(TimeProvider time, params (int Points, TimeSpan Window)[] rules)
{
    const int MostAccounts = 10_000;

    static readonly TimeSpan s_shortest = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<string, Spent> _accounts = new(StringComparer.Ordinal);

    /// <summary>Takes points.</summary>
    /// <returns><c>null</c>, or when to come again.</returns>
    public DateTimeOffset? Take(string account, int points)
    {
        var spent = Of(account);
        lock (spent)
        {
            var now = time.GetUtcNow();
            if (spent.Closed > now)
            {
                return spent.Hold(spent.Closed, rules.Length == 0 ? (1, TimeSpan.Zero) : rules[0], points);
            }

            for (var i = 0; i < rules.Length; i++)
            {
                if (now >= spent.Ends[i])
                {
                    (spent.Ends[i], spent.Points[i], spent.Held) = (now + rules[i].Window, 0, 0);
                }

                if (spent.Points[i] + points > rules[i].Points)
                {
                    return spent.Hold(spent.Ends[i], rules[i], points);
                }
            }

            for (var i = 0; i < rules.Length; i++)
            {
                spent.Points[i] += points;
            }

            return null;
        }
    }

    /// <summary>The server takes nothing more of this account until then.</summary>
    public void Close(string account, DateTimeOffset until)
    {
        var spent = Of(account);
        lock (spent)
        {
            if (until > spent.Closed)
            {
                (spent.Closed, spent.Held) = (until, 0);
            }
        }
    }

    Spent Of(string account)
    {
        if (_accounts.Count > MostAccounts)
        {
            _accounts.Clear(); // what was known is told again
        }

        return _accounts.GetOrAdd(account, static (_, count) => new Spent(count), rules.Length);
    }

    sealed class Spent(int rules)
    {
        public DateTimeOffset[] Ends { get; } = new DateTimeOffset[rules];

        public int[] Points { get; } = new int[rules];

        public DateTimeOffset Closed { get; set; }

        public int Held { get; set; }

        public DateTimeOffset Hold(DateTimeOffset until, (int Points, TimeSpan Window) rule, int points)
        {
            Held += points;
            return until + s_shortest + (rule.Window * (Held / rule.Points));
        }
    }
}
