namespace Sharing.Apps;

/// <summary>What came of getting an app.</summary>
/// <param name="Match">What fits, or why nothing does, or where the shop is.</param>
/// <param name="Installed">Where it went; <c>null</c>: nothing was fetched.</param>
public sealed record GottenApp(AppMatch Match, string? Installed);
