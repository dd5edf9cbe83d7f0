namespace Sharing.Core;

/// <summary>Which groups of a content were read and found right lately. Thread-safe.</summary>
sealed class ProvenGroups(long length, long until)
{
    readonly long[] _bits = new long[(ContentTree.GroupCount(length) + 63) / 64];
    volatile bool _list;

    /// <summary>The content's length in bytes.</summary>
    public long Length => length;

    /// <summary>The timestamp from which on nothing here counts.</summary>
    public long Until => until;

    /// <summary>Whether the list of group hashes was found to fold into the id.</summary>
    public bool List
    {
        get => _list;
        set => _list = value;
    }

    public bool this[long group] => (Volatile.Read(ref _bits[group / 64]) & (1L << (int)(group % 64))) != 0;

    public void Add(long group) => Interlocked.Or(ref _bits[group / 64], 1L << (int)(group % 64));
}
