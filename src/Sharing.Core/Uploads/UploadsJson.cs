using System.Text.Json.Serialization;

namespace Sharing.Core;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(UploadRecord))]
[JsonSerializable(typeof(SpaceRecord))]
sealed partial class UploadsJson : JsonSerializerContext;
