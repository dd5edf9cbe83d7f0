namespace Sharing;

/// <summary>A row of the operator's compatibility table: what the rules do not know. Columns that are <c>null</c> mean any; the row with the most columns decides.</summary>
public sealed record CompatibilityOverride
{
    /// <summary>Which app.</summary>
    public required AppId App { get; init; }

    /// <summary>SHA-256 of the package file, lower-case hex.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The version code.</summary>
    public long? VersionCode { get; init; }

    /// <summary>The manufacturer's id of the device.</summary>
    public string? DeviceId { get; init; }

    /// <summary>The model of the device.</summary>
    public string? Model { get; init; }

    /// <summary>The version of the platform that people read.</summary>
    public string? OsVersion { get; init; }

    /// <summary>Pixels of the longer side of the screen.</summary>
    public int? LongSide { get; init; }

    /// <summary>Pixels of the shorter side of the screen.</summary>
    public int? ShortSide { get; init; }

    /// <summary>What then.</summary>
    public required OverrideVerdict Verdict { get; init; }

    /// <summary>Why, for people.</summary>
    public string? Reason { get; init; }
}
