namespace Sharing.P2P;

/// <summary>A share that this terminal has, or has some of: the record <c>held-share/{content}</c>.</summary>
/// <param name="Manifest">What is known of it, with a ticket.</param>
/// <param name="Server">The shared-data server; <c>null</c>: none was told.</param>
/// <param name="Actor">Whose sign-in opened it; <c>null</c>: nobody's.</param>
/// <param name="Members">Other terminals that were there last.</param>
public sealed record HeldShare(ShareManifest Manifest, Uri? Server = null, PersonId? Actor = null, IReadOnlyList<SwarmMember>? Members = null);
