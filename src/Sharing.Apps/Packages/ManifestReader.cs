namespace Sharing.Apps;

/// <summary>Reads what a manifest says about the devices that its package is for.</summary>
sealed class ManifestReader
{
    const int MostListed = 1024;
    readonly BinaryXmlReader _reader;
    readonly ManifestValues _values;
    readonly ManifestFeatures _features = new();
    readonly ManifestScreens _screens = new();
    readonly HashSet<string> _textures = new(StringComparer.Ordinal);
    readonly List<CompatibleScreen> _compatible = [];
    AppId _app;
    string? _name, _version, _within;
    long _versionCode;
    int? _minSdk, _maxSdk, _targetSdk;
    bool _begun, _application;

    ManifestReader(ReadOnlyMemory<byte> document, Func<ResourceTable?> resources)
    {
        _reader = new(document);
        _values = new(_reader, resources);
    }

    /// <summary>Reads a manifest, opening the resource table only where it refers to it.</summary>
    public static AppPackage Read(ReadOnlyMemory<byte> document, Func<ResourceTable?> resources)
    {
        var manifest = new ManifestReader(document, resources);
        while (manifest._reader.Read())
        {
            if (manifest._reader.IsStart)
            {
                manifest.Take();
            }
        }

        return manifest._begun ? manifest.Package() : throw Fault("It has no element.");
    }

    void Take()
    {
        switch (_reader.Depth)
        {
            case 1:
                Begin();
                break;
            case 2:
                _within = _reader.Name;
                TakeChild(_within);
                break;
            case 3:
                TakeGrandchild(_within, _reader.Name);
                break;
        }
    }

    void Begin()
    {
        if (_begun || !string.Equals(_reader.Name, "manifest", StringComparison.Ordinal))
        {
            throw Fault("It is not one element \"manifest\".");
        }

        _begun = true;
        _app = AppId.TryParse(_values.Text("package"), out var app) ? app : throw Fault("It names no package.");
        _versionCode = ((long)(_values.Integer(ManifestAttributes.VersionCodeMajor) ?? 0) << 32) | (uint)(_values.Integer(ManifestAttributes.VersionCode) ?? 0);
        _version = _values.Text(ManifestAttributes.VersionName);
    }

    void TakeChild(string name)
    {
        switch (name)
        {
            case "application" when !_application:
                (_application, _name) = (true, _values.Text(ManifestAttributes.Label));
                break;
            case "uses-sdk":
                (_minSdk, _maxSdk, _targetSdk) = (Sdk(ManifestAttributes.MinSdk) ?? _minSdk, Sdk(ManifestAttributes.MaxSdk) ?? _maxSdk, Sdk(ManifestAttributes.TargetSdk) ?? _targetSdk);
                break;
            case "supports-screens":
                _screens.Read(_values);
                break;
            case "feature-group":
                _features.BeginGroup();
                break;
            case "uses-feature":
                TakeFeature(inGroup: false);
                break;
            case "uses-permission" when _values.Text(ManifestAttributes.Name) is { } permission:
                _features.AddPermission(permission);
                break;
            case "supports-gl-texture" when _values.Text(ManifestAttributes.Name) is { } texture && _textures.Count < MostListed:
                _textures.Add(texture);
                break;
        }
    }

    void TakeGrandchild(string? parent, string name)
    {
        switch (parent, name)
        {
            case ("application", "activity") when _values.Integer(ManifestAttributes.ScreenOrientation) is { } orientation:
                _features.AddOrientation(orientation);
                break;
            case ("feature-group", "uses-feature"):
                TakeFeature(inGroup: true);
                break;
            case ("compatible-screens", "screen"):
                TakeScreen();
                break;
        }
    }

    void TakeFeature(bool inGroup) => _features.Add(
        _values.Text(ManifestAttributes.Name),
        (_values.Integer(ManifestAttributes.Required) ?? 1) != 0,
        _values.Integer(ManifestAttributes.Version, "version") ?? 0,
        _values.Integer(ManifestAttributes.GlEsVersion),
        inGroup);

    /// <summary>A screen counts only with both its attributes.</summary>
    void TakeScreen()
    {
        var size = _values.Integer(ManifestAttributes.ScreenSize) switch
        {
            200 => ScreenSizes.Small,
            300 => ScreenSizes.Normal,
            400 => ScreenSizes.Large,
            500 => ScreenSizes.ExtraLarge,
            _ => ScreenSizes.None,
        };
        if (size != ScreenSizes.None && _values.Integer(ManifestAttributes.ScreenDensity) is > 0 and var density && _compatible.Count < MostListed)
        {
            _compatible.Add(new(size, density));
        }
    }

    /// <summary>An API level; what is no number (the code name of a preview) or none that exists is not said.</summary>
    int? Sdk(uint attribute) => _values.Integer(attribute) is > 0 and var sdk ? sdk : null;

    AppPackage Package()
    {
        var targetSdk = Math.Max(_targetSdk ?? 0, _minSdk ?? 0);
        var (features, glEs) = _features.Required(targetSdk);
        return new()
        {
            App = _app,
            Name = _name,
            VersionCode = _versionCode,
            Version = _version,
            MinSdk = _minSdk ?? 1,
            MaxSdk = _maxSdk,
            TargetSdk = _targetSdk ?? 0,
            Features = features,
            GlEs = glEs,
            Textures = [.. _textures],
            Screens = _screens.Supported(targetSdk),
            SmallestWidth = _screens.SmallestWidth,
            CompatibleScreens = [.. _compatible],
        };
    }

    static PackageFormatException Fault(string message) => new(PackageFault.Manifest, "The manifest is damaged. " + message);
}
