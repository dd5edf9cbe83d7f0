namespace Sharing.Offline;

/// <summary>What is to be downloaded.</summary>
public sealed record DownloadRequest
{
    /// <summary>Any http or https address, or the link of a post.</summary>
    public required Uri Address { get; init; }

    /// <summary>The name to save it under; by default the post's, the origin's, or the address's.</summary>
    public string? Name { get; init; }
}
