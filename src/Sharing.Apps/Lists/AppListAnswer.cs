namespace Sharing.Apps;

/// <summary>What somebody sees of another's apps, or why he does not.</summary>
public sealed record AppListAnswer
{
    /// <summary>The apps that are shown to him; their audiences are not told.</summary>
    public IReadOnlyList<SharedApp> Apps { get; init => field = value ?? []; } = [];

    /// <summary>Why there are none; <c>null</c>: there are some.</summary>
    public AppListRefusal? Refusal { get; init; }
}
