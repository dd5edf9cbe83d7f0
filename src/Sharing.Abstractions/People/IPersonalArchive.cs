using System.Text.Json.Serialization.Metadata;

namespace Sharing;

/// <summary>What a person takes out. Each part writes into a folder of its own. Not thread-safe.</summary>
public interface IPersonalArchive
{
    /// <summary>Adds a list as a file of JSON; none where it is empty.</summary>
    /// <param name="name">The file's name without its extension: lower-case letters and hyphens.</param>
    /// <param name="entries">The list; read as it is written.</param>
    /// <param name="type">How an entry is written.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task AddListAsync<T>(string name, IAsyncEnumerable<T> entries, JsonTypeInfo<T> type, CancellationToken cancellationToken);

    /// <summary>Adds a content as a file of its own, byte by byte. One that is not there any more is left out, and said to be missing in the archive.</summary>
    /// <param name="path">The file's name as its owner knows it, and the folders that it lies in; made safe, and unlike any other in the archive.</param>
    /// <param name="content">The content.</param>
    /// <param name="at">When it was made.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The path that it has got in the archive.</returns>
    Task<string> AddContentAsync(IReadOnlyList<string> path, ContentId content, DateTimeOffset at, CancellationToken cancellationToken);
}
