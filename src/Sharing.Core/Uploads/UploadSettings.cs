namespace Sharing.Core;

/// <summary>How a client uploads. Immutable.</summary>
public sealed record UploadSettings
{
    /// <summary>What is said of the bytes.</summary>
    public UploadMetadata Metadata { get; init; } = UploadMetadata.Empty;

    /// <summary>The greatest part that one request brings, in bytes, at least 1; <c>null</c>: all that is left. With a checksum each part is read twice; 8 MiB then.</summary>
    public long? PartLength { get; init; }

    /// <summary>By what each part is checked: one of <see cref="UploadChecksum.Algorithms"/> that the server knows; <c>null</c>: by nothing.</summary>
    public string? Checksum { get; init; }

    /// <summary>How often in a row a request may fail without any byte being gained before the upload is given up. At least 1; 8.</summary>
    public int Attempts { get; init; } = 8;

    /// <summary>The rest before the second attempt; it doubles with each further one, up to 30 seconds. Half a second.</summary>
    public TimeSpan FirstRest { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Told the upload's address once it is there: whoever keeps it can go on after a crash.</summary>
    public Action<Uri>? Began { get; init; }

    /// <summary>Told how many bytes were sent or are there; goes back where a break cost some.</summary>
    public IProgress<long>? Progress { get; init; }
}
