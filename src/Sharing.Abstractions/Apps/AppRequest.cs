namespace Sharing;

/// <summary>An app that is wanted, and the device that it is wanted for.</summary>
public sealed record AppRequest
{
    /// <summary>Which app.</summary>
    public required AppId App { get; init; }

    /// <summary>The device.</summary>
    public required DeviceProfile Device { get; init; }

    /// <summary>What of the app the device has already; <c>null</c>: nothing.</summary>
    public InstalledApp? Installed { get; init; }
}
