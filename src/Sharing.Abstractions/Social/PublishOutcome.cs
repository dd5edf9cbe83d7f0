using System.Net.Http.Headers;

namespace Sharing;

/// <summary>What a network answered. An outcome that nobody knows (a lost reply) is an exception instead.</summary>
public sealed record PublishOutcome
{
    PublishOutcome(PublishState state) => State = state;

    /// <summary>Sent, Waiting, NeedsLogin or Refused.</summary>
    public PublishState State { get; }

    /// <summary>The network's own id of the post.</summary>
    public string? RemoteId { get; private init; }

    /// <summary>Where the post can be seen.</summary>
    public Uri? Address { get; private init; }

    /// <summary>When the network wants to be asked again; at most one of this and <see cref="RetryAt"/> is set.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>When the network wants to be asked again.</summary>
    public DateTimeOffset? RetryAt { get; private init; }

    /// <summary>Why, for the person.</summary>
    public string? Reason { get; private init; }

    /// <summary>Whether the network may have the post all the same: the line stays uncertain.</summary>
    public bool MayBeThere { get; private init; }

    /// <summary>Whether it does not count as an attempt: nothing was wrong, it was only not the time.</summary>
    public bool IsHeld { get; private init; }

    /// <summary>The network has the post.</summary>
    public static PublishOutcome Sent(string remoteId, Uri? address = null) =>
        new(PublishState.Sent) { RemoteId = remoteId, Address = address };

    /// <summary>The network did not take it and wants to be asked again later.</summary>
    public static PublishOutcome Wait(RetryConditionHeaderValue? retry, string? reason = null) =>
        new(PublishState.Waiting) { RetryAfter = retry?.Delta, RetryAt = retry?.Date, Reason = reason };

    /// <summary>The network did not take it and wants to be asked again after that time.</summary>
    public static PublishOutcome Wait(TimeSpan delay, string? reason = null) =>
        new(PublishState.Waiting) { RetryAfter = delay, Reason = reason };

    /// <summary>It was too soon: the network allows no more for now, or does not answer anybody. Nothing was sent, or it was turned away; this is no attempt.</summary>
    public static PublishOutcome Hold(DateTimeOffset until, string reason) => new(PublishState.Waiting) { RetryAt = until, Reason = reason, IsHeld = true };

    /// <summary>The network may or may not have it, like an exception, with a reason for the person.</summary>
    public static PublishOutcome Lost(string reason, TimeSpan? delay = null) => new(PublishState.Waiting) { RetryAfter = delay, Reason = reason, MayBeThere = true };

    /// <summary>The person has to sign in at the network again.</summary>
    public static PublishOutcome NeedsLogin(string? reason = null) => new(PublishState.NeedsLogin) { Reason = reason };

    /// <summary>The network will never take it.</summary>
    public static PublishOutcome Refused(string reason) => new(PublishState.Refused) { Reason = reason };
}
