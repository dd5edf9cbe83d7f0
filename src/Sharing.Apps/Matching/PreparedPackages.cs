namespace Sharing.Apps;

/// <summary>The packages of one app in the form in which they are compared, and in the order in which they are preferred. Made by
/// <see cref="PackageMatcher.Prepare(IEnumerable{AppPackage})"/>; immutable.</summary>
public sealed class PreparedPackages
{
    readonly Requirements[] _requirements;

    internal PreparedPackages(IEnumerable<AppPackage> packages, Vocabulary vocabulary, IReadOnlyList<CompatibilityOverride> table)
    {
        Packages = [.. packages.Order(PackageOrder.Instance)];
        _requirements = [.. Packages.Select(package => new Requirements(package, vocabulary, table))];
    }

    /// <summary>The packages: newest first, then the smallest, then by SHA-256.</summary>
    public IReadOnlyList<AppPackage> Packages { get; }

    internal ReadOnlySpan<Requirements> Requirements => _requirements;
}
