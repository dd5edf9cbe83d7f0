using System.Text.Json.Serialization;

namespace Sharing.P2P;

/// <summary>The record <c>share/{id}</c>.</summary>
/// <param name="Owner">Who shares it.</param>
/// <param name="Name">The file's name.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Created">When it was complete.</param>
/// <param name="Audience">Who may fetch it.</param>
sealed record StoredShare(PersonId Owner, string Name, string? MediaType, ContentInfo Content, DateTimeOffset Created, Audience Audience);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredShare))]
sealed partial class ShareRecords : JsonSerializerContext;
