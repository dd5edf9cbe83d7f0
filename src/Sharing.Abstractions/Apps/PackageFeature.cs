namespace Sharing;

/// <summary>A feature that a device must have.</summary>
/// <param name="Name">Its name (<c>android.hardware.camera</c>).</param>
/// <param name="Version">The lowest version; 0: any.</param>
public sealed record PackageFeature(string Name, int Version = 0);
