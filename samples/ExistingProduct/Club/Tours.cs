using System.Globalization;

namespace HikingClub;

/// <summary>The tours that members have led, each with a track to download.</summary>
sealed class Tours(ClubDatabase database)
{
    const string Columns = "SELECT t.id, t.leader, coalesce(m.name, t.leader), t.title, t.day, t.km, t.climb FROM tour t LEFT JOIN member m ON m.handle = t.leader";

    public Task<List<Tour>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(Columns + " ORDER BY t.day DESC, t.id DESC", Read, cancellationToken);

    public async Task<Tour?> FindAsync(long id, CancellationToken cancellationToken) =>
        (await database.ReadAsync(Columns + " WHERE t.id = $id", Read, cancellationToken, ("$id", id))).SingleOrDefault();

    public Task AddAsync(long id, string leader, string title, DateOnly day, double km, int climb) => database.WriteAsync(
        "INSERT OR REPLACE INTO tour (id, leader, title, day, km, climb) VALUES ($id, $leader, $title, $day, $km, $climb)",
        ("$id", id), ("$leader", leader), ("$title", title), ("$day", day.ToString("O", CultureInfo.InvariantCulture)), ("$km", km), ("$climb", climb));

    static Tour Read(Microsoft.Data.Sqlite.SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3),
        DateOnly.ParseExact(row.GetString(4), "O", CultureInfo.InvariantCulture), row.GetDouble(5), row.GetInt32(6));
}

/// <summary>A tour.</summary>
sealed record Tour(long Id, string Leader, string LeaderName, string Title, DateOnly Day, double Km, int Climb)
{
    /// <summary>Its track, as GPX: a round of so many points.</summary>
    public string Track()
    {
        var points = Enumerable.Range(0, 400).Select(i => (i * Math.PI / 200) is var angle ? string.Create(
            CultureInfo.InvariantCulture,
            $"    <trkpt lat=\"{47.2 + (Km * 0.001 * Math.Sin(angle)):F6}\" lon=\"{11.4 + (Km * 0.0015 * Math.Cos(angle)):F6}\"><ele>{900 + (Climb * Math.Abs(Math.Sin(angle))):F0}</ele></trkpt>\n") : "");
        return $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <gpx version="1.1" creator="Ridge and Valley" xmlns="http://www.topografix.com/GPX/1/1">
              <trk><name>{System.Security.SecurityElement.Escape(Title)}</name><trkseg>
            {string.Concat(points)}  </trkseg></trk>
            </gpx>

            """;
    }
}
