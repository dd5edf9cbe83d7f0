using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;

namespace Sharing.Apps;

/// <summary>A stored index and what has changed since, put together part by part: held are the difference and one part. For one use.</summary>
/// <param name="source">The repository.</param>
/// <param name="before">What is held of it.</param>
/// <param name="parts">The parts of the index that is held.</param>
/// <param name="difference">What has changed.</param>
sealed class IndexMerge(FdroidSource source, FdroidState before, IReadOnlyList<IndexPart> parts, JsonElement difference)
{
    readonly CanonicalRoot _old = new(), _new = new();
    readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    readonly ArrayBufferWriter<byte> _buffer = new();
    bool _first = true;

    /// <summary>What the new index says when it was made; 0: it does not say.</summary>
    public long Timestamp { get; private set; }

    /// <summary>How many apps the new index names.</summary>
    public int Apps { get; private set; }

    /// <summary>The hash of what the new index says.</summary>
    public string Root { get; private set; } = "";

    /// <summary>Writes the new index.</summary>
    /// <exception cref="PackageFormatException">What is held is not what was taken, or something that must be said would be missing.</exception>
    public async Task WriteAsync(PartReader index, PipeWriter output, CancellationToken cancellationToken)
    {
        var apps = difference.TryGetProperty("packages", out var changes) ? changes : default;
        if (apps.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object))
        {
            throw IndexJson.Damaged();
        }

        output.Write("{"u8);
        await WritePartsAsync(index, isApp: false, difference, output, cancellationToken);
        output.Write(_first ? "\"packages\":{"u8 : ",\"packages\":{"u8);
        _first = true;
        await WritePartsAsync(index, isApp: true, apps, output, cancellationToken);
        output.Write("}}"u8);
        if (_old.Finish() != before.Root)
        {
            throw new PackageFormatException(PackageFault.Index, "What is held is not what the difference is for.");
        }

        Root = _new.Finish();
    }

    async Task WritePartsAsync(PartReader index, bool isApp, JsonElement changes, PipeWriter output, CancellationToken cancellationToken)
    {
        foreach (var part in parts.Where(part => part.IsApp == isApp))
        {
            var value = await index.ReadAsync(part, cancellationToken);
            IndexJson.Read(value, old => Put(part, old, value, changes, output));
            await FlushAsync(output, cancellationToken);
        }

        foreach (var added in changes.ValueKind == JsonValueKind.Object ? changes.EnumerateObject() : default)
        {
            if (added.Value.ValueKind != JsonValueKind.Null && (isApp || added.Name != "packages") && !_seen.Contains(Key(isApp, added.Name)))
            {
                Changed(new(added.Name, isApp, 0, 0), null, added.Value, output);
                await FlushAsync(output, cancellationToken);
            }
        }
    }

    bool Put(IndexPart part, JsonElement old, ReadOnlyMemory<byte> value, JsonElement changes, PipeWriter output)
    {
        _seen.Add(Key(part.IsApp, part.Name));
        var hash = _old.Add(part, old);
        if (changes.ValueKind != JsonValueKind.Object || !changes.TryGetProperty(part.Name, out var change))
        {
            _new.Add(part, hash);
            Note(part, old);
            Write(part, value.Span, output);
        }
        else if (change.ValueKind != JsonValueKind.Null)
        {
            Changed(part, old, change, output);
        }

        return true;
    }

    void Changed(IndexPart part, JsonElement? old, JsonElement change, PipeWriter output)
    {
        _buffer.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_buffer))
        {
            MergePatch.Apply(writer, old, change);
        }

        IndexJson.Read(_buffer.WrittenMemory, merged =>
        {
            if (part.IsApp)
            {
                FdroidAppReader.Read(source, part.Name, merged);
            }

            _new.Add(part, merged);
            Note(part, merged);
            return true;
        });
        Write(part, _buffer.WrittenSpan, output);
    }

    void Note(IndexPart part, JsonElement value)
    {
        Apps += part.IsApp ? 1 : 0;
        if (part is { IsApp: false, Name: "repo" })
        {
            Timestamp = value.GetProperty("timestamp").GetInt64();
        }
    }

    void Write(IndexPart part, ReadOnlySpan<byte> value, PipeWriter output)
    {
        if (!_first)
        {
            output.Write(","u8);
        }

        _first = false;
        output.Write(JsonSerializer.SerializeToUtf8Bytes(part.Name, FdroidJson.Default.String));
        output.Write(":"u8);
        output.Write(value);
    }

    static async ValueTask FlushAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        if (output.UnflushedBytes > 64 * 1024 && (await output.FlushAsync(cancellationToken)).IsCompleted)
        {
            throw new IOException("The store does not take it.");
        }
    }

    static string Key(bool isApp, string name) => isApp ? "packages/" + name : name;
}
