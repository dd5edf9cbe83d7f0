using System.Text.Json.Serialization;

namespace Sharing.P2P;

/// <summary>A share that somebody has fetched, as he takes it out: without its ticket.</summary>
sealed record PersonalHeldShare(ShareId Share, string Name, string? MediaType, ContentId Content, long Length, Uri? Server);

/// <summary>A share of which somebody's terminal is the origin, as he takes it out.</summary>
sealed record PersonalOwnShare(ShareId Share, string Name, ContentId Content, Uri Server, bool IsComplete);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PersonalHeldShare))]
[JsonSerializable(typeof(PersonalOwnShare))]
sealed partial class PersonalP2PJson : JsonSerializerContext;
