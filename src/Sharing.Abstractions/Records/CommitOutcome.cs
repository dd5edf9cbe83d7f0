namespace Sharing;

/// <summary>How a commit ended.</summary>
/// <param name="Version">The version that all records put by it have now; 0 when nothing was changed because of a conflict.</param>
/// <param name="Conflict">A record that did not have the version expected; <c>null</c> when committed.</param>
public readonly record struct CommitOutcome(long Version, RecordKey? Conflict)
{
    /// <summary>Whether the changes were made.</summary>
    public bool Committed => Conflict is null;
}
