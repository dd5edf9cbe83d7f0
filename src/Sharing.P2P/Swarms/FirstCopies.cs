using System.Collections.Concurrent;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Remembers which parts of a content were given away how often, so that terminals which fetch together get different ones, and gives few at once. Thread-safe singleton.</summary>
/// <remarks>A hint, in memory: whatever it says, each gets one of the parts that he asked for. What nobody asked for in ten minutes is forgotten. Few at once, because a part can be given on
/// only when all of it is there: of two that share an uplink, both come as late as the second of two that follow each other.</remarks>
public sealed class FirstCopies(TimeProvider time)
{
    /// <summary>So many are under way at once, and more where those who get them take slowly (<see cref="UploadSlots"/>).</summary>
    public const int MostAtOnce = 4;

    /// <summary>So many lists of group hashes are sent at once; whoever asks then finds one elsewhere, or comes again. Each is 1/2,048 of its content: all at once, none would be there soon.</summary>
    public const int MostLists = 4;

    const int MostContents = 1000;
    static readonly TimeSpan Life = TimeSpan.FromMinutes(10);
    static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    readonly ConcurrentDictionary<ContentId, Given> _contents = new();
    readonly UploadSlots _slots = new(MostAtOnce, int.MaxValue, time, P2POptions.ServerSlots);
    int _lists;

    /// <summary>Whether one more list of group hashes may be sent now, to be disposed when it is; <c>null</c>: others are before.</summary>
    public IDisposable? TakeList()
    {
        if (Interlocked.Increment(ref _lists) <= MostLists)
        {
            return new FirstCopy(0, _slots, _ => Interlocked.Decrement(ref _lists));
        }

        Interlocked.Decrement(ref _lists);
        return null;
    }

    /// <summary>Chooses the part that was given to the fewest; among equals the first.</summary>
    /// <returns>Which, to be disposed when it is sent; <c>null</c>: as many as should be are under way, or all of these parts were given to others, who should have them within seconds.</returns>
    public FirstCopy? Choose(ContentId content, IReadOnlyList<ByteRun> parts)
    {
        if (_slots.Take("") is not { } slot)
        {
            return null;
        }

        var (now, chosen) = (time.GetUtcNow(), 0);
        Forget(content, now);
        var given = _contents.Count < MostContents || _contents.ContainsKey(content) ? _contents.GetOrAdd(content, static _ => new()) : null;
        if (given is not null && (chosen = given.Choose(parts, now)) < 0)
        {
            slot.Dispose();
            return null;
        }

        return new(chosen, _slots, isSent =>
        {
            slot.Dispose();
            given?.Over(EndOf(parts[chosen]), isSent, time.GetUtcNow());
        });
    }

    /// <summary>What tells parts apart: whoever has the beginning of a chunk asks for the rest, which is the same; a group that a newcomer tries the server by is not its chunk.</summary>
    static long EndOf(ByteRun part) => part.Offset + part.Length;

    void Forget(ContentId content, DateTimeOffset now)
    {
        if (_contents.Count >= MostContents && !_contents.ContainsKey(content))
        {
            foreach (var (old, given) in _contents)
            {
                if (now - given.Asked > Life)
                {
                    _contents.TryRemove(old, out _);
                }
            }
        }
    }

    sealed class Given
    {
        readonly Dictionary<long, (int Count, int UnderWay, DateTimeOffset Last)> _parts = [];

        public DateTimeOffset Asked { get; private set; }

        public int Choose(IReadOnlyList<ByteRun> parts, DateTimeOffset now)
        {
            lock (_parts)
            {
                if (now - Asked > Life)
                {
                    _parts.Clear();
                }

                Asked = now;
                var (best, fewest) = (-1, int.MaxValue);
                for (var i = 0; i < parts.Count && fewest > 0; i++)
                {
                    var (count, underWay, last) = _parts.GetValueOrDefault(EndOf(parts[i]));
                    (best, fewest) = count < fewest && (count == 0 || (underWay == 0 && now - last > Settling)) ? (i, count) : (best, fewest);
                }

                if (best >= 0)
                {
                    _parts[EndOf(parts[best])] = (fewest + 1, _parts.GetValueOrDefault(EndOf(parts[best])).UnderWay + 1, now);
                }

                return best;
            }
        }

        public void Over(long end, bool isSent, DateTimeOffset now)
        {
            lock (_parts)
            {
                if (_parts.TryGetValue(end, out var part))
                {
                    _parts[end] = (part.Count - (isSent ? 0 : 1), part.UnderWay - 1, now);
                }
            }
        }
    }
}
