using System.Collections.Concurrent;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Remembers which parts of a content were given away how often, so that terminals which fetch together get different ones. Thread-safe singleton.</summary>
/// <remarks>A hint, in memory: whatever it says, each gets one of the parts that he asked for. What nobody asked for in ten minutes is forgotten.</remarks>
public sealed class FirstCopies(TimeProvider time)
{
    const int MostContents = 1000;
    static readonly TimeSpan Life = TimeSpan.FromMinutes(10);
    static readonly TimeSpan UnderWay = TimeSpan.FromSeconds(3);

    readonly ConcurrentDictionary<ContentId, Given> _contents = new();

    /// <summary>Chooses the part that was given to the fewest; among equals the first. -1: all of them were given to others within the last seconds, who should soon have them.</summary>
    public int Choose(ContentId content, IReadOnlyList<ByteRun> parts)
    {
        var now = time.GetUtcNow();
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

        return _contents.Count < MostContents || _contents.ContainsKey(content) ? _contents.GetOrAdd(content, static _ => new()).Choose(parts, now) : 0;
    }

    sealed class Given
    {
        readonly Dictionary<long, (int Count, DateTimeOffset Last)> _parts = [];

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
                for (var i = 0; i < parts.Count; i++)
                {
                    var (count, last) = _parts.GetValueOrDefault(parts[i].Offset);
                    (best, fewest) = count < fewest && (count == 0 || now - last > UnderWay) ? (i, count) : (best, fewest);
                }

                if (best >= 0)
                {
                    _parts[parts[best].Offset] = (fewest + 1, now);
                }

                return best;
            }
        }
    }
}
