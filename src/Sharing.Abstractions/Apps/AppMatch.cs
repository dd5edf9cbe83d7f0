using System.Text.Json.Serialization;

namespace Sharing;

/// <summary>What fits a device, and why the rest does not.</summary>
public sealed record AppMatch
{
    /// <summary>The package to install; <c>null</c>: none fits.</summary>
    public AppPackage? Best { get; init; }

    /// <summary>All packages that are known, the one to prefer first.</summary>
    public IReadOnlyList<AppCandidate> Candidates { get; init => field = value ?? []; } = [];

    /// <summary>Where the platform's own shop has it: the only way where apps come from there alone (row A7).</summary>
    public Uri? ShopLink { get; init; }

    /// <summary>What came nearest, where nothing fits: the candidate that fails the fewest rules, the newest of those.</summary>
    [JsonIgnore]
    public AppCandidate? Nearest => Best is null ? Candidates.OrderBy(static candidate => candidate.Failed.Count).FirstOrDefault() : null;
}
