namespace Sharing;

/// <summary>What a catalogue knows of an app.</summary>
public sealed record AppListing
{
    /// <summary>The app.</summary>
    public required AppId App { get; init; }

    /// <summary>The platform.</summary>
    public string Os { get; init => field = value ?? "android"; } = "android";

    /// <summary>The name that people know it by.</summary>
    public string? Name { get; init; }

    /// <summary>Its packages, in no order.</summary>
    public IReadOnlyList<AppPackage> Packages { get; init => field = value ?? []; } = [];

    /// <summary>Where the platform's own shop has it.</summary>
    public Uri? ShopLink { get; init; }
}
