using System.Net.Mail;
using System.Text.Json.Serialization;
using Sharing.Core;

namespace Sharing.Server;

/// <summary>Somebody who signs in here without being in the configuration: the record <c>member/{id}</c>.</summary>
/// <param name="Id">Who.</param>
/// <param name="Name">The name that others see.</param>
/// <param name="Mail">His mail address, in lower case.</param>
/// <param name="Role"><see cref="Administrator"/> or <see cref="Ordinary"/>.</param>
/// <param name="Created">Since when.</param>
/// <param name="Disabled">Since when he may not sign in; <c>null</c>: he may.</param>
sealed record Member(PersonId Id, string Name, string Mail, string Role, DateTimeOffset Created, DateTimeOffset? Disabled = null)
{
    public const string Administrator = "administrator", Ordinary = "member";

    const int MostName = 100, MostMail = 254;

    [JsonIgnore]
    public bool IsAdministrator => Role == Administrator && Disabled is null;

    /// <summary>A name as it was typed in; <c>null</c>: it is none, or has line ends or marks in it that steer how others are shown.</summary>
    public static string? NameOf(string? text) => text is not null && ShownText.OneLine(text) == text && text.Trim() is { Length: > 0 and <= MostName } name ? name : null;

    /// <summary>A mail address as it was typed in, in lower case; <c>null</c>: it is none. ASCII alone, and nothing quoted: so no two look alike, and nothing of it can end a header.</summary>
    public static string? MailOf(string? text) => text is not null && !text.Any(char.IsControl) && text.Trim().ToLowerInvariant() is { Length: <= MostMail } mail
        && mail.All(static c => char.IsAsciiLetterOrDigit(c) || "@.!#$%&'*+/=?^_`{|}~-".Contains(c, StringComparison.Ordinal)) && MailAddress.TryCreate(mail, out var address) && address.Address == mail ? mail : null;
}

/// <summary>The record <c>member-mail/{mail}</c>: who has a mail address.</summary>
sealed record MailOwner(PersonId Person);

/// <summary>What somebody has that is found by the hash of a secret.</summary>
interface IOwned
{
    PersonId Person { get; }
}

/// <summary>A browser that has signed in: the record <c>session/{hash}</c>.</summary>
/// <param name="Person">Whose.</param>
/// <param name="Since">When it signed in.</param>
/// <param name="Seen">When it was here last, to the hour.</param>
/// <param name="Device">What it is, in a few words.</param>
/// <param name="Label">What its owner calls it.</param>
sealed record StoredSession(PersonId Person, DateTimeOffset Since, DateTimeOffset Seen, string Device, string? Label = null) : IOwned;

/// <summary>A bearer token that somebody made for a script: the record <c>member-token/{hash}</c>.</summary>
/// <param name="Person">Whose.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Rights"><see cref="OwnTokens.Read"/> or <see cref="OwnTokens.All"/>.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Ends">When it ends.</param>
sealed record StoredToken(PersonId Person, string Name, string Rights, DateTimeOffset Created, DateTimeOffset Ends) : IOwned;

/// <summary>A link that is good once: the record <c>member-link/{id}</c>.</summary>
/// <param name="Page">The page that it leads to, which says what it is for: <see cref="OneTimeLinks.Setup"/>, <see cref="OneTimeLinks.Join"/> or <see cref="OneTimeLinks.Enter"/>.</param>
/// <param name="Expires">When it ends.</param>
/// <param name="Hash">SHA-256 of its secret; <c>null</c>: it was not sent yet.</param>
/// <param name="Person">Whom it signs in.</param>
/// <param name="Mail">The only address that it is for.</param>
/// <param name="Note">What the administrator wrote down about it.</param>
sealed record StoredLink(string Page, DateTimeOffset Expires, string? Hash = null, PersonId? Person = null, string? Mail = null, string? Note = null);

/// <summary>The code of a mail address, whether anybody here has it or not: the record <c>sign-in-code/{hash of the address}</c>.</summary>
/// <param name="Asked">When codes were asked for within the last hour.</param>
/// <param name="Salt">The key of <paramref name="Hash"/>.</param>
/// <param name="Hash">HMAC-SHA-256 of the code; <c>null</c>: there is none to be entered.</param>
/// <param name="Expires">When the code ends.</param>
/// <param name="Tries">How many guesses at it were looked at.</param>
sealed record StoredCode(IReadOnlyList<DateTimeOffset> Asked, string? Salt = null, string? Hash = null, DateTimeOffset Expires = default, int Tries = 0);

/// <summary>How many codes a network asked for within the last hour: the record <c>sign-in-limit/{hash of the network}</c>.</summary>
sealed record StoredLimit(IReadOnlyList<DateTimeOffset> Asked);

/// <summary>A mail that is to go out.</summary>
/// <param name="Code">The address that is to get a code; or else</param>
/// <param name="Link">the link that is to be sent.</param>
sealed record MailWork(string? Code = null, string? Link = null);

/// <summary>A session, as its owner takes it out.</summary>
sealed record PersonalSession(DateTimeOffset Since, DateTimeOffset Seen, string Device, string? Label);

/// <summary>A token, as its owner takes it out.</summary>
sealed record PersonalToken(string Name, string Rights, DateTimeOffset Created, DateTimeOffset Ends);

/// <summary>An invitation to somebody's address, or a link that signs him in, as he takes it out.</summary>
sealed record PersonalLink(string Page, DateTimeOffset Expires, string? Mail, string? Note);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Member))]
[JsonSerializable(typeof(MailOwner))]
[JsonSerializable(typeof(StoredSession))]
[JsonSerializable(typeof(StoredToken))]
[JsonSerializable(typeof(StoredLink))]
[JsonSerializable(typeof(StoredCode))]
[JsonSerializable(typeof(StoredLimit))]
[JsonSerializable(typeof(MailWork))]
[JsonSerializable(typeof(PersonalSession))]
[JsonSerializable(typeof(PersonalToken))]
[JsonSerializable(typeof(PersonalLink))]
sealed partial class MemberJson : JsonSerializerContext;
