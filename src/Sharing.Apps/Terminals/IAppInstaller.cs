namespace Sharing.Apps;

/// <summary>Installs a package that was fetched and checked (row A6). Thread-safe.</summary>
public interface IAppInstaller
{
    /// <summary>Installs it.</summary>
    /// <param name="package">What it is.</param>
    /// <param name="file">The path of its file, which stays the caller's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Where it went, for people.</returns>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: the device refused; the message says why.</exception>
    Task<string> InstallAsync(AppPackage package, string file, CancellationToken cancellationToken = default);
}
