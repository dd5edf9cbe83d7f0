using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sharing.Apps;

/// <summary>The hash of what an index says, whatever the order of its members and the space between them. Not thread-safe.</summary>
/// <remarks>Each part (an app, or a member of the index that is none) is written with its members in ordinal order and without spaces, numbers as they stand, and
/// hashed; the root is the hash of the parts' names and hashes, in ordinal order. SHA-256.</remarks>
sealed class CanonicalRoot
{
    readonly List<(string Name, byte[] Hash)> _parts = [];
    readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>Adds a part.</summary>
    /// <returns>Its hash.</returns>
    public byte[] Add(IndexPart part, JsonElement value)
    {
        _buffer.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_buffer))
        {
            Write(writer, value);
        }

        var hash = SHA256.HashData(_buffer.WrittenSpan);
        Add(part, hash);
        return hash;
    }

    /// <summary>Adds a part whose hash is known.</summary>
    public void Add(IndexPart part, byte[] hash) => _parts.Add(($"{(part.IsApp ? "packages/" : "")}{part.Name}", hash));

    /// <summary>The root, in lower-case hex.</summary>
    public string Finish()
    {
        _parts.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, value) in _parts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData("\0"u8);
            hash.AppendData(value);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(static member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(value.GetString()); // however it was escaped
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
