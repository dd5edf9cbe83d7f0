using System.Text.Json.Serialization;

namespace Sharing.Apps;

/// <summary>What somebody shows of his apps, and what he takes of others (rows A3, A5). Nothing is shown unless he says so.</summary>
public sealed record AppSharing
{
    /// <summary>The most apps in it.</summary>
    public const int MostApps = 1000;

    /// <summary>The most people whose pushes are dropped.</summary>
    public const int MostMuted = 1000;

    /// <param name="receives">Whether friends may push their lists to him.</param>
    [JsonConstructor]
    public AppSharing(bool receives = true) => Receives = receives;

    /// <summary>The apps.</summary>
    public IReadOnlyList<SharedApp> Apps { get; init => field = value ?? []; } = [];

    /// <summary>Whether friends may push their lists to him.</summary>
    public bool Receives { get; init; }

    /// <summary>Friends whose pushes are dropped; they are not told.</summary>
    public IReadOnlyList<PersonId> Muted { get; init => field = value ?? []; } = [];
}
