namespace Sharing;

/// <summary>A device, as far as packages care. Immutable.</summary>
public sealed record DeviceProfile
{
    /// <summary>The platform: <c>android</c>, <c>ios</c>, <c>debian</c> …, in lower case.</summary>
    public string Os { get; init => field = value ?? "android"; } = "android";

    /// <summary>The version of the platform that people read.</summary>
    public string? OsVersion { get; init; }

    /// <summary>The API level.</summary>
    public int Sdk { get; init; }

    /// <summary>The manufacturer's id of the device.</summary>
    public string? DeviceId { get; init; }

    /// <summary>The model.</summary>
    public string? Model { get; init; }

    /// <summary>The processors whose code it runs, the best first.</summary>
    public IReadOnlyList<string> Abis { get; init => field = value ?? []; } = [];

    /// <summary>Pixels of the screen; 0: not known, and no rule about screens asks.</summary>
    public int Width { get; init; }

    /// <summary>Pixels of the screen; 0: not known, and no rule about screens asks.</summary>
    public int Height { get; init; }

    /// <summary>Dots an inch; 0: 160.</summary>
    public int Density { get; init; }

    /// <summary>What it has, and in which version (0: none is said); <c>null</c>: not known, and no rule about features asks.</summary>
    public IReadOnlyDictionary<string, int>? Features { get; init; }

    /// <summary>The version of OpenGL ES, 16.16; 0: not known, and no rule asks.</summary>
    public int GlEs { get; init; }

    /// <summary>The OpenGL texture extensions; <c>null</c>: not known, and no rule asks.</summary>
    public IReadOnlyList<string>? Textures { get; init; }
}
