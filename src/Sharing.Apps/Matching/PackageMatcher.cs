namespace Sharing.Apps;

/// <summary>The rules: which package of an app fits a device, and what is wrong with each that does not. Thread-safe.</summary>
/// <remarks>What fits is chosen by: the operator's table prefers it; newest; the processor that the device likes best; smallest; SHA-256. So two answers never differ for the
/// same packages, in whatever order they come. Docs: matching.md.</remarks>
public sealed class PackageMatcher
{
    readonly Vocabulary _vocabulary = new();
    readonly IReadOnlyList<CompatibilityOverride> _table;
    readonly IPackageRule[] _rules;

    /// <param name="table">The operator's compatibility table, above the rules.</param>
    /// <param name="rules">The host's own rules.</param>
    public PackageMatcher(IEnumerable<CompatibilityOverride>? table = null, IEnumerable<IPackageRule>? rules = null) => (_table, _rules) = ([.. table ?? []], [.. rules ?? []]);

    /// <summary>Prepares a device, to be asked about often.</summary>
    public PreparedDevice Prepare(DeviceProfile device) => new(device, _vocabulary);

    /// <summary>Prepares the packages of one app.</summary>
    public PreparedPackages Prepare(IEnumerable<AppPackage> packages) => new(packages, _vocabulary, _table);

    /// <summary>Finds what fits. Allocates nothing while no rule of the host's own does.</summary>
    /// <param name="device">The device.</param>
    /// <param name="packages">The packages.</param>
    /// <param name="installed">What the device has of the app.</param>
    /// <param name="failed">Takes, for each of <see cref="PreparedPackages.Packages"/>, all that is wrong with it; as long as that list, or empty if nobody wants to know.</param>
    /// <returns>The place of the best; -1: none fits.</returns>
    /// <exception cref="ArgumentException"><paramref name="failed"/> is too short.</exception>
    public int Match(PreparedDevice device, PreparedPackages packages, InstalledApp? installed = null, Span<PackageRules> failed = default)
    {
        var all = packages.Requirements;
        if (!failed.IsEmpty && failed.Length < all.Length)
        {
            throw new ArgumentException("There is no room for what is wrong with each package.", nameof(failed));
        }

        device = device.UpToDate();
        var (best, preferred, rank) = (-1, false, int.MaxValue);
        for (var i = 0; i < all.Length; i++)
        {
            // Newest first: once something newer fits, only what the table prefers can be better, or another build of the same version.
            var row = all[i].RowFor(device.Profile);
            var prefers = row is { Verdict: OverrideVerdict.Prefer };
            var better = best < 0 || (prefers && !preferred) || (prefers == preferred && all[i].VersionCode == all[best].VersionCode && all[i].AbiRank(device) < rank);
            if (!better && failed.IsEmpty)
            {
                continue;
            }

            var wrong = Check(device, all[i], packages.Packages[i], row, installed);
            if (!failed.IsEmpty)
            {
                failed[i] = wrong;
            }

            if (better && wrong == PackageRules.None)
            {
                (best, preferred, rank) = (i, prefers, all[i].AbiRank(device));
            }
        }

        return best;
    }

    /// <summary>Finds what fits, and explains.</summary>
    public AppMatch Match(DeviceProfile device, IEnumerable<AppPackage> packages, InstalledApp? installed = null)
    {
        var prepared = Prepare(packages); // first: the device is then asked about all the names that there are
        var failed = new PackageRules[prepared.Packages.Count];
        var best = Match(Prepare(device), prepared, installed, failed);
        return new()
        {
            Best = best < 0 ? null : prepared.Packages[best],
            Candidates = [.. prepared.Packages.Select((package, i) => new AppCandidate(package, Reasons(device, package, prepared.Requirements[i], failed[i], installed)))],
        };
    }

    PackageRules Check(PreparedDevice device, Requirements asked, AppPackage package, CompatibilityOverride? row, InstalledApp? installed)
    {
        var wrong = row switch
        {
            { Verdict: OverrideVerdict.Allow } => package.Os == device.Profile.Os ? PackageRules.None : PackageRules.Os,
            { Verdict: OverrideVerdict.Deny } => asked.Check(device) | PackageRules.Table,
            _ => asked.Check(device),
        };
        wrong |= asked.CheckSigner(device.Profile, installed);
        foreach (var rule in _rules)
        {
            wrong |= rule.Check(device.Profile, package) is null ? PackageRules.None : PackageRules.Own;
        }

        return wrong;
    }

    FailedRule[] Reasons(DeviceProfile device, AppPackage package, Requirements asked, PackageRules failed, InstalledApp? installed) => failed == PackageRules.None
        ? []
        : [.. PackageReasons.Of(device, package, asked, failed, installed), .. failed.HasFlag(PackageRules.Own) ? _rules.Select(rule => rule.Check(device, package)).OfType<FailedRule>() : []];
}
