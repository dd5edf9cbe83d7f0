using System.Text.Json.Nodes;

namespace Sharing.Trials;

/// <summary>How one trial went.</summary>
/// <param name="Failure">What went wrong; <c>null</c>: nothing.</param>
/// <param name="Facts">What is worth keeping beside it.</param>
sealed record TrialOutcome(string? Failure, JsonObject Facts);
