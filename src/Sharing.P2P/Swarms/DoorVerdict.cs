namespace Sharing.P2P;

/// <summary>What whoever shows a good ticket is told.</summary>
public enum DoorVerdict
{
    /// <summary>Come in.</summary>
    Open,

    /// <summary>Others come first; come again in a moment.</summary>
    Busy,

    /// <summary>He has had as many copies as one may have while a ticket lasts.</summary>
    Enough,
}
