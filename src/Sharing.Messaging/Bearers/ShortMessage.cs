namespace Sharing.Messaging;

/// <summary>A short message as a gateway takes it.</summary>
/// <param name="To">The number, with its country's code.</param>
/// <param name="Text">What is sent.</param>
public sealed record ShortMessage(string To, string Text);
