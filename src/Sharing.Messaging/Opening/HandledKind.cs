namespace Sharing.Messaging;

/// <summary>A kind of resource that a handler opens.</summary>
public sealed record HandledKind
{
    /// <summary>Its media type; a type with <c>*</c> behind the slash: all of them.</summary>
    public required string MediaType { get; init; }

    /// <summary>The bytes that such a resource begins with, in hex. A kind of a handler's own, which nobody else knows, needs them: a resource is never opened by what it is said to be alone.</summary>
    public string? Magic { get; init; }
}
