namespace Sharing.Apps;

/// <summary>The order in which packages are preferred, whatever the device: newest, then smallest, then by SHA-256 and content. Total: two that compare equal are the same.</summary>
sealed class PackageOrder : IComparer<AppPackage>
{
    public static PackageOrder Instance { get; } = new();

    public int Compare(AppPackage? x, AppPackage? y)
    {
        var order = y!.VersionCode.CompareTo(x!.VersionCode);
        order = order != 0 ? order : x.Length.CompareTo(y.Length);
        order = order != 0 ? order : string.CompareOrdinal(x.Sha256, y.Sha256);
        return order != 0 ? order : string.CompareOrdinal(x.Content?.ToString(), y.Content?.ToString());
    }
}
