namespace Sharing.Social;

/// <summary>A document for other servers.</summary>
/// <param name="Json">It, in UTF-8.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="IsGone">Whether it says that something is not there any more (410).</param>
/// <param name="Page">Where people are shown it, if they come with a browser.</param>
public sealed record FederationDocument(ReadOnlyMemory<byte> Json, string MediaType, bool IsGone = false, Uri? Page = null);
