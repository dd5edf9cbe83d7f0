namespace Sharing.Messaging;

/// <summary>What somebody wants of what the server chooses for him.</summary>
/// <param name="IsOff">Whether the server is to send nothing by itself, and to learn nothing more.</param>
public sealed record TasteChange(bool IsOff);
