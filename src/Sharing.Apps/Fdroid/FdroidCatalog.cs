using Microsoft.Extensions.Logging;

namespace Sharing.Apps;

/// <summary>An F-Droid repository as a catalogue (row A8): its stable releases; brought up to date when it is asked and has not been for a while. Thread-safe singleton.</summary>
/// <param name="repository">The repository.</param>
/// <param name="every">How long it is taken as it is.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Is told when it cannot be brought up to date: what is held then answers.</param>
public sealed class FdroidCatalog(FdroidRepository repository, TimeSpan every, TimeProvider time, ILogger<FdroidCatalog> logger) : IAppCatalog, IDisposable
{
    readonly SemaphoreSlim _updating = new(1, 1);
    DateTimeOffset _next;

    /// <inheritdoc/>
    public async ValueTask<AppListing?> FindAsync(AppId app, string os, CancellationToken cancellationToken = default)
    {
        if (os != "android")
        {
            return null;
        }

        await UpdateAsync(cancellationToken);
        return await repository.FindAsync(app, cancellationToken) is { } found
            ? new() { App = app, Name = found.Name, Packages = [.. found.Packages.Where(static package => package.Channels.Count == 0).Select(static package => package.Package with { Address = package.Address })] }
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _updating.Dispose();

    async Task UpdateAsync(CancellationToken cancellationToken)
    {
        await _updating.WaitAsync(cancellationToken);
        try
        {
            if (time.GetUtcNow() < _next)
            {
                return;
            }

            _next = time.GetUtcNow() + every;
            await repository.UpdateAsync(cancellationToken);
        }
        catch (Exception e) when (e is PackageFormatException or SharingException)
        {
            AppsLog.RepositoryFailed(logger, repository.Source.Address, e);
        }
        finally
        {
            _updating.Release();
        }
    }
}
