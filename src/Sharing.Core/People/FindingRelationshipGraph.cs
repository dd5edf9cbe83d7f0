namespace Sharing.Core;

/// <summary>What people declared, and what was found besides. Whom a block separates was not found. Thread-safe singleton.</summary>
sealed class FindingRelationshipGraph(DeclaredRelationships declared, IFoundRelationships found) : IRelationshipGraph
{
    const RelationshipKinds Separates = RelationshipKinds.Blocks | RelationshipKinds.BlockedBy;

    public async ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> BetweenAsync(
        PersonId person, IReadOnlyCollection<PersonId> others, CancellationToken cancellationToken = default) =>
        With(await declared.Graph.BetweenAsync(person, others, cancellationToken), await found.AmongAsync(person, others, cancellationToken));

    public async ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> RelatedAsync(
        PersonId person, RelationshipKinds kinds, CancellationToken cancellationToken = default)
    {
        if (!kinds.HasFlag(RelationshipKinds.Found))
        {
            var related = await declared.Graph.RelatedAsync(person, kinds, cancellationToken);
            return With(related, await found.AmongAsync(person, [.. related.Keys], cancellationToken));
        }

        var all = await found.OfAsync(person, cancellationToken);
        return With(await declared.Graph.RelatedAsync(person, kinds | Separates, cancellationToken), all).Where(one => (one.Value & kinds) != 0)
            .ToDictionary(static one => one.Key, static one => one.Value);
    }

    public ValueTask<IReadOnlySet<GroupName>> GroupsAsync(PersonId member, IReadOnlyCollection<GroupName> groups, CancellationToken cancellationToken = default) =>
        declared.Graph.GroupsAsync(member, groups, cancellationToken);

    static Dictionary<PersonId, RelationshipKinds> With(IReadOnlyDictionary<PersonId, RelationshipKinds> declared, IReadOnlySet<PersonId> found)
    {
        var all = new Dictionary<PersonId, RelationshipKinds>(declared);
        foreach (var person in found)
        {
            var kinds = all.GetValueOrDefault(person);
            all[person] = (kinds & Separates) == 0 ? kinds | RelationshipKinds.Found : kinds;
        }

        return all;
    }
}
