namespace Sharing.Apps;

/// <summary>What a package asks of a device, by number.</summary>
sealed class Requirements
{
    readonly AppPackage _package;
    readonly int[] _abis;
    readonly (int Number, int Version)[] _features;
    readonly int[] _textures;
    readonly CompatibleScreen[] _screens;
    readonly int _targetSdk;
    readonly CompatibilityOverride[] _rows;

    public Requirements(AppPackage package, Vocabulary vocabulary, IReadOnlyList<CompatibilityOverride> table)
    {
        _package = package;
        _abis = [.. package.Abis.Select(vocabulary.NumberOf)];
        _features = [.. package.Features.Select(feature => (vocabulary.NumberOf(feature.Name), feature.Version))];
        _textures = [.. package.Textures.Select(vocabulary.NumberOf)];
        _screens = [.. package.CompatibleScreens];
        _targetSdk = package.TargetSdk > 0 ? package.TargetSdk : package.MinSdk;
        _rows = [.. table.Where(row => row.App == package.App && (row.Sha256 is null || row.Sha256 == package.Sha256) && (row.VersionCode ?? package.VersionCode) == package.VersionCode)];
    }

    public long VersionCode => _package.VersionCode;

    /// <summary>What of the hardware and the platform is not as it should be.</summary>
    public PackageRules Check(PreparedDevice device)
    {
        var profile = device.Profile;
        if (_package.Os != profile.Os)
        {
            return PackageRules.Os;
        }

        var failed = PackageRules.None;
        failed |= _package.MinSdk > profile.Sdk ? PackageRules.MinSdk : 0;
        failed |= _package.MaxSdk < profile.Sdk ? PackageRules.MaxSdk : 0;
        failed |= _targetSdk < TargetFloor(profile) ? PackageRules.TargetSdk : 0;
        failed |= _abis.Length > 0 && AbiRank(device) == int.MaxValue ? PackageRules.Abi : 0;
        failed |= profile.Features is not null && !HasFeatures(device) ? PackageRules.Feature : 0;
        failed |= profile.GlEs > 0 && profile.GlEs < _package.GlEs ? PackageRules.GlEs : 0;
        failed |= profile.Textures is not null && _textures.Length > 0 && !HasTexture(device) ? PackageRules.Texture : 0;
        return device.Screen is { } screen ? failed | Check(screen) : failed;
    }

    /// <summary>Whether the device can check who signed it, and whether he may.</summary>
    public PackageRules CheckSigner(DeviceProfile device, InstalledApp? installed)
    {
        if (_package.Os != "android" || device.Os != "android")
        {
            return installed?.VersionCode > VersionCode ? PackageRules.Downgrade : PackageRules.None;
        }

        // Of what is not here yet a catalogue need not know who signed it: that is seen once it is. But nobody then says that it may follow what is installed.
        var (signer, isUnknown) = (SignerFor(device.Sdk), _package is { Content: null, Address: not null, Signers.Count: 0 });
        var failed = signer is null && !isUnknown ? PackageRules.SignatureScheme : PackageRules.None;
        if (installed is not null)
        {
            failed |= installed.VersionCode > VersionCode ? PackageRules.Downgrade : 0;
            failed |= (signer is not null || isUnknown) && installed.Certificates.Count > 0 && !(signer is not null && Follows(signer, installed.Certificates)) ? PackageRules.Signer : 0;
        }

        return failed;
    }

    /// <summary>The signature that a device looks at: the newest scheme that it knows.</summary>
    public PackageSigner? SignerFor(int sdk)
    {
        PackageSigner? found = null;
        for (var i = 0; i < _package.Signers.Count && _package.Signers[i].FromSdk <= sdk; i++)
        {
            found = _package.Signers[i];
        }

        return found;
    }

    /// <summary>The row of the operator's table that decides: of those that are about the device, the one with the most columns.</summary>
    public CompatibilityOverride? RowFor(DeviceProfile device)
    {
        CompatibilityOverride? best = null;
        foreach (var row in _rows)
        {
            if (IsAbout(row, device) && (best is null || (Columns(row), row.Verdict == OverrideVerdict.Deny).CompareTo((Columns(best), best.Verdict == OverrideVerdict.Deny)) > 0))
            {
                best = row;
            }
        }

        return best;
    }

    /// <summary>How well a device likes the processors that it has code for: 0 best, the greatest number not at all; what has no native code comes after all that it likes.</summary>
    public int AbiRank(PreparedDevice device)
    {
        var best = _abis.Length == 0 ? int.MaxValue - 1 : int.MaxValue;
        foreach (var abi in _abis)
        {
            best = Math.Min(best, device.AbiRanks[abi]);
        }

        return best;
    }

    /// <summary>The lowest target level that a platform installs (MIN_INSTALLABLE_TARGET_SDK of Android's sources).</summary>
    public static int TargetFloor(DeviceProfile device) => device.Os != "android" ? 0 : device.Sdk switch { >= 35 => 24, 34 => 23, _ => 0 };

    static bool Follows(PackageSigner signer, IReadOnlyList<string> installed) =>
        installed.Count == 1 && signer.Certificates.Count == 1
            ? signer.Certificates[0] == installed[0] || signer.Earlier.Contains(installed[0])
            : signer.Certificates.Count == installed.Count && signer.Certificates.All(installed.Contains);

    static bool IsAbout(CompatibilityOverride row, DeviceProfile device) =>
        (row.DeviceId is null || row.DeviceId == device.DeviceId) && (row.Model is null || row.Model == device.Model) && (row.OsVersion is null || row.OsVersion == device.OsVersion)
        && (row.LongSide is null || row.LongSide == Math.Max(device.Width, device.Height)) && (row.ShortSide is null || row.ShortSide == Math.Min(device.Width, device.Height));

    static int Columns(CompatibilityOverride row) =>
        (row.Sha256 is null ? 0 : 1) + (row.VersionCode is null ? 0 : 1) + (row.DeviceId is null ? 0 : 1) + (row.Model is null ? 0 : 1) + (row.OsVersion is null ? 0 : 1)
        + (row.LongSide is null ? 0 : 1) + (row.ShortSide is null ? 0 : 1);

    PackageRules Check(ScreenShape screen)
    {
        var failed = (_package.Screens & screen.Size) == 0 ? PackageRules.ScreenSize : PackageRules.None;
        failed |= screen.SmallestWidth < _package.SmallestWidth ? PackageRules.SmallestWidth : 0;
        return _screens.Length == 0 || Lists(screen) ? failed : failed | PackageRules.CompatibleScreens;
    }

    bool Lists(ScreenShape screen)
    {
        foreach (var listed in _screens)
        {
            if (listed.Size == screen.Size && listed.Density == screen.Density)
            {
                return true;
            }
        }

        return false;
    }

    bool HasFeatures(PreparedDevice device)
    {
        foreach (var (number, version) in _features)
        {
            if (device.Features[number] < version)
            {
                return false;
            }
        }

        return true;
    }

    bool HasTexture(PreparedDevice device)
    {
        foreach (var number in _textures)
        {
            if (device.Textures[number])
            {
                return true;
            }
        }

        return false;
    }
}
