namespace Sharing.Offline;

/// <summary>What people at a network made of a post.</summary>
/// <param name="Network">The network.</param>
/// <param name="Responses">Comments first, oldest first; at most 100.</param>
/// <param name="Fault">Why they could not be read, where they could not.</param>
public sealed record NetworkResponses(string Network, IReadOnlyList<PostResponse> Responses, string? Fault = null);
