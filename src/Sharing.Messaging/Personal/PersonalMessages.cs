using System.Text.Json.Serialization;

namespace Sharing.Messaging;

/// <summary>A message that somebody sent, as he takes it out.</summary>
/// <param name="Message">The message.</param>
/// <param name="Key">His terminal's own name for it.</param>
/// <param name="File">Where its bytes are in the archive.</param>
sealed record PersonalSent(SentMessage Message, string? Key, string? File);

/// <summary>A message that somebody received, as he takes it out.</summary>
/// <param name="Message">The message.</param>
/// <param name="File">Where its bytes are in the archive.</param>
sealed record PersonalReceived(Message Message, string? File);

/// <summary>What somebody uploaded and has not sent yet.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="MediaType">What it is said to be.</param>
/// <param name="Until">How long it waits.</param>
/// <param name="File">Where its bytes are in the archive.</param>
sealed record PersonalMessageUpload(string Id, string Name, string? MediaType, DateTimeOffset Until, string File);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PersonalSent))]
[JsonSerializable(typeof(PersonalReceived))]
[JsonSerializable(typeof(PersonalMessageUpload))]
[JsonSerializable(typeof(SeenRecord))]
[JsonSerializable(typeof(BearerBinding))]
[JsonSerializable(typeof(StoredTaste))]
sealed partial class PersonalMessagesJson : JsonSerializerContext;
