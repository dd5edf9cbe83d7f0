using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Sharing.Core;

/// <summary>Our own store of relationships, for hosts that have none: everybody speaks for himself. Thread-safe singleton.</summary>
/// <remarks>Records: <c>relation/{from}/{to}</c> what one said of the other, and <c>relation-back/{to}/{from}</c> the same, found from the other side.
/// A part of a key that begins with # is the hash of a long id.</remarks>
public sealed class RelationshipStore(IRecordStore records) : IRelationshipGraph, IRelationships
{
    const int MaxPart = 400;

    /// <inheritdoc/>
    public Task FollowAsync(PersonId actor, PersonId other, bool follows, CancellationToken cancellationToken = default) =>
        ChangeAsync(actor, other, edge => edge with { Follows = follows }, static edge => edge, cancellationToken);

    /// <inheritdoc/>
    public Task BefriendAsync(PersonId actor, PersonId other, bool friend, CancellationToken cancellationToken = default) =>
        ChangeAsync(actor, other, edge => edge with { Friend = friend }, edge => edge with { Friend = edge.Friend && friend }, cancellationToken);

    /// <inheritdoc/>
    public Task BlockAsync(PersonId actor, PersonId other, bool blocks, CancellationToken cancellationToken = default) => ChangeAsync(
        actor, other, edge => blocks ? new(false, false, edge.Other, true) : edge with { Blocks = false }, edge => blocks ? edge with { Friend = false, Follows = false } : edge, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<PersonId> RequestsAsync(
        PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var range = RecordRange.Under("relation-back", KeyPart(actor));
        await foreach (var back in records.ScanAsync(range, PeopleJson.Default.RelationshipEdge, cancellationToken))
        {
            var other = back.Value.Other;
            if (back.Value.Friend && (await EdgeAsync(actor, other, cancellationToken))?.Value.Friend != true)
            {
                yield return other;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> BetweenAsync(
        PersonId person, IReadOnlyCollection<PersonId> others, CancellationToken cancellationToken = default)
    {
        var answer = new Dictionary<PersonId, RelationshipKinds>();
        foreach (var other in others.Distinct())
        {
            var kinds = KindsOf(
                (await EdgeAsync(person, other, cancellationToken))?.Value, (await EdgeAsync(other, person, cancellationToken))?.Value);
            if (kinds != RelationshipKinds.None)
            {
                answer[other] = kinds;
            }
        }

        return answer;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> RelatedAsync(
        PersonId person, RelationshipKinds kinds, CancellationToken cancellationToken = default)
    {
        var forth = await EdgesAsync("relation", person, cancellationToken);
        var back = await EdgesAsync("relation-back", person, cancellationToken);
        return forth.Keys.Union(back.Keys)
            .Select(other => (Other: other, Kinds: KindsOf(forth.GetValueOrDefault(other), back.GetValueOrDefault(other))))
            .Where(found => (found.Kinds & kinds) != 0)
            .ToDictionary(found => found.Other, found => found.Kinds);
    }

    static RelationshipKinds KindsOf(RelationshipEdge? forth, RelationshipEdge? back) => (forth, back) is ({ Blocks: true }, _) or (_, { Blocks: true })
        ? (forth is { Blocks: true } ? RelationshipKinds.Blocks : 0) | (back is { Blocks: true } ? RelationshipKinds.BlockedBy : 0)
        : (forth?.Friend, back?.Friend) switch
        {
            (true, true) => RelationshipKinds.Friend,
            (true, _) => RelationshipKinds.Invited,
            (_, true) => RelationshipKinds.InvitedBy,
            _ => 0,
        }
        | (forth is { Follows: true } ? RelationshipKinds.Follows : 0)
        | (back is { Follows: true } ? RelationshipKinds.FollowedBy : 0);

    async Task<Dictionary<PersonId, RelationshipEdge>> EdgesAsync(string kind, PersonId person, CancellationToken cancellationToken)
    {
        var edges = new Dictionary<PersonId, RelationshipEdge>();
        await foreach (var edge in records.ScanAsync(RecordRange.Under(kind, KeyPart(person)), PeopleJson.Default.RelationshipEdge, cancellationToken))
        {
            edges[edge.Value.Other] = edge.Value;
        }

        return edges;
    }

    /// <summary>An id as a part of a key. Two long ones in letters that must be escaped would not fit: those are named by their hash.</summary>
    static string KeyPart(PersonId person) => person.Value[0] != '#' && Uri.EscapeDataString(person.Value).Length <= MaxPart
        ? person.Value
        : "#" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(person.Value)));

    ValueTask<Versioned<RelationshipEdge>?> EdgeAsync(PersonId from, PersonId to, CancellationToken cancellationToken) =>
        records.GetAsync(RecordKey.Of("relation", KeyPart(from), KeyPart(to)), PeopleJson.Default.RelationshipEdge, cancellationToken);

    /// <param name="actor">Who says something.</param>
    /// <param name="other">Of whom.</param>
    /// <param name="change">What he says from now on.</param>
    /// <param name="answer">What becomes of what the other said.</param>
    /// <param name="cancellationToken">Gives up.</param>
    async Task ChangeAsync(
        PersonId actor, PersonId other, Func<RelationshipEdge, RelationshipEdge> change, Func<RelationshipEdge, RelationshipEdge> answer, CancellationToken cancellationToken)
    {
        if (actor == other)
        {
            throw new SharingException(ProblemCodes.InvalidInput, "Nobody is his own friend or follower.");
        }

        await records.ChangeAsync(
            async batch =>
            {
                var (before, back) = (await EdgeAsync(actor, other, cancellationToken), await EdgeAsync(other, actor, cancellationToken));
                var said = change(before?.Value ?? new(false, false, other));
                if (back is { Value.Blocks: true })
                {
                    said = said with { Friend = false, Follows = false }; // he is not told, and nothing comes of it
                }

                Write(batch, actor, other, said, before);
                if (back is not null && answer(back.Value) is var answered && answered != back.Value)
                {
                    Write(batch, other, actor, answered, back);
                }

                return true;
            },
            cancellationToken);
    }

    static void Write(RecordBatch batch, PersonId from, PersonId to, RelationshipEdge edge, Versioned<RelationshipEdge>? before)
    {
        var forth = RecordKey.Of("relation", KeyPart(from), KeyPart(to));
        var back = RecordKey.Of("relation-back", KeyPart(to), KeyPart(from));
        if (edge is { Friend: false, Follows: false, Blocks: false })
        {
            batch.Delete(forth, before?.Version ?? RecordBatch.Absent).Delete(back, RecordBatch.Any);
        }
        else
        {
            batch.Put(forth, edge, PeopleJson.Default.RelationshipEdge, before?.Version ?? RecordBatch.Absent)
                .Put(back, edge with { Other = from }, PeopleJson.Default.RelationshipEdge, RecordBatch.Any);
        }
    }
}
