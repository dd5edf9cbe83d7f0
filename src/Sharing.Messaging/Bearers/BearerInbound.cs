namespace Sharing.Messaging;

/// <summary>What came in by a bearer.</summary>
/// <param name="From">The address that it came from.</param>
/// <param name="Text">What was written: words to look for in the catalogue.</param>
public sealed record BearerInbound(string From, string Text);
