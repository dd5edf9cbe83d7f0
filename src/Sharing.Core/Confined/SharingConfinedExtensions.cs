using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;

namespace Sharing;

/// <summary>Tunes how programs are confined.</summary>
public static class SharingConfinedExtensions
{
    /// <summary>Changes the limits of confined programs; calls add up. A value that does not fit stops the host at its start.</summary>
    /// <param name="sharing">The builder.</param>
    /// <param name="configure">Sets the options.</param>
    public static SharingBuilder WithConfinement(this SharingBuilder sharing, Action<ConfinedOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(sharing);
        sharing.Services.Configure(configure);
        return sharing;
    }
}
