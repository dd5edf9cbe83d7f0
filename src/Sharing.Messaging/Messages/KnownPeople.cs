namespace Sharing.Messaging;

/// <summary>Network ids are ids of people: of those whom the host knows, and of those to whom the sender is related. Thread-safe singleton.</summary>
sealed class KnownPeople(IPeople people, IRelationshipGraph graph) : INetworkIdResolver
{
    public async ValueTask<IReadOnlyDictionary<string, PersonId>> ResolveAsync(PersonId actor, IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default)
    {
        var meant = ids.Where(static id => PersonId.TryParse(id, out _)).ToDictionary(static id => id, static id => PersonId.Parse(id), StringComparer.Ordinal);
        var known = (await people.FindAsync([.. meant.Values], cancellationToken)).Keys.Append(actor).ToHashSet();
        var others = meant.Values.Except(known).ToList();
        known.UnionWith(others.Count == 0 ? [] : (await graph.BetweenAsync(actor, others, cancellationToken)).Where(static related => related.Value != RelationshipKinds.None).Select(static related => related.Key));
        return meant.Where(one => known.Contains(one.Value)).ToDictionary(StringComparer.Ordinal);
    }
}
