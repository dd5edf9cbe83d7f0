namespace Sharing;

/// <summary>Changes that a store makes all at once or not at all, each only if the record still has the version expected.</summary>
/// <remarks>Not thread-safe. A key may occur once.</remarks>
public sealed class RecordBatch
{
    /// <summary>Expects nothing: whatever is there is overwritten.</summary>
    public const long Any = -1;

    /// <summary>Expects that there is no record.</summary>
    public const long Absent = 0;

    readonly Dictionary<RecordKey, RecordChange> _changes = [];

    /// <summary>The changes, one for each key.</summary>
    public IReadOnlyCollection<RecordChange> Changes => _changes.Values;

    /// <summary>Whether the batch leads to room: it deletes something (then this is set already), or is a step towards that. A store that keeps
    /// room back lets it have that on a full disk.</summary>
    public bool MakesRoom { get; set; }

    /// <summary>Writes a record.</summary>
    /// <exception cref="ArgumentException">The key was named before, or the value is too long.</exception>
    public RecordBatch Put(RecordKey key, ReadOnlyMemory<byte> json, long expected)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(json.Length, Record.MaxJsonLength, nameof(json));
        return Add(new(key, RecordChangeKind.Put, json, expected));
    }

    /// <summary>Deletes a record; with <see cref="Any"/> it need not be there.</summary>
    public RecordBatch Delete(RecordKey key, long expected)
    {
        MakesRoom = true;
        return Add(new(key, RecordChangeKind.Delete, default, expected));
    }

    /// <summary>Changes nothing, but lets the batch happen only while the record has this version.</summary>
    public RecordBatch Check(RecordKey key, long expected) => Add(new(key, RecordChangeKind.Check, default, expected));

    RecordBatch Add(RecordChange change)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(change.Expected, Any, nameof(change));
        if (!_changes.TryAdd(change.Key, change))
        {
            throw new ArgumentException($"The batch has a change for '{change.Key}' already.", nameof(change));
        }

        return this;
    }
}
