namespace Sharing;

/// <summary>Picks the package of an app that fits a device, and says why the others do not (rows A6, A9).</summary>
/// <remarks>Thread-safe singleton. The answer does not depend on the order in which packages are known.</remarks>
public interface ICompatibilityMatcher
{
    /// <summary>Finds what fits.</summary>
    /// <returns><c>null</c>: nobody knows the app.</returns>
    ValueTask<AppMatch?> MatchAsync(AppRequest request, CancellationToken cancellationToken = default);
}
