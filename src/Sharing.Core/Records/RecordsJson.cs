using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sharing.Core;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(LeaseRecord))]
[JsonSerializable(typeof(FenceRecord))]
[JsonSerializable(typeof(WorkRecord))]
[JsonSerializable(typeof(LogHead))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
sealed partial class RecordsJson : JsonSerializerContext;

sealed record LeaseRecord(string Holder, DateTimeOffset Until, TimeSpan Duration);

sealed record FenceRecord(string Holder, DateTimeOffset Since);

sealed record WorkRecord(DateTimeOffset Due, int Attempts, JsonElement Payload);

// Trimmed: the greatest number that is not kept any more.
sealed record LogHead(long Last, long Trimmed);
