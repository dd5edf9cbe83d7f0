using System.Globalization;

namespace Sharing.Trials.Durability;

/// <summary>What a storing process told before it ended: the only witness of what was acknowledged.</summary>
sealed class StoringJournal
{
    readonly Dictionary<string, (int Round, int Kind, ContentId Id)> _put = new(StringComparer.Ordinal);
    readonly Dictionary<int, int> _flushed = [];
    readonly HashSet<int> _kept = [];
    readonly Dictionary<int, (string Id, int Offset)> _uploads = [];
    readonly Dictionary<int, (string Id, ContentId Content)> _uploaded = [];
    readonly Dictionary<int, string> _messages = [];
    readonly List<string> _lines = [];

    /// <summary>Acknowledged and not taken back.</summary>
    public IReadOnlyDictionary<string, (int Round, int Kind, ContentId Id)> Put => _put;

    /// <summary>The bytes flushed of partials that were neither published nor old enough for a sweep.</summary>
    public IReadOnlyDictionary<int, int> Flushed => _flushed;

    /// <summary>Uploads begun, and how far they had come.</summary>
    public IReadOnlyDictionary<int, (string Id, int Offset)> Uploads => _uploads;

    /// <summary>Uploads that were complete.</summary>
    public IReadOnlyDictionary<int, (string Id, ContentId Content)> Uploaded => _uploaded;

    /// <summary>Messages that were sent.</summary>
    public IReadOnlyDictionary<int, string> Messages => _messages;

    /// <summary>Resources that the library was told to keep.</summary>
    public IReadOnlySet<int> Kept => _kept;

    /// <summary>How often each step was reached, told at a regular end.</summary>
    public Dictionary<string, int> Steps { get; } = new(StringComparer.Ordinal);

    /// <summary>What was tried and failed, with the code of the problem, of a process that goes on.</summary>
    public List<(string What, string Code)> Failed { get; } = [];

    /// <summary>What was acknowledged, and could not be read.</summary>
    public List<string> Unreadable { get; } = [];

    /// <summary>How many rounds went by, of a process that goes on.</summary>
    public int Rounds { get; private set; }

    /// <summary>Of a disk that flushes nothing any more.</summary>
    public bool FlushesFailForEver { get; init; }

    public bool Ended { get; private set; }

    /// <summary>The number of a round that no process has begun.</summary>
    public int NextRound { get; private set; }

    public void Add(string line)
    {
        _lines.Add(line);
        switch (line.Split(' '))
        {
            case ["put", var round, var kind, var id]:
                _put[$"put-{round}-{kind}"] = (Number(round), Number(kind), ContentId.Parse(id));
                break;
            case ["drop", var owner]:
                _put.Remove(owner);
                break;
            case ["flushed", var round, var bytes]:
                _flushed[Number(round)] = Number(bytes);
                NextRound = Math.Max(NextRound, Number(round) + 1);
                break;
            case ["publishing", var round]:
                _flushed.Remove(Number(round));
                break;
            case ["sweep"]:
                _flushed.Clear();
                break;
            case ["upload", var round, var id, var offset]:
                _uploads[Number(round)] = (id, Number(offset));
                break;
            case ["give-up", var round]:
                _uploads.Remove(Number(round));
                break;
            case ["uploaded", var round, var id, var content]:
                _uploads.Remove(Number(round));
                _uploaded[Number(round)] = (id, ContentId.Parse(content));
                break;
            case ["message", var round, var id]:
                _messages[Number(round)] = id;
                break;
            case ["keep", var round]:
                _kept.Add(Number(round));
                break;
            case ["step", var name, var count]:
                Steps[name] = Number(count);
                break;
            case ["failed", .. var what, var code]:
                Failed.Add((string.Join(' ', what), code));
                if (FlushesFailForEver && what is ["upload", var upload] && _uploads.TryGetValue(Number(upload), out var begun))
                {
                    _uploads[Number(upload)] = (begun.Id, 0); // what was durable could not be kept apart from what was not; it was said
                }

                break;
            case ["unreadable", ..]:
                Unreadable.Add(line);
                break;
            case ["round", _]:
                Rounds++;
                break;
            case ["end"]:
                Ended = true;
                break;
        }
    }

    /// <summary>Of what was acknowledged, what nobody has begun to take back since.</summary>
    public StoringJournal Standing(StoringJournal later)
    {
        var standing = Copy();
        foreach (var owner in _put.Keys.Where(owner => !later._put.ContainsKey(owner)))
        {
            standing._put.Remove(owner);
        }

        foreach (var round in _flushed.Keys.Where(round => !later._flushed.ContainsKey(round)))
        {
            standing._flushed.Remove(round);
        }

        foreach (var round in _uploads.Keys.Where(round => !later._uploads.ContainsKey(round) && !later._uploaded.ContainsKey(round)))
        {
            standing._uploads.Remove(round);
        }

        return standing;
    }

    /// <summary>What was told until now.</summary>
    public StoringJournal Copy()
    {
        var copy = new StoringJournal();
        foreach (var line in _lines)
        {
            copy.Add(line);
        }

        return copy;
    }

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
