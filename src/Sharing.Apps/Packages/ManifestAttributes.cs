namespace Sharing.Apps;

/// <summary>The resource ids by which Android knows the attributes of a manifest.</summary>
static class ManifestAttributes
{
    public const uint Label = 0x01010001, Name = 0x01010003, ScreenOrientation = 0x0101001e,
        MinSdk = 0x0101020c, VersionCode = 0x0101021b, VersionName = 0x0101021c, TargetSdk = 0x01010270, MaxSdk = 0x01010271, GlEsVersion = 0x01010281,
        SmallScreens = 0x01010284, NormalScreens = 0x01010285, LargeScreens = 0x01010286, Required = 0x0101028e, ExtraLargeScreens = 0x010102bf,
        ScreenSize = 0x010102ca, ScreenDensity = 0x010102cb, SmallestWidth = 0x01010364, Version = 0x01010519, VersionCodeMajor = 0x01010576;
}
