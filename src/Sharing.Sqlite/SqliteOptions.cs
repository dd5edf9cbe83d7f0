namespace Sharing.Sqlite;

/// <summary>Where and how large a database is.</summary>
public sealed record SqliteOptions
{
    /// <summary>The database file. Its folder is made if need be; <c>-wal</c>, <c>-shm</c> and <c>.lock</c> files lie beside it,
    /// and <c>-reserve</c>: 8 MiB kept back, with which deletions go on when the disk is full.</summary>
    public required string Path { get; init; }

    /// <summary>The most bytes that the database file may grow to; commits beyond fail as on a full disk. <c>null</c>: as the disk allows.</summary>
    public long? MaxLength { get; init; }
}
