using System.Text.Json;

namespace Sharing.Apps;

/// <summary>JSON merge patch (RFC 7396), written out as it is worked out.</summary>
static class MergePatch
{
    /// <summary>Writes what a patch makes of a value.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="target">The value; <c>null</c>: there is none.</param>
    /// <param name="patch">The patch.</param>
    public static void Apply(Utf8JsonWriter writer, JsonElement? target, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            patch.WriteTo(writer);
            return;
        }

        var old = target is { ValueKind: JsonValueKind.Object } found ? found : (JsonElement?)null;
        writer.WriteStartObject();
        foreach (var member in old?.EnumerateObject() ?? default)
        {
            if (!patch.TryGetProperty(member.Name, out var change))
            {
                member.WriteTo(writer);
            }
            else if (change.ValueKind != JsonValueKind.Null)
            {
                writer.WritePropertyName(member.Name);
                Apply(writer, member.Value, change);
            }
        }

        foreach (var member in patch.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null && (old is null || !old.Value.TryGetProperty(member.Name, out _)))
            {
                writer.WritePropertyName(member.Name);
                Apply(writer, null, member.Value);
            }
        }

        writer.WriteEndObject();
    }
}
