namespace Sharing.Apps;

/// <summary>The features that a manifest asks for: those that it names, those that these include, and those that its permissions imply, by the rules of <c>aapt dump badging</c>.</summary>
/// <remarks>
/// Feature groups are alternatives, which a package cannot say: what all of them ask for is required, and nothing is implied. Permissions that are asked for from API 23 alone imply
/// nothing, for older devices do not need it.
/// </remarks>
sealed class ManifestFeatures
{
    const int MostGroups = 32, MostFeatures = 2048;
    const string Touchscreen = "android.hardware.touchscreen", FakeTouch = "android.hardware.faketouch";
    readonly Set _common = new();
    readonly List<Set> _groups = [];
    readonly HashSet<string> _permissions = new(StringComparer.Ordinal);
    bool _landscape, _portrait;

    public void BeginGroup() => _groups.Add(_groups.Count < MostGroups ? new() : throw Fault());

    public void Add(string? name, bool required, int version, int? glEs, bool inGroup) =>
        (inGroup && _groups.Count > 0 ? _groups[^1] : _common).Add(name, required || inGroup, version, glEs);

    public void AddPermission(string name)
    {
        if (PermissionFeatures.Implies(name))
        {
            _permissions.Add(name);
        }
    }

    /// <summary>An activity's orientation, as its attribute says it.</summary>
    public void AddOrientation(int orientation)
    {
        _landscape |= orientation is 0 or 6 or 8;
        _portrait |= orientation is 1 or 7 or 9;
    }

    /// <summary>What is required, by name, and the version of OpenGL ES (0: none).</summary>
    public (IReadOnlyList<PackageFeature> Features, int GlEs) Required(int targetSdk)
    {
        var sets = _groups.Count == 0 ? [_common] : _groups.ConvertAll(group => group.Over(_common));
        var implied = _groups.Count == 0 ? Implied(targetSdk) : [];
        var named = sets[0].Required.Where(feature => sets.TrueForAll(set => set.Requires(feature.Name)))
            .Select(feature => feature with { Version = sets.Min(set => set.VersionOf(feature.Name)) });
        PackageFeature[] features = [.. named, .. implied.Where(name => !_common.Names(name)).Select(name => new PackageFeature(name))];
        return ([.. features.OrderBy(feature => feature.Name, StringComparer.Ordinal)], sets.Min(set => set.GlEs));
    }

    HashSet<string> Implied(int targetSdk)
    {
        var implied = new HashSet<string>(_permissions.SelectMany(name => PermissionFeatures.Of(name, targetSdk)), StringComparer.Ordinal);
        if (_landscape)
        {
            implied.Add("android.hardware.screen.landscape");
        }

        if (_portrait)
        {
            implied.Add("android.hardware.screen.portrait");
        }

        if (!_common.Names(Touchscreen))
        {
            implied.Add(FakeTouch);
        }

        return implied;
    }

    static PackageFormatException Fault() => new(PackageFault.Manifest, "The manifest asks for more than any app does.");

    /// <summary>Features of one level; the last word about a name counts.</summary>
    sealed class Set
    {
        readonly Dictionary<string, (bool Required, int Version)> _features = new(StringComparer.Ordinal);

        public int GlEs { get; private set; }

        public IEnumerable<PackageFeature> Required => _features.Where(static pair => pair.Value.Required).Select(static pair => new PackageFeature(pair.Key, pair.Value.Version));

        public bool Names(string name) => _features.ContainsKey(name);

        public bool Requires(string name) => _features.TryGetValue(name, out var feature) && feature.Required;

        public int VersionOf(string name) => _features[name].Version;

        public void Add(string? name, bool required, int version, int? glEs)
        {
            if (name is null)
            {
                GlEs = Math.Max(GlEs, required ? glEs ?? 0 : 0);
                return;
            }

            _features[name] = _features.Count < MostFeatures ? (required, Math.Max(version, 0)) : throw Fault();
            if (required)
            {
                foreach (var parent in FeatureFamily.ParentsOf(name))
                {
                    _features[parent] = (true, 0);
                }

                GlEs = Math.Max(GlEs, string.Equals(name, FeatureFamily.ExtensionPack, StringComparison.Ordinal) ? FeatureFamily.ExtensionPackGlEs : 0);
            }
        }

        public Set Over(Set common)
        {
            var both = new Set { GlEs = Math.Max(GlEs, common.GlEs) };
            foreach (var (name, feature) in common._features.Concat(_features))
            {
                both._features[name] = feature;
            }

            return both;
        }
    }
}
