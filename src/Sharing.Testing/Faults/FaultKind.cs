namespace Sharing.Testing;

/// <summary>What goes wrong with a call.</summary>
public enum FaultKind
{
    /// <summary>Nothing of it happens, and it fails.</summary>
    Failing,

    /// <summary>All of it happens, and it fails: the answer was lost.</summary>
    LosingAnswer,

    /// <summary>Half of it happens, and it fails. Reads and writes of bytes only.</summary>
    Tearing,

    /// <summary>It happens with one bit of its bytes turned, and nobody says so. Reads and writes of bytes, and values of records.</summary>
    Corrupting,

    /// <summary>Something else happens first; then it goes on as if nothing were.</summary>
    Waiting,
}
