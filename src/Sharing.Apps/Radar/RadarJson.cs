using System.Text.Json.Serialization;

namespace Sharing.Apps;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredBook))]
[JsonSerializable(typeof(StoredPart))]
[JsonSerializable(typeof(StoredBudget))]
[JsonSerializable(typeof(byte[]))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(PersonId))]
[JsonSerializable(typeof(string))]
sealed partial class RadarJson : JsonSerializerContext;
