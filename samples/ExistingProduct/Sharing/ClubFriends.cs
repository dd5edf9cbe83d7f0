using System.Text.Json;
using Sharing;

namespace HikingClub;

/// <summary>The club's friends and followers, as Sharing asks for them: one statement for each question, whatever the number of people.</summary>
sealed class ClubFriends(ClubDatabase database) : IRelationshipGraph
{
    // The numbers are those of RelationshipKinds.
    const string Related = """
        SELECT person, sum(kind) AS kinds FROM (
            SELECT other AS person, 1 AS kind FROM friendship WHERE one = $me
            UNION ALL SELECT one, 1 FROM friendship WHERE other = $me
            UNION ALL SELECT followed, 2 FROM following WHERE follower = $me
            UNION ALL SELECT follower, 4 FROM following WHERE followed = $me)
        """;

    public ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> BetweenAsync(
        PersonId person, IReadOnlyCollection<PersonId> others, CancellationToken cancellationToken = default) => AskAsync(
            Related + " WHERE person IN (SELECT value FROM json_each($others)) GROUP BY person",
            person, ("$others", JsonSerializer.Serialize(others.Select(other => other.Value))), cancellationToken);

    public ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> RelatedAsync(
        PersonId person, RelationshipKinds kinds, CancellationToken cancellationToken = default) => AskAsync(
            Related + " GROUP BY person HAVING (sum(kind) & $kinds) <> 0", person, ("$kinds", (int)kinds), cancellationToken);

    async ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> AskAsync(
        string sql, PersonId person, (string Name, object? Value) parameter, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            sql, r => (Person: PersonId.Parse(r.GetString(0)), Kinds: (RelationshipKinds)r.GetInt32(1)), cancellationToken, ("$me", person.Value), parameter);
        return rows.ToDictionary(row => row.Person, row => row.Kinds);
    }
}
