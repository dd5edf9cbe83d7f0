namespace Sharing.Testing;

/// <summary>A post as a network shows it to people.</summary>
/// <param name="Text">What they read.</param>
/// <param name="Link">Where it leads; <c>null</c> where the network has the link in the text alone.</param>
public sealed record ShownPost(string Text, Uri? Link = null);
