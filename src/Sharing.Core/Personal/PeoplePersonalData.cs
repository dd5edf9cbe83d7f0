namespace Sharing.Core;

/// <summary>What our own stores of people and relationships keep: who somebody is, whom he follows, befriends and blocks, who does so with him, and groups.</summary>
sealed class PeoplePersonalData(IRecordStore records) : IPersonalData
{
    public string Name => "people";

    public IReadOnlyCollection<string> RecordKinds => ["person", "relation", "relation-back", "friend-group"];

    public async Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken)
    {
        await archive.AddListAsync("person", records.ScanAsync(RecordRange.One(PeopleStore.KeyOf(person)), PeopleJson.Default.Person, cancellationToken).Select(static one => one.Value), PeopleJson.Default.Person, cancellationToken);
        await archive.AddListAsync("relationships", EdgesAsync("relation", person, static edge => new(edge.Other, edge.Friend, edge.Follows, edge.Blocks), cancellationToken), PersonalJson.Default.PersonalRelationship, cancellationToken);
        await archive.AddListAsync(
            "relationships-of-others", EdgesAsync("relation-back", person, static edge => new(edge.Other, edge.Friend, edge.Follows, false), cancellationToken).Where(static edge => edge.Friend || edge.Follows), // who blocks him he is not told
            PersonalJson.Default.PersonalRelationship, cancellationToken);
        await archive.AddListAsync("groups", new RelationshipStore(records).ListAsync(person, cancellationToken), PeopleJson.Default.FriendGroup, cancellationToken);
    }

    public async Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var part = RelationshipStore.KeyPart(person);
        await records.DeleteAllAsync(OthersAsync("relation", "relation-back"), cancellationToken);
        await records.DeleteAllAsync(OthersAsync("relation-back", "relation"), cancellationToken);
        await records.DeleteAllAsync(RecordRange.Under("friend-group", part), cancellationToken);
        await records.DeleteAllAsync(RecordRange.One(PeopleStore.KeyOf(person)), cancellationToken);
        await foreach (var group in records.ScanAsync(RecordRange.Under("friend-group"), PeopleJson.Default.FriendGroup, cancellationToken))
        {
            if (group.Value.People.Contains(person))
            {
                await LeaveAsync(group.Key, person, cancellationToken);
            }
        }

        return true;

        // Both sides of each edge.
        async IAsyncEnumerable<RecordKey> OthersAsync(string kind, string back)
        {
            await foreach (var edge in records.ScanAsync(RecordRange.Under(kind, part), PeopleJson.Default.RelationshipEdge, cancellationToken))
            {
                yield return edge.Key;
                yield return RecordKey.Of(back, RelationshipStore.KeyPart(edge.Value.Other), part);
            }
        }
    }

    Task LeaveAsync(RecordKey key, PersonId person, CancellationToken cancellationToken) => records.ChangeAsync(
        async batch =>
        {
            if (await records.GetAsync(key, PeopleJson.Default.FriendGroup, cancellationToken) is not { } group || !group.Value.People.Contains(person))
            {
                return false;
            }

            var left = group.Value with { People = [.. group.Value.People.Where(one => one != person)] };
            _ = left.People.Count == 0 ? batch.Delete(key, group.Version) : batch.Put(key, left, PeopleJson.Default.FriendGroup, group.Version);
            return true;
        },
        cancellationToken);

    IAsyncEnumerable<PersonalRelationship> EdgesAsync(string kind, PersonId person, Func<RelationshipEdge, PersonalRelationship> show, CancellationToken cancellationToken) =>
        records.ScanAsync(RecordRange.Under(kind, RelationshipStore.KeyPart(person)), PeopleJson.Default.RelationshipEdge, cancellationToken).Select(edge => show(edge.Value));
}

/// <summary>What one said of another.</summary>
sealed record PersonalRelationship(PersonId Person, bool Friend, bool Follows, bool Blocks);
