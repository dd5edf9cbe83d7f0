using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sharing.P2P;

/// <summary>Writes the members that an index in memory gives straight from what it keeps.</summary>
sealed class SwarmMembersConverter : JsonConverter<IReadOnlyList<SwarmMember>>
{
    public override IReadOnlyList<SwarmMember> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, P2PJson.Default.SwarmMemberArray) ?? throw new JsonException("Members are a list.");

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<SwarmMember> value, JsonSerializerOptions options)
    {
        if (value is MemberSample sample)
        {
            writer.WriteRawValue(sample.Json.Span, skipInputValidation: true);
            return;
        }

        writer.WriteStartArray();
        foreach (var member in value)
        {
            JsonSerializer.Serialize(writer, member, P2PJson.Default.SwarmMember);
        }

        writer.WriteEndArray();
    }
}
