using Sharing.Apps;

namespace Sharing.Tests.Apps.Own;

/// <summary>From Android 15 devices may have memory pages of 16 KiB; what was made for older versions with code of its own may not start there.</summary>
public sealed class PageSizeRule : IPackageRule
{
    const int Android15 = 35;

    public FailedRule? Check(DeviceProfile device, AppPackage package) =>
        device.Model == "16 KiB" && package.Abis.Count > 0 && package.TargetSdk < Android15
            ? new FailedRule("page-size", $"pages of 4 KiB (made for API {package.TargetSdk})", "pages of 16 KiB")
            : null;
}
