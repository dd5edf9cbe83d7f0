namespace Sharing.Core;

/// <summary>What one person of a tier may do.</summary>
public sealed class TierLimits : PersonLimits;
