namespace Sharing.P2P;

/// <summary>The record <c>own-share/{share}</c> of the sharer's own terminal.</summary>
/// <param name="Owner">Whose.</param>
/// <param name="Server">Where his space is.</param>
/// <param name="Content">What it is.</param>
/// <param name="Name">The file's name.</param>
/// <param name="IsComplete">Whether the server has all of it.</param>
/// <param name="Open">The manifest that anybody may have who has the link, with a ticket for no terminal in particular; <c>null</c>: it is not for everyone.</param>
sealed record OwnShare(PersonId Owner, Uri Server, ContentId Content, string Name, bool IsComplete, ShareManifest? Open);
