namespace Sharing.Messaging;

/// <summary>A handler package, or an index of them, is not taken.</summary>
public sealed class HandlerRefusedException(HandlerFault fault, string message) : Exception(message)
{
    /// <summary>Why.</summary>
    public HandlerFault Fault { get; } = fault;
}
