namespace Sharing;

/// <summary>Where contents are kept.</summary>
public sealed class StorageOptions
{
    /// <summary>The folder of the contents; <c>null</c>: in memory, gone with the process.</summary>
    public string? ContentFolder { get; set; }
}
