namespace Sharing.Messaging;

/// <summary>What a bearer brings.</summary>
/// <param name="Text">For people: one short message, with a link.</param>
/// <param name="Code">The code that proves that an address is somebody's; <c>null</c>: it is a wake-up.</param>
/// <param name="Link">Where the inbox is; <c>null</c>: it is a code.</param>
public sealed record BearerWords(string Text, string? Code, Uri? Link);
