using System.Text.Json;
using Sharing;

namespace HikingClub;

/// <summary>The club's members, as Sharing asks for them: one statement, whatever the number of ids.</summary>
sealed class ClubPeople(ClubDatabase database) : IPeople
{
    public async ValueTask<IReadOnlyDictionary<PersonId, Person>> FindAsync(
        IReadOnlyCollection<PersonId> ids, CancellationToken cancellationToken = default)
    {
        if (ids.Count == 0)
        {
            return new Dictionary<PersonId, Person>();
        }

        var rows = await database.ReadAsync(
            "SELECT handle, name, mail FROM member WHERE handle IN (SELECT value FROM json_each($ids))",
            r => new Person { Id = PersonId.Parse(r.GetString(0)), Name = r.GetString(1), Mail = r.IsDBNull(2) ? null : r.GetString(2) },
            cancellationToken,
            ("$ids", JsonSerializer.Serialize(ids.Select(id => id.Value))));
        return rows.ToDictionary(person => person.Id);
    }
}
