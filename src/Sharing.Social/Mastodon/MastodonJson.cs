using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sharing.Social;

#pragma warning disable MA0048 // the messages of one API, plain to read
/// <summary>What Mastodon's API says, as far as we read it (docs.joinmastodon.org/entities).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(NewStatus))]
[JsonSerializable(typeof(NewApp))]
[JsonSerializable(typeof(TokenQuestion))]
[JsonSerializable(typeof(AppCredentials))]
[JsonSerializable(typeof(AccessToken))]
[JsonSerializable(typeof(MastodonStatus))]
[JsonSerializable(typeof(MastodonStatus[]))]
[JsonSerializable(typeof(MastodonAccount))]
[JsonSerializable(typeof(MastodonAccount[]))]
[JsonSerializable(typeof(MastodonContext))]
[JsonSerializable(typeof(MastodonMedia))]
sealed partial class MastodonJson : JsonSerializerContext;

sealed record NewStatus(string Status, string? Visibility, string[]? MediaIds, string? InReplyToId);

sealed record NewApp(string ClientName, string RedirectUris, string Scopes, string? Website);

sealed record TokenQuestion(string GrantType, string Code, string ClientId, string ClientSecret, string RedirectUri, string CodeVerifier, string Scope);

sealed record AppCredentials(string? ClientId, string? ClientSecret);

sealed record AccessToken([property: JsonPropertyName("access_token")] string? Value, string? TokenType, string? Scope);

sealed record MastodonStatus(string? Id, string? Url, string? Uri, string? Content, DateTimeOffset? CreatedAt, string? InReplyToId, MastodonAccount? Account);

sealed record MastodonAccount(string? Id, string? Acct, string? Url);

sealed record MastodonContext(MastodonStatus[]? Descendants);

sealed record MastodonMedia(string? Id);
