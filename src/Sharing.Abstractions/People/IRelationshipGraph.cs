namespace Sharing;

/// <summary>Who is whose friend, and who follows whom: the read side that every "may he?" asks. A product fills it from its own tables.</summary>
/// <remarks>Thread-safe singleton. Both questions are about sets, so that a feed of any length is one question. Answers are
/// asked for again with each request; nothing may be kept longer than a stated moment.</remarks>
public interface IRelationshipGraph
{
    /// <summary>How <paramref name="person"/> is related to each of the others. Those not related may be left out.</summary>
    ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> BetweenAsync(
        PersonId person, IReadOnlyCollection<PersonId> others, CancellationToken cancellationToken = default);

    /// <summary>Everybody to whom <paramref name="person"/> is related in at least one of these ways, and how (all ways named).</summary>
    ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> RelatedAsync(
        PersonId person, RelationshipKinds kinds, CancellationToken cancellationToken = default);

    /// <summary>To which of some groups a person belongs. Where people keep no groups, to none.</summary>
    ValueTask<IReadOnlySet<GroupName>> GroupsAsync(PersonId member, IReadOnlyCollection<GroupName> groups, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IReadOnlySet<GroupName>>(new HashSet<GroupName>());
}
