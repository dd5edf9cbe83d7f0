using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sharing.Social;

#pragma warning disable MA0048 // the messages of one format, plain to read
/// <summary>Events in structured mode (CloudEvents 1.0, JSON event format).</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CloudEvent))]
sealed partial class WebhookJson : JsonSerializerContext;

/// <summary>An event.</summary>
sealed record CloudEvent(
    [property: JsonPropertyName("specversion")] string SpecVersion, string Id, string Source, string Type, string Subject, DateTimeOffset Time,
    [property: JsonPropertyName("datacontenttype")] string DataContentType, SharedEvent Data);

/// <summary>What was shared; of what was withdrawn no more than its key.</summary>
sealed record SharedEvent(string Key, int Revision, PersonId Author, string? Text, Uri? Link, Resource? Resource);
