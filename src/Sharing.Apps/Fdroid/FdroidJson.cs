using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sharing.Apps;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, NumberHandling = JsonNumberHandling.Strict, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(FdroidState))]
[JsonSerializable(typeof(string))]
sealed partial class FdroidJson : JsonSerializerContext;
