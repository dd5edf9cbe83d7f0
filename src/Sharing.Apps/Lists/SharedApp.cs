namespace Sharing.Apps;

/// <summary>An app that somebody shows to others (row A3).</summary>
public sealed record SharedApp
{
    /// <summary>Which.</summary>
    public required AppId App { get; init; }

    /// <summary>The platform.</summary>
    public string Os { get; init => field = value ?? "android"; } = "android";

    /// <summary>The name that people know it by; at most 200 characters. What would turn text around is taken out.</summary>
    public string? Name { get; init; }

    /// <summary>The version that people read.</summary>
    public string? Version { get; init; }

    /// <summary>The version code.</summary>
    public long VersionCode { get; init; }

    /// <summary>Who sees it: friends, some of them by name, or everyone.</summary>
    public Audience Audience { get; init => field = value ?? Audience.Friends; } = Audience.Friends;
}
