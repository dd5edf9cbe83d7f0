namespace Sharing;

/// <summary>Where contents are kept.</summary>
public sealed class StorageOptions
{
    /// <summary>The folder of the contents; <c>null</c>: in memory, gone with the process.</summary>
    public string? ContentFolder { get; set; }

    /// <summary>Up to which length, in bytes, a content that comes in one piece is kept in the records, where many of them are made durable together. 16 KiB,
    /// at most 64; 0: none. Only where both the records and the contents outlive the process.</summary>
    public int SmallContents { get; set; } = 16 * 1024;

    /// <summary>How long bytes that were read and found to be what their id says are handed out again without being hashed again. 10 minutes.</summary>
    public TimeSpan TrustFor { get; set; } = TimeSpan.FromMinutes(10);
}
