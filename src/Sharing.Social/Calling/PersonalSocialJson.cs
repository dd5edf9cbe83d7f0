using System.Text.Json.Serialization;

namespace Sharing.Social;

/// <summary>Somebody as the fediverse knows him, as he takes it out: without his key.</summary>
sealed record PersonalActor(string Name, string Id, DateTimeOffset Since);

/// <summary>Something of his that a server did not take, as he takes it out.</summary>
sealed record PersonalDeadLetter(Uri Inbox, string Reason, DateTimeOffset At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PersonalActor))]
[JsonSerializable(typeof(PersonalDeadLetter))]
sealed partial class PersonalSocialJson : JsonSerializerContext;
