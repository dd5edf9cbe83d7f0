namespace Sharing.Apps;

/// <summary>What an update did.</summary>
/// <param name="Kind">How.</param>
/// <param name="State">What is held now.</param>
/// <param name="Fetched">Bytes of the index, or the difference, that were fetched for it, in vain ones included.</param>
/// <param name="LeftOut">Apps of the index that are not taken because something that must be said of them is missing or wrong; only of a whole index, and only for this time.</param>
public sealed record FdroidUpdate(FdroidUpdateKind Kind, FdroidState State, long Fetched = 0, int LeftOut = 0);
