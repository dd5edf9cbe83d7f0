using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Sharing.Core;

namespace Sharing.AspNetCore;

/// <summary>Whether the records answer, and somebody does the work that is due.</summary>
sealed class WorkHealthCheck(WorkBacklog backlog) : IHealthCheck
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var overdue = await backlog.OverdueAsync(Patience, cancellationToken);
        return overdue.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(
                "Work is due and nobody does it: is there a host with background work? "
                + string.Join(", ", overdue.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key} for {(int)one.Value.TotalMinutes} min"))),
                data: overdue.ToDictionary(one => one.Key, one => (object)one.Value, StringComparer.Ordinal));
    }
}
