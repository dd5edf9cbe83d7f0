namespace Sharing;

/// <summary>A rule that a package does not meet on a device.</summary>
/// <param name="Rule">Which: <c>min-sdk</c>, <c>abi</c>, <c>feature</c> … (docs/matching.md), or a host's own.</param>
/// <param name="Wanted">What the package needs (<c>26</c>, <c>arm64-v8a or x86_64</c>).</param>
/// <param name="Had">What the device has; <c>null</c>: nothing of the kind.</param>
public sealed record FailedRule(string Rule, string Wanted, string? Had = null)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Rule}: needs {Wanted}, {(Had is null ? "the device has none" : $"the device has {Had}")}";
}
