namespace Sharing.Apps;

/// <summary>Features that include others.</summary>
static class FeatureFamily
{
    public const string ExtensionPack = "android.hardware.opengles.aep";

    /// <summary>The OpenGL ES that the extension pack extends: 3.1.</summary>
    public const int ExtensionPackGlEs = 0x00030001;

    const string Hardware = "android.hardware.";

    public static string[] ParentsOf(string feature) => !feature.StartsWith(Hardware, StringComparison.Ordinal) ? [] : feature[Hardware.Length..] switch
    {
        "camera.autofocus" or "camera.flash" => [Hardware + "camera"],
        "location.gps" or "location.network" => [Hardware + "location"],
        "faketouch.multitouch" => [Hardware + "faketouch"],
        "faketouch.multitouch.distinct" or "faketouch.multitouch.jazzhands" => [Hardware + "faketouch.multitouch", Hardware + "faketouch"],
        "touchscreen.multitouch" => [Hardware + "touchscreen"],
        "touchscreen.multitouch.distinct" or "touchscreen.multitouch.jazzhands" => [Hardware + "touchscreen.multitouch", Hardware + "touchscreen"],
        _ => [],
    };
}
