namespace Sharing.Apps;

/// <summary>The rules that a package can fail, as flags.</summary>
[Flags]
public enum PackageRules
{
    /// <summary>None: it fits.</summary>
    None = 0,

    /// <summary><c>os</c>: it is for another platform.</summary>
    Os = 1 << 0,

    /// <summary><c>min-sdk</c>: the platform is too old.</summary>
    MinSdk = 1 << 1,

    /// <summary><c>max-sdk</c>: the platform is too new.</summary>
    MaxSdk = 1 << 2,

    /// <summary><c>target-sdk</c>: the platform no longer installs what was made for so old a one.</summary>
    TargetSdk = 1 << 3,

    /// <summary><c>abi</c>: no code for its processors.</summary>
    Abi = 1 << 4,

    /// <summary><c>feature</c>: it lacks one, or has it in too low a version.</summary>
    Feature = 1 << 5,

    /// <summary><c>gl-es</c>: OpenGL ES is too old.</summary>
    GlEs = 1 << 6,

    /// <summary><c>texture</c>: it supports none of the texture formats.</summary>
    Texture = 1 << 7,

    /// <summary><c>screen-size</c>: its screen is of a size that the package does not support.</summary>
    ScreenSize = 1 << 8,

    /// <summary><c>smallest-width</c>: its screen is too narrow.</summary>
    SmallestWidth = 1 << 9,

    /// <summary><c>compatible-screens</c>: its screen is not among those named.</summary>
    CompatibleScreens = 1 << 10,

    /// <summary><c>signature-scheme</c>: it cannot check the signature, or there is none.</summary>
    SignatureScheme = 1 << 11,

    /// <summary><c>signer</c>: what is installed was signed by somebody else.</summary>
    Signer = 1 << 12,

    /// <summary><c>downgrade</c>: what is installed is newer.</summary>
    Downgrade = 1 << 13,

    /// <summary><c>table</c>: a row of the operator's table denies it.</summary>
    Table = 1 << 14,

    /// <summary>A rule of the host's own.</summary>
    Own = 1 << 15,
}
