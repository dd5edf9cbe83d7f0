namespace Sharing;

/// <summary>What a change does.</summary>
public enum RecordChangeKind
{
    /// <summary>Writes the record.</summary>
    Put,

    /// <summary>Deletes it.</summary>
    Delete,

    /// <summary>Looks at its version only.</summary>
    Check,
}
