using System.Text.Json.Serialization;

namespace Sharing;

/// <summary>A file that installs one version of an app, with all that says where it runs. Immutable.</summary>
/// <remarks>Read from the file itself, or from a catalogue that vouches for it. What is not said is not asked of a device.</remarks>
public sealed record AppPackage
{
    /// <param name="screens">The sizes of screens that it supports.</param>
    [JsonConstructor]
    public AppPackage(ScreenSizes screens = ScreenSizes.All) => Screens = screens;

    /// <summary>Which app.</summary>
    public required AppId App { get; init; }

    /// <summary>The name that people know it by; <c>null</c> where it names itself only in resources.</summary>
    public string? Name { get; init; }

    /// <summary>The number that grows with each version; on Android the long version code (major in the upper 32 bits).</summary>
    public required long VersionCode { get; init; }

    /// <summary>The version that people read.</summary>
    public string? Version { get; init; }

    /// <summary>The platform: <c>android</c>, <c>debian</c> …, in lower case.</summary>
    public string Os { get; init => field = value ?? "android"; } = "android";

    /// <summary>The file's content; <c>null</c> while only a catalogue knows it.</summary>
    public ContentId? Content { get; init; }

    /// <summary>The file's SHA-256 in lower-case hex: what other catalogues know it by.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Where an outside catalogue has the file; <c>null</c>: a server keeps it.</summary>
    public Uri? Address { get; init; }

    /// <summary>Bytes of the file.</summary>
    public long Length { get; init; }

    /// <summary>The lowest API level.</summary>
    public int MinSdk { get; init => field = Math.Max(1, value); } = 1;

    /// <summary>The highest API level; <c>null</c>: none.</summary>
    public int? MaxSdk { get; init; }

    /// <summary>The API level that it was made for; 0 means <see cref="MinSdk"/>.</summary>
    public int TargetSdk { get; init; }

    /// <summary>The processors that it has native code for (<c>arm64-v8a</c>), in no order; empty: it runs on all.</summary>
    public IReadOnlyList<string> Abis { get; init => field = value ?? []; } = [];

    /// <summary>What a device must have, in no order. Features that it can do without are left out.</summary>
    public IReadOnlyList<PackageFeature> Features { get; init => field = value ?? []; } = [];

    /// <summary>The version of OpenGL ES that it needs, 16.16 (0x00030001 = 3.1); 0: none.</summary>
    public int GlEs { get; init; }

    /// <summary>OpenGL texture extensions of which a device must support one (<c>GL_KHR_texture_compression_astc_ldr</c>); empty: it does not matter.</summary>
    public IReadOnlyList<string> Textures { get; init => field = value ?? []; } = [];

    /// <summary>The screen sizes that it supports.</summary>
    public ScreenSizes Screens { get; init; }

    /// <summary>What the shorter side of a screen must have, in dp (px · 160 / dpi); 0: it does not matter.</summary>
    public int SmallestWidth { get; init; }

    /// <summary>The only screens that it is for; empty: all. Only shops look at it, Android does not.</summary>
    public IReadOnlyList<CompatibleScreen> CompatibleScreens { get; init => field = value ?? []; } = [];

    /// <summary>Who signed it, as devices see it, by rising API level; empty: no signature that was verified.</summary>
    public IReadOnlyList<PackageSigner> Signers { get; init => field = value ?? []; } = [];
}
