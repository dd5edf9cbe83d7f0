namespace Sharing.Social;

/// <summary>What became of a request to an inbox.</summary>
/// <param name="Status">The status to answer: 202 taken (or known already, or of no interest here), 400, 401 not proven, or not now, 413 too long.</param>
/// <param name="Reason">Why, where it is not taken.</param>
public sealed record InboxOutcome(int Status, string? Reason = null);
