namespace Sharing.Apps;

/// <summary>The screens that a manifest supports. A size of which it says nothing is supported from the API level on that brought it.</summary>
sealed class ManifestScreens
{
    bool? _small, _normal, _large, _extraLarge;

    public int SmallestWidth { get; private set; }

    public void Read(ManifestValues values)
    {
        (_small, _normal) = (Said(values, ManifestAttributes.SmallScreens), Said(values, ManifestAttributes.NormalScreens));
        (_large, _extraLarge) = (Said(values, ManifestAttributes.LargeScreens), Said(values, ManifestAttributes.ExtraLargeScreens));
        SmallestWidth = Math.Max(values.Integer(ManifestAttributes.SmallestWidth) ?? 0, 0);
    }

    public ScreenSizes Supported(int targetSdk) =>
        (_small ?? targetSdk >= 4 ? ScreenSizes.Small : 0)
        | (_normal ?? true ? ScreenSizes.Normal : 0)
        | (_large ?? targetSdk >= 4 ? ScreenSizes.Large : 0)
        | (_extraLarge ?? targetSdk >= 9 ? ScreenSizes.ExtraLarge : 0);

    static bool? Said(ManifestValues values, uint attribute) => values.Integer(attribute) is { } value ? value != 0 : null;
}
