namespace Sharing.PostgreSql;

/// <summary>Where the records are.</summary>
public sealed record PostgreSqlOptions
{
    /// <summary>How to reach the database, as Npgsql reads it. What it does not say is chosen here: statements are prepared by themselves, and of several hosts the primary is asked.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The schema that holds the tables: lower-case letters, digits and underscores. One for each tenant.</summary>
    public string Schema { get; init; } = "sharing";

    /// <summary>Whether the schema is laid out, or brought forward, when it is opened. Otherwise it must be there: then no right to make tables is needed.</summary>
    public bool ApplySchema { get; init; } = true;
}
