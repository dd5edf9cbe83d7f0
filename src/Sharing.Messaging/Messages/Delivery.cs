namespace Sharing.Messaging;

/// <summary>One receiver of a message.</summary>
/// <param name="To">The network id as the sender wrote it.</param>
/// <param name="State">How far it has come.</param>
public sealed record Delivery(string To, DeliveryState State);
