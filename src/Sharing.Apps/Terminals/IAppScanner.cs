namespace Sharing.Apps;

/// <summary>Finds the apps that are installed on a device (row A3). Thread-safe.</summary>
public interface IAppScanner
{
    /// <summary>The platform of what it finds, in lower case.</summary>
    string Os { get; }

    /// <summary>All that is installed, in no order.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: what it reads is not what it should be.</exception>
    IAsyncEnumerable<InstalledApp> ScanAsync(CancellationToken cancellationToken = default);
}
