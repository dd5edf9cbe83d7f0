using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sharing.Social;

#pragma warning disable MA0048 // small records of one page
/// <summary>How records of the fediverse are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredActor))]
[JsonSerializable(typeof(StoredGone))]
[JsonSerializable(typeof(StoredFollower))]
[JsonSerializable(typeof(StoredNote))]
[JsonSerializable(typeof(PostResponse))]
[JsonSerializable(typeof(StoredSeen))]
[JsonSerializable(typeof(StoredDelivery))]
[JsonSerializable(typeof(StoredDeadLetter))]
[JsonSerializable(typeof(string))]
sealed partial class FederationJson : JsonSerializerContext;

/// <summary>A person as an actor: <c>ap-actor/{name}</c>. One that is gone is kept until other servers have been told so.</summary>
sealed record StoredActor(PersonId Person, string Name, byte[] PrivateKey, DateTimeOffset Since, DateTimeOffset? Gone = null);

/// <summary>A name that was somebody's who is gone, and is given to nobody again: <c>ap-gone/{digest of the name}</c>.</summary>
sealed record StoredGone(DateTimeOffset At);

/// <summary>Who follows an actor: <c>ap-follower/{name}/{digest of the follower}</c>.</summary>
sealed record StoredFollower(string Actor, Uri Inbox, Uri? SharedInbox, DateTimeOffset Since);

/// <summary>What somebody has published at a network that is part of the host.</summary>
sealed record StoredNote(string Actor, Post Post, DateTimeOffset Changed, string? InReplyTo = null);

/// <summary>An activity that was taken: <c>ap-seen/{digest of its id}</c>.</summary>
sealed record StoredSeen(DateTimeOffset At);

/// <summary>A delivery that is due: the payload of its work. It counts how often it was sent, and why it was not taken the last time.</summary>
sealed record StoredDelivery(string Actor, Uri Inbox, string Activity, DateTimeOffset Since, int Tries = 0, string? Reason = null);

/// <summary>A delivery that was given up: <c>ap-dead/{host}/{digest}</c>.</summary>
sealed record StoredDeadLetter(Uri Inbox, string Activity, string Reason, DateTimeOffset At);
