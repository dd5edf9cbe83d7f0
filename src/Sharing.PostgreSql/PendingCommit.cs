using System.Security.Cryptography;

namespace Sharing.PostgreSql;

/// <summary>A batch as the function <c>commit_2</c> takes it: first what is put (what must have a version, what may have any, what must be new), then what is deleted, then what is only looked at.</summary>
sealed class PendingCommit
{
    /// <summary>So many locks of its own a commit takes at most: the server has 64 for each connection.</summary>
    const int MostLocks = 50;

    public PendingCommit(RecordBatch batch)
    {
        var changes = batch.Changes.ToArray();
        Array.Sort(changes, static (one, other) => one.Kind != other.Kind ? one.Kind.CompareTo(other.Kind) : Rank(one).CompareTo(Rank(other)));
        Keys = Array.ConvertAll(changes, static change => change.Key.Value);
        Expected = Array.ConvertAll(changes, static change => change.Expected);
        Puts = new byte[changes.Count(static change => change.Kind == RecordChangeKind.Put)][];
        for (var i = 0; i < Puts.Length; i++)
        {
            Puts[i] = changes[i].Json.ToArray();
        }

        Deletes = changes.Count(static change => change.Kind == RecordChangeKind.Delete);
        Locks = changes.Length > MostLocks ? [] : LocksOf(Keys, Puts.Length + Deletes);
    }

    public long[] Locks { get; }

    public string[] Keys { get; }

    public long[] Expected { get; }

    public byte[][] Puts { get; }

    public int Deletes { get; }

    /// <summary>Tells it from all others.</summary>
    public long Mark { get; } = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    /// <summary>The process of the server that it was sent to before, and nobody knows what came of it; <c>null</c>: it was not.</summary>
    public int? SentTo { get; set; }

    /// <summary>Whether it is asked first what is there: something that was to be new was.</summary>
    public bool LooksFirst { get; set; }

    static int Rank(RecordChange change) => change.Expected switch { > 0 => 0, RecordBatch.Any => 1, _ => 2 };

    static long[] LocksOf(string[] keys, int changed)
    {
        var locks = new long[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            locks[i] = ((long)Hash(keys[i]) << 1) | (i < changed ? 0L : 1L);
        }

        // An exclusive lock comes just before a shared one of the same hash, and is enough.
        Array.Sort(locks);
        var kept = 0;
        for (var i = 0; i < locks.Length; i++)
        {
            if (kept == 0 || locks[kept - 1] >> 1 != locks[i] >> 1)
            {
                locks[kept++] = locks[i];
            }
        }

        return locks[..kept];
    }

    /// <summary>FNV-1a: the same on all hosts, of whatever version.</summary>
    static int Hash(string key)
    {
        var hash = 2_166_136_261u;
        foreach (var character in key)
        {
            hash = unchecked((hash ^ character) * 16_777_619u);
        }

        return (int)hash;
    }
}
