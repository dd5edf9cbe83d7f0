using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Counts what each terminal took of each content, until the ticket that it came with expires. Thread-safe.</summary>
/// <param name="copies">How many times the content it may take; 0: as often as it likes.</param>
sealed class UploadAllowances(int copies)
{
    /// <summary>How many are counted; beyond that those are forgotten who took least.</summary>
    const int MostCounted = 10_000;

    readonly Lock _lock = new();
    readonly Dictionary<(string Device, ContentId Content), Taken> _taken = [];

    /// <summary>What a terminal took of the content that its ticket opens; <c>null</c>: it is not counted.</summary>
    public Taken? Of(string? device, ShareTicket ticket, DateTimeOffset now)
    {
        if (copies == 0 || device is null)
        {
            return null;
        }

        lock (_lock)
        {
            var key = (device, ticket.Content);
            if (_taken.TryGetValue(key, out var known) && known.Expires > now)
            {
                return known;
            }

            MakeRoom(now);
            return _taken[key] = new(ticket.Expires, copies * (double)Math.Max(ticket.Length, ContentTree.GroupSize));
        }
    }

    /// <summary>Forgets what a terminal took.</summary>
    public void Forget(string device)
    {
        lock (_lock)
        {
            foreach (var key in _taken.Keys.Where(key => key.Device == device).ToArray())
            {
                _taken.Remove(key);
            }
        }
    }

    void MakeRoom(DateTimeOffset now)
    {
        if (_taken.Count >= MostCounted)
        {
            foreach (var old in _taken.OrderBy(one => one.Value.Expires > now).ThenBy(static one => one.Value.Bytes).Take(MostCounted / 4).Select(static one => one.Key).ToArray())
            {
                _taken.Remove(old);
            }
        }
    }

    /// <summary>What one terminal took of one content.</summary>
    public sealed class Taken(DateTimeOffset expires, double most)
    {
        long _bytes;

        public DateTimeOffset Expires => expires;

        public long Bytes => Interlocked.Read(ref _bytes);

        public bool IsAll => Bytes >= most;

        /// <summary>It takes more.</summary>
        /// <returns>Whether it may.</returns>
        public bool Add(int bytes) => Interlocked.Add(ref _bytes, bytes) <= most;
    }
}
