namespace Sharing;

/// <summary>An app on a device.</summary>
public sealed record InstalledApp
{
    /// <summary>Which.</summary>
    public required AppId App { get; init; }

    /// <summary>The name that people know it by.</summary>
    public string? Name { get; init; }

    /// <summary>Its version code: nothing older is installed over it.</summary>
    public long VersionCode { get; init; }

    /// <summary>The version that people read.</summary>
    public string? Version { get; init; }

    /// <summary>SHA-256 of the certificates that signed it, lower-case hex: only they, or who took over from them, may sign what is installed over it. Empty: not known.</summary>
    public IReadOnlyList<string> Certificates { get; init => field = value ?? []; } = [];
}
