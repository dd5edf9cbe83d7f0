namespace Sharing;

/// <summary>A package that was looked at.</summary>
/// <param name="Package">The package.</param>
/// <param name="Failed">Every rule that it does not meet; none: it fits.</param>
public sealed record AppCandidate(AppPackage Package, IReadOnlyList<FailedRule> Failed);
