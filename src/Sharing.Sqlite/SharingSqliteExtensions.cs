using Microsoft.Extensions.DependencyInjection.Extensions;
using Sharing.Sqlite;

namespace Sharing;

/// <summary>Puts records into SQLite.</summary>
public static class SharingSqliteExtensions
{
    /// <summary>Keeps all records in one SQLite database. The application brings the native SQLite.</summary>
    /// <param name="sharing">The builder.</param>
    /// <param name="path">The database file, made when it is not there.</param>
    /// <exception cref="InvalidOperationException">Other records were chosen before.</exception>
    public static SharingBuilder UseSqlite(this SharingBuilder sharing, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (sharing.Choose("records", $"SQLite at {path}"))
        {
            sharing.Services.TryAddKeyedSingleton<IRecordStore>("driver", (_, _) => new SqliteRecordStore(new() { Path = path }));
        }

        return sharing;
    }

    /// <summary>Keeps everything in one folder: records in SQLite, contents as files. The embedded default.</summary>
    /// <param name="sharing">The builder.</param>
    /// <param name="folder">The folder, made when it is not there. One process at a time.</param>
    /// <exception cref="InvalidOperationException">Another place was chosen before.</exception>
    public static SharingBuilder UseFolder(this SharingBuilder sharing, string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return sharing.UseSqlite(Path.Combine(folder, "sharing.db")).UseContentFolder(Path.Combine(folder, "content"));
    }
}
