using Microsoft.Extensions.DependencyInjection;
using Sharing.AspNetCore;

namespace Sharing;

/// <summary>Tells whoever watches the host how it is.</summary>
public static class SharingHealthExtensions
{
    /// <summary>Adds the check "sharing": unhealthy where the records do not answer; degraded where work (publishing, fetching …) has been due for more
    /// than five minutes and no host on these records does it.</summary>
    /// <param name="checks">The host's checks.</param>
    public static IHealthChecksBuilder AddSharing(this IHealthChecksBuilder checks) => checks.AddCheck<WorkHealthCheck>("sharing");
}
