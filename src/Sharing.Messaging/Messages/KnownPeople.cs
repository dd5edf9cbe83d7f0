namespace Sharing.Messaging;

/// <summary>Network ids are ids of people: of those whom the host knows, and of those to whom the sender is related. Whom he knows he may also call by name, if only one is called that. Thread-safe singleton.</summary>
sealed class KnownPeople(IPeople people, IRelationshipGraph graph) : INetworkIdResolver
{
    const RelationshipKinds Acquainted = RelationshipKinds.Friend | RelationshipKinds.Found | RelationshipKinds.Follows;

    public async ValueTask<IReadOnlyDictionary<string, PersonId>> ResolveAsync(PersonId actor, IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default)
    {
        var meant = ids.Where(static id => PersonId.TryParse(id, out _)).ToDictionary(static id => id, static id => PersonId.Parse(id), StringComparer.Ordinal);
        var known = (await people.FindAsync([.. meant.Values], cancellationToken)).Keys.Append(actor).ToHashSet();
        var others = meant.Values.Except(known).ToList();
        known.UnionWith(others.Count == 0 ? [] : (await graph.BetweenAsync(actor, others, cancellationToken)).Where(static related => related.Value != RelationshipKinds.None).Select(static related => related.Key));
        var found = meant.Where(one => known.Contains(one.Value)).ToDictionary(StringComparer.Ordinal);
        var names = ids.Where(id => !found.ContainsKey(id)).ToList();
        if (names.Count > 0)
        {
            var acquainted = await people.FindAsync([.. (await graph.RelatedAsync(actor, Acquainted, cancellationToken)).Keys], cancellationToken);
            var byName = acquainted.Values.ToLookup(static person => person.Name.Trim(), static person => person.Id, StringComparer.CurrentCultureIgnoreCase);
            foreach (var name in names)
            {
                if (byName[name.Trim()].Take(2).ToList() is [var one])
                {
                    found.Add(name, one);
                }
            }
        }

        return found;
    }
}
