namespace Sharing.Apps;

static class ApkSignatures
{
    public static IReadOnlyList<PackageSigner> Verify(PackageBytes bytes, ZipDirectory zip, AppPackage package, CancellationToken cancellationToken) => [];
}
