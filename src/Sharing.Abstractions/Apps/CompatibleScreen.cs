namespace Sharing;

/// <summary>One screen that a package is for.</summary>
/// <param name="Size">Its size: one flag.</param>
/// <param name="Density">Its density in dpi, as devices name it (120, 160, 213, 240, 320, 480, 640).</param>
public sealed record CompatibleScreen(ScreenSizes Size, int Density);
