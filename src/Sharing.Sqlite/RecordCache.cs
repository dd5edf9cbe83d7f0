namespace Sharing.Sqlite;

// What was read or written lately, so that it is not read from the file again: the database is one process' own, nothing changes behind it.
//
// What is here is what is committed, at every moment, so that whoever has seen a commit in a scan sees it here, too: what a transaction changes is
// forgotten before COMMIT and known again after it, and what was read while one ended is not kept.
//
// Bound: twice 8 MiB of keys and values. What was not asked for since the younger half was last full is gone. Thread-safe.
sealed class RecordCache
{
    const int Half = 8 << 20, Overhead = 200;

    readonly Lock _turn = new();
    Dictionary<RecordKey, Record?> _young = [], _old = [];
    long _bytes, _changes; // odd while a transaction ends

    public long Changes => Interlocked.Read(ref _changes);

    // Null, where it is known that there is none.
    public bool TryGet(RecordKey key, out Record? record)
    {
        lock (_turn)
        {
            if (_young.TryGetValue(key, out record))
            {
                return true;
            }

            if (!_old.Remove(key, out record))
            {
                return false;
            }

            Add(key, record);
            return true;
        }
    }

    // What a reader has found, who began at that number of changes.
    public void Keep(RecordKey key, Record? record, long changes)
    {
        lock (_turn)
        {
            if (changes == _changes && changes % 2 == 0)
            {
                Add(key, record);
            }
        }
    }

    public void Begin(IEnumerable<RecordKey> changed)
    {
        lock (_turn)
        {
            _changes++;
            foreach (var key in changed)
            {
                _young.Remove(key);
                _old.Remove(key);
            }
        }
    }

    public void End(IEnumerable<(RecordKey Key, Record? Record)> committed)
    {
        lock (_turn)
        {
            _changes++;
            foreach (var (key, record) in committed)
            {
                Add(key, record);
            }
        }
    }

    void Add(RecordKey key, Record? record)
    {
        _young[key] = record;
        if ((_bytes += Overhead + (2 * key.Value.Length) + (record?.Json.Length ?? 0)) > Half)
        {
            (_old, _young, _bytes) = (_young, [], 0);
        }
    }
}
