using System.Text.Json.Serialization;

namespace Sharing.Core;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ContentRecord))]
[JsonSerializable(typeof(ReferenceRecord))]
[JsonSerializable(typeof(DeletionsRecord))]
[JsonSerializable(typeof(ScrubRecord))]
sealed partial class ContentRecordsJson : JsonSerializerContext;
