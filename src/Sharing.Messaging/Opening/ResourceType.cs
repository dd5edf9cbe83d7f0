namespace Sharing.Messaging;

/// <summary>What a resource is, found out by its bytes.</summary>
/// <param name="MediaType">The type that the bytes show; <c>application/octet-stream</c>: none that is known here.</param>
/// <param name="Said">What it was said to be, if the bytes may well be that.</param>
public sealed record ResourceType(string MediaType, string? Said)
{
    /// <summary>Of which nothing is known.</summary>
    public const string Unknown = "application/octet-stream";

    /// <summary>The type to open it by: what it was said to be where that says more than the bytes, and does not contradict them.</summary>
    public string Best => Said ?? MediaType;
}
