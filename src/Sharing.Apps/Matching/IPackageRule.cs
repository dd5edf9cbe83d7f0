namespace Sharing.Apps;

/// <summary>A rule of a host's own, asked after the built-in ones.</summary>
/// <remarks>Thread-safe singleton; it must answer alike for the same arguments, quickly, and without waiting.</remarks>
public interface IPackageRule
{
    /// <summary>Why a package does not fit a device; <c>null</c>: it does.</summary>
    FailedRule? Check(DeviceProfile device, AppPackage package);
}
