namespace Sharing.Messaging;

/// <summary>A resource that is to be opened.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it is, by its bytes.</param>
/// <param name="Content">Its bytes.</param>
public sealed record ResourceToOpen(string Name, ResourceType Type, IContentReader Content);
