using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;

namespace Sharing;

/// <summary>Tunes how everything is fetched from outside.</summary>
public static class SharingFetchingExtensions
{
    /// <summary>Changes the rules and limits of the guarded client; calls add up. A value that does not fit stops the host at its start.</summary>
    /// <param name="sharing">The builder.</param>
    /// <param name="configure">Sets the options.</param>
    public static SharingBuilder WithFetching(this SharingBuilder sharing, Action<FetchOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(sharing);
        sharing.Services.Configure(configure);
        return sharing;
    }
}
