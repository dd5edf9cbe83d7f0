using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sharing.Messaging;

/// <summary>How the package's records are written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(InboxEntry))]
[JsonSerializable(typeof(KeyRecord))]
[JsonSerializable(typeof(MessageDraft))]
[JsonSerializable(typeof(ReceivedRecord))]
[JsonSerializable(typeof(SeenRecord))]
[JsonSerializable(typeof(ServerRecord))]
[JsonSerializable(typeof(StoredBinding))]
[JsonSerializable(typeof(StoredHandler))]
[JsonSerializable(typeof(StoredMessage))]
[JsonSerializable(typeof(StoredUpload))]
[JsonSerializable(typeof(StoredItem))]
[JsonSerializable(typeof(StoredTaste))]
sealed partial class MessageRecords : JsonSerializerContext;
