using System.Text.Json.Serialization;

namespace Sharing.Core;

/// <summary>What one person said of another.</summary>
/// <param name="Friend">He calls him a friend; they are friends when both do.</param>
/// <param name="Follows">He follows him.</param>
/// <param name="Other">Whom the record leads to: the key may hold his id in short.</param>
/// <param name="Blocks">He wants nothing to do with him.</param>
sealed record RelationshipEdge(bool Friend, bool Follows, PersonId Other, bool Blocks = false);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Person))]
[JsonSerializable(typeof(RelationshipEdge))]
[JsonSerializable(typeof(FriendGroup))]
sealed partial class PeopleJson : JsonSerializerContext;
