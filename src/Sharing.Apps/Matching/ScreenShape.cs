namespace Sharing.Apps;

/// <summary>A screen as packages ask about it.</summary>
/// <param name="Size">Its size: one flag.</param>
/// <param name="SmallestWidth">Its shorter side in dp.</param>
/// <param name="Density">Its density in dpi.</param>
readonly record struct ScreenShape(ScreenSizes Size, int SmallestWidth, int Density)
{
    const int Baseline = 160;

    // Configuration.reduceScreenLayout of Android's framework, in dp.
    const int Small = 470;

    static readonly (int Long, int Short) Large = (640, 480);

    static readonly (int Long, int Short) ExtraLarge = (960, 720);

    public static ScreenShape Of(DeviceProfile device)
    {
        var density = device.Density > 0 ? device.Density : Baseline;
        var longSide = Dp(Math.Max(device.Width, device.Height), density);
        var shortSide = Dp(Math.Min(device.Width, device.Height), density);
        var size = longSide < Small ? ScreenSizes.Small
            : longSide >= ExtraLarge.Long && shortSide >= ExtraLarge.Short ? ScreenSizes.ExtraLarge
            : longSide >= Large.Long && shortSide >= Large.Short ? ScreenSizes.Large
            : ScreenSizes.Normal;
        return new(size, shortSide, density);
    }

    static int Dp(int pixels, int density) => (int)((long)pixels * Baseline / density);
}
