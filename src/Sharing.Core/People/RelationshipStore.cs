using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Sharing.Core;

/// <summary>Our own store of relationships, for hosts that have none: everybody speaks for himself. Thread-safe singleton.</summary>
/// <remarks>Records: <c>relation/{from}/{to}</c> what one said of the other, and <c>relation-back/{to}/{from}</c> the same, found from the other side; <c>friend-group/{owner}/{name}</c>.
/// A part of a key that begins with # is the hash of a long id.</remarks>
public sealed class RelationshipStore(IRecordStore records) : IRelationshipGraph, IRelationships, IFriendGroups
{
    const int MaxPart = 400, MostGroups = 100;

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
    public async Task SaveAsync(PersonId actor, FriendGroup group, CancellationToken cancellationToken = default)
    {
        if (group.Name is not { Length: > 0 and <= Audience.MaxGroupName } || group.Name.Any(char.IsControl) || group.People.Count > Audience.MaxNamed)
        {
            throw new SharingException(ProblemCodes.InvalidInput, $"A group has a name of 1 to {Audience.MaxGroupName} characters, and up to {Audience.MaxNamed} people.");
        }

        var key = GroupKey(new(actor, group.Name));
        var batch = new RecordBatch();
        if (group.People.Count == 0)
        {
            batch.Delete(key, RecordBatch.Any);
        }
        else if (await records.GetAsync(key, PeopleJson.Default.FriendGroup, cancellationToken) is null && await ListAsync(actor, cancellationToken).CountAsync(cancellationToken) >= MostGroups)
        {
            throw new SharingException(ProblemCodes.InvalidInput, $"There are at most {MostGroups} groups.");
        }
        else
        {
            batch.Put(key, group with { People = [.. group.People.Distinct()] }, PeopleJson.Default.FriendGroup, RecordBatch.Any);
        }

        await records.CommitAsync(batch, cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FriendGroup> ListAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var group in records.ScanAsync(RecordRange.Under("friend-group", KeyPart(actor)), PeopleJson.Default.FriendGroup, cancellationToken))
        {
            yield return group.Value;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlySet<GroupName>> GroupsAsync(PersonId member, IReadOnlyCollection<GroupName> groups, CancellationToken cancellationToken = default)
    {
        var memberOf = new HashSet<GroupName>();
        foreach (var group in groups)
        {
            if ((await records.GetAsync(GroupKey(group), PeopleJson.Default.FriendGroup, cancellationToken))?.Value.People.Contains(member) == true)
            {
                memberOf.Add(group);
            }
        }

        return memberOf;
    }

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

    static RecordKey GroupKey(GroupName group) => RecordKey.Of("friend-group", KeyPart(group.Owner), KeyPart(group.Name));

    internal static string KeyPart(PersonId person) => KeyPart(person.Value);

    /// <summary>An id as a part of a key. Two long ones in letters that must be escaped would not fit: those are named by their hash.</summary>
    static string KeyPart(string text) => text[0] != '#' && Uri.EscapeDataString(text).Length <= MaxPart
        ? text
        : "#" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

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
