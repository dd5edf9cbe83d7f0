using System.Buffers;
using System.Text.Json;

namespace Sharing.Apps;

/// <summary>Finds where in an index its parts are, reading it once from front to back. For one use.</summary>
/// <remarks>Holds one window of the index, which grows up to the longest token, and the names of the parts: 35 MB with 10,000 apps take about 2 MB.</remarks>
sealed class IndexScanner
{
    const int Window = 64 * 1024, MostOfToken = 1024 * 1024, MostOfPart = 8 * 1024 * 1024, MostParts = 1_000_000;

    readonly List<IndexPart> _parts = [];
    readonly HashSet<string> _members = new(StringComparer.Ordinal), _apps = new(StringComparer.Ordinal);
    JsonReaderState _state;
    string _name = "";
    long _start = -1;
    bool _inApps;

    /// <summary>Finds the parts of an index, in their order.</summary>
    /// <exception cref="PackageFormatException">It is no index, names something twice, or has a part that is too long.</exception>
    public static async Task<IReadOnlyList<IndexPart>> ScanAsync(Stream index, CancellationToken cancellationToken)
    {
        var scanner = new IndexScanner();
        var buffer = ArrayPool<byte>.Shared.Rent(Window);
        try
        {
            var (held, before, ended) = (0, 0L, false);
            while (!ended)
            {
                if (held == buffer.Length)
                {
                    buffer = Grow(buffer);
                }

                var read = await index.ReadAsync(buffer.AsMemory(held), cancellationToken);
                (held, ended) = (held + read, read == 0);
                var used = scanner.Take(buffer.AsSpan(0, held), before, ended);
                buffer.AsSpan(used, held - used).CopyTo(buffer);
                (held, before) = (held - used, before + used);
            }

            return scanner._parts;
        }
        catch (Exception fault) when (IndexJson.IsFormat(fault))
        {
            throw IndexJson.Damaged(fault);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static byte[] Grow(byte[] buffer)
    {
        if (buffer.Length >= MostOfToken)
        {
            throw IndexJson.Damaged();
        }

        var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    int Take(ReadOnlySpan<byte> bytes, long before, bool ended)
    {
        var reader = new Utf8JsonReader(bytes, ended, _state);
        while (reader.Read())
        {
            var level = reader.CurrentDepth - (_inApps ? 1 : 0);
            if (level == 0)
            {
                Leave(ref reader);
            }
            else if (level == 1)
            {
                Step(ref reader, before);
            }
        }

        _state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    // At the index's own braces, or at the end of its "packages".
    void Leave(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.EndObject))
        {
            throw IndexJson.Damaged();
        }

        _inApps = false;
    }

    void Step(ref Utf8JsonReader reader, long before)
    {
        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            _name = reader.GetString()!;
            if (!(_inApps ? _apps : _members).Add(_name) || _parts.Count == MostParts)
            {
                throw IndexJson.Damaged();
            }

            return;
        }

        if (_start < 0)
        {
            _start = before + reader.TokenStartIndex;
        }

        if (!_inApps && _name == "packages")
        {
            Enter(ref reader);
        }
        else if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            Add(before + reader.BytesConsumed);
        }
    }

    void Enter(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw IndexJson.Damaged();
        }

        (_inApps, _start) = (true, -1);
    }

    void Add(long end)
    {
        if (end - _start > MostOfPart)
        {
            throw IndexJson.Damaged();
        }

        _parts.Add(new(_name, _inApps, _start, (int)(end - _start)));
        _start = -1;
    }
}
