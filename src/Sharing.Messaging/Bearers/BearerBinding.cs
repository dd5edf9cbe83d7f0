namespace Sharing.Messaging;

/// <summary>An address at which a person can be woken.</summary>
/// <param name="Bearer">By what.</param>
/// <param name="Address">The address.</param>
/// <param name="IsConfirmed">Whether he has shown that it is his.</param>
public sealed record BearerBinding(string Bearer, string Address, bool IsConfirmed);
