namespace Sharing.Apps;

/// <summary>A package of a repository, and where its file is.</summary>
/// <param name="Package">What it is; its <see cref="AppPackage.Sha256"/> and <see cref="AppPackage.Length"/> are those the file must have.</param>
/// <param name="Address">Where the file is.</param>
/// <param name="Channels">The release channels that it is for (<c>Beta</c>); none: everybody.</param>
public sealed record FdroidPackage(AppPackage Package, Uri Address, IReadOnlyList<string> Channels);
