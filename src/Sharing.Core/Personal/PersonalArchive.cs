using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sharing.Core;

/// <summary>A ZIP archive that is written as it is made. Not thread-safe.</summary>
sealed class PersonalArchive(ZipArchive zip, IContentStore contents, TimeProvider time) : IPersonalArchive
{
    static readonly JsonWriterOptions s_readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);
    readonly List<string> _missing = [];

    /// <summary>The part that writes now.</summary>
    public string Part { get; set; } = "";

    public async Task AddListAsync<T>(string name, IAsyncEnumerable<T> entries, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        await using var all = entries.GetAsyncEnumerator(cancellationToken);
        if (!await all.MoveNextAsync())
        {
            return;
        }

        await using var file = await OpenAsync(Unlike(Part.Length == 0 ? name + ".json" : $"{Part}/{name}.json"), time.GetUtcNow(), CompressionLevel.Optimal, cancellationToken);
        await using var json = new Utf8JsonWriter(file, s_readable);
        json.WriteStartArray();
        do
        {
            JsonSerializer.Serialize(json, all.Current, type);
            await json.FlushAsync(cancellationToken);
        }
        while (await all.MoveNextAsync());
        json.WriteEndArray();
        await json.FlushAsync(cancellationToken);
    }

    public async Task<string> AddContentAsync(IReadOnlyList<string> path, ContentId content, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var name = Unlike(string.Join('/', [Part, .. path.Select(static one => FileName.From(one) ?? "_")]));
        if (await contents.OpenAsync(content, cancellationToken) is not { } reader)
        {
            _missing.Add(name);
            return name;
        }

        await using (reader)
        {
            await using var from = new ContentStream(reader, ContentArea.Data, 0);
            await using var file = await OpenAsync(name, at, CompressionLevel.NoCompression, cancellationToken); // pictures and films do not get smaller
            await from.CopyToAsync(file, cancellationToken);
        }

        return name;
    }

    /// <summary>Ends the archive with what is missing in it.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        if (_missing.Count == 0)
        {
            return;
        }

        await using var file = await OpenAsync("missing.txt", time.GetUtcNow(), CompressionLevel.Optimal, cancellationToken);
        await using var text = new StreamWriter(file);
        foreach (var name in _missing)
        {
            await text.WriteLineAsync(name.AsMemory(), cancellationToken);
        }
    }

    /// <summary>A name that no other file of the archive has, in whatever letters.</summary>
    string Unlike(string name)
    {
        var (extension, free) = (Path.GetExtension(name), name);
        for (var number = 2; !_taken.Add(free); number++)
        {
            free = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name[..^extension.Length]} ({number}){extension}");
        }

        return free;
    }

    Task<Stream> OpenAsync(string name, DateTimeOffset at, CompressionLevel level, CancellationToken cancellationToken)
    {
        var entry = zip.CreateEntry(name, level);
        entry.LastWriteTime = at.Year is >= 1980 and <= 2107 ? at : time.GetUtcNow(); // what a ZIP archive can say
        return entry.OpenAsync(cancellationToken);
    }
}
