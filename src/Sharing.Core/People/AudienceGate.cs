namespace Sharing.Core;

/// <summary>Answers "may he see it?" for any number of shares with at most two questions to the relationship graph. Thread-safe singleton.</summary>
public sealed class AudienceGate(IRelationshipGraph graph)
{
    /// <summary>Whether a viewer (<c>null</c>: not signed in) may see one share.</summary>
    public async ValueTask<bool> MaySeeAsync(PersonId? viewer, PersonId owner, Audience audience, CancellationToken cancellationToken = default) =>
        (await FilterAsync(viewer, [(owner, audience)], static share => share, cancellationToken)).Count == 1;

    /// <summary>Those shares that a viewer (<c>null</c>: not signed in) may see, in their order.</summary>
    public async ValueTask<IReadOnlyList<T>> FilterAsync<T>(
        PersonId? viewer, IReadOnlyCollection<T> shares, Func<T, (PersonId Owner, Audience Audience)> read, CancellationToken cancellationToken = default)
    {
        var owners = shares.Select(read).Where(share => share.Audience.AsksRelationship && share.Owner != viewer)
            .Select(share => share.Owner).ToHashSet();
        var related = viewer is { } person && owners.Count > 0
            ? await graph.BetweenAsync(person, owners, cancellationToken)
            : new Dictionary<PersonId, RelationshipKinds>();
        var groups = shares.Select(read).SelectMany(static share => share.Audience.GroupsOf(share.Owner)).ToHashSet();
        var memberOf = viewer is { } member && groups.Count > 0 ? await graph.GroupsAsync(member, groups, cancellationToken) : null;
        return [.. shares.Where(share => read(share) is var (owner, audience)
            && audience.Covers(owner, viewer, related.GetValueOrDefault(owner), memberOf))];
    }
}
