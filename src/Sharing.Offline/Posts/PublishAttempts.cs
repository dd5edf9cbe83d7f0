using Microsoft.Extensions.Logging;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>One attempt at a time to publish a post at a network: finds out what became of the one before, writes down the intent, sends.</summary>
sealed class PublishAttempts(IRecordStore records, IShareLinks links, OfflineOptions options, TimeProvider time, ILogger logger)
{
    public const string WithdrawnReason = "It was withdrawn before it was sent.";

    static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    /// <summary>How long an attempt can take from its claim to its end: a look, a publish, and some leisure.</summary>
    public TimeSpan LongestAttempt { get; } = (options.PublishTimeout * 2) + TimeSpan.FromSeconds(5);

    /// <summary>How an attempt ended.</summary>
    /// <param name="Attempt">Which it was: the line's <see cref="StoredLine.SendingUntil"/> while it went on.</param>
    /// <param name="Line">The line as it stands afterwards.</param>
    /// <param name="Account">The version of the account that was used.</param>
    public sealed record Result(DateTimeOffset? Attempt, StoredLine Line, long Account);

    public static string AudienceReason(string network) => $"{network} cannot keep a post to this audience.";

    public static StoredLine Refuse(StoredLine stored, string reason) =>
        stored with { Line = stored.Line with { State = PublishState.Refused, Reason = reason, Until = null } };

    /// <summary>Makes one attempt.</summary>
    /// <returns>How it ended, or <c>null</c> if somebody else changed the line before anything was sent.</returns>
    public async Task<Result?> TryAsync(ISocialPublisher publisher, StoredPost post, Versioned<StoredLine> before, CancellationToken cancellationToken)
    {
        var traits = publisher.Traits;
        var stored = before.Value with { Line = before.Value.Line with { Attempts = before.Value.Line.Attempts + 1, Until = null } };
        Result End(StoredLine line, long account = 0) => new(before.Value.SendingUntil, line, account);
        if (post.Withdrawn ? !stored.MayBeThere : !traits.Audiences.Contains(post.Audience.Kind))
        {
            return End(Refuse(stored, post.Withdrawn ? WithdrawnReason : AudienceReason(traits.Network)));
        }

        if (post.Withdrawn && !traits.CanUpdate)
        {
            return End(Unknown(stored, "It was withdrawn. The network may show it, and cannot be told to remove it."));
        }

        var (account, accountVersion) = await AccountAsync(publisher, post.Owner, cancellationToken);
        if (account is null)
        {
            return End(stored with { Line = stored.Line with { State = PublishState.NeedsLogin, Reason = "The account is not connected." } }, accountVersion);
        }

        if (traits.Retry == RetrySafety.None && stored.UncertainSince is not null && stored.UncertainRevision >= post.Revision)
        {
            return End(Unknown(stored, "Nobody can tell whether it arrived. Send it again only if you know that it did not."), accountVersion);
        }

        var repeats = stored is { UncertainSince: not null, Line.RemoteId: null } && !post.Withdrawn && traits.Retry != RetrySafety.None;
        if (repeats && !IsRepeatable(traits, stored.UncertainSince.GetValueOrDefault()))
        {
            if (publisher is not IPostLookup lookup)
            {
                return End(Unknown(stored, "The reply was lost, and the network can no longer tell whether it has the post."));
            }

            var (line, ended) = await LookAsync(lookup, traits, post, account, stored, cancellationToken);
            if (ended)
            {
                return End(line, accountVersion);
            }

            (stored, repeats) = (line, false);
        }

        return await SendAsync(publisher, post, account, accountVersion, new(before.Key, stored, before.Version), repeats, cancellationToken);
    }

    /// <summary>A person's account at a network, or <c>null</c> where he must connect one first; and its version.</summary>
    public async Task<(Account? Account, long Version)> AccountAsync(ISocialPublisher publisher, PersonId owner, CancellationToken cancellationToken)
    {
        var network = publisher.Traits.Network;
        var stored = await records.GetAsync(RecordAccounts.KeyOf(owner, network), OfflineJson.Default.StoredAccount, cancellationToken);
        return stored is null && publisher.Traits.NeedsAccount
            ? (null, RecordBatch.Absent)
            : (new Account { Owner = owner, Network = network, Server = stored?.Value.Server, Name = stored?.Value.Name, Token = stored?.Value.Token }, stored?.Version ?? RecordBatch.Absent);
    }

    /// <summary>The line to write down. One that waits for a login is tried again at once where somebody signed in meanwhile.</summary>
    public async ValueTask<StoredLine> WithAccountAsync(
        RecordBatch batch, string network, PersonId owner, Result result, CancellationToken cancellationToken)
    {
        if (result.Line.Line.State != PublishState.NeedsLogin)
        {
            return result.Line;
        }

        var key = RecordAccounts.KeyOf(owner, network);
        var version = (await records.GetAsync(key, cancellationToken))?.Version ?? RecordBatch.Absent;
        batch.Check(key, version);
        return version == RecordBatch.Absent || version == result.Account
            ? result.Line
            : result.Line with { Line = result.Line.Line with { State = PublishState.Queued, Reason = null } };
    }

    Post Message(StoredPost post, PublisherTraits traits, StoredLine line) =>
        post.ToPost(links.Of(post.Id), PublisherCheck.Cut(post.Text, traits.MaxTextLength, traits.MaxTextBytes), line.Line.RemoteId);

    /// <summary>Whether a request whose reply was lost can be sent once more as it is. One that is on its way when the network forgets the key is too late.</summary>
    bool IsRepeatable(PublisherTraits traits, DateTimeOffset since)
    {
        var age = time.GetUtcNow() - since;
        return traits.Retry == RetrySafety.ClientChosenId
            || (traits.Retry == RetrySafety.ServerKey && age >= TimeSpan.Zero && age + options.PublishTimeout < traits.KeyWindow);
    }

    /// <summary>Looks whether the network has a post whose reply was lost.</summary>
    /// <returns>The line, and whether the attempt ends with it; if not, the network certainly has no such post.</returns>
    async Task<(StoredLine Line, bool Ended)> LookAsync(
        IPostLookup lookup, PublisherTraits traits, StoredPost post, Account account, StoredLine stored, CancellationToken cancellationToken)
    {
        try
        {
            var found = await TimedAsync(token => lookup.FindAsync(Message(post, traits, stored), account, token), cancellationToken);
            return found is null
                ? (stored with { UncertainSince = null }, false)
                : (Settle(stored, stored, found, stored.UncertainRevision), true);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            OfflineLog.PublishUncertain(logger, post.Id, traits.Network, stored.Line.Attempts, e.Message, OfflineLog.Unexpected(e));
            return (Lost(stored), true);
        }
    }

    async Task<Result?> SendAsync(
        ISocialPublisher publisher, StoredPost post, Account account, long accountVersion, Versioned<StoredLine> line, bool repeats,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var intent = line.Value with
        {
            UncertainSince = line.Value.UncertainSince ?? now,
            UncertainRevision = line.Value.UncertainSince is null || publisher.Traits.Retry == RetrySafety.None ? post.Revision : line.Value.UncertainRevision,
            SendingUntil = now + options.PublishTimeout + TimeSpan.FromSeconds(5),
        };
        var batch = new RecordBatch().Put(line.Key, intent, OfflineJson.Default.StoredLine, line.Version);
        if (!(await records.CommitAsync(batch, cancellationToken)).Committed)
        {
            return null;
        }

        var traits = publisher.Traits;
        var message = Message(post, traits, line.Value);
        StoredLine next;
        try
        {
            var outcome = await TimedAsync(token => publisher.PublishAsync(message, account, token), cancellationToken);

            // A network that knew the key may still show what was sent with it first.
            var revision = repeats && traits.Retry == RetrySafety.ServerKey ? line.Value.UncertainRevision : post.Revision;
            next = Settle(line.Value, intent, outcome, revision);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            OfflineLog.PublishUncertain(logger, post.Id, traits.Network, line.Value.Line.Attempts, e.Message, OfflineLog.Unexpected(e));
            next = Lost(intent);
        }

        return new Result(intent.SendingUntil, next with { SendingUntil = null }, accountVersion);
    }

    /// <summary>Calls a publisher, for a limited time also where it does not listen to its token: only its own line waits for it.</summary>
    async Task<T> TimedAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(options.PublishTimeout, time);
        using var sending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        return await Task.Run(() => call(sending.Token), sending.Token).WaitAsync(sending.Token);
    }

    /// <summary>The line after an answer.</summary>
    /// <param name="before">The line before the attempt: what was uncertain of earlier ones remains so, unless the network has the post.</param>
    /// <param name="stored">The line at the attempt.</param>
    /// <param name="outcome">The answer.</param>
    /// <param name="revision">Which revision the network has if it has the post.</param>
    StoredLine Settle(StoredLine before, StoredLine stored, PublishOutcome outcome, int revision)
    {
        var line = stored.Line;
        var answered = stored with { UncertainSince = before.UncertainSince, UncertainRevision = before.UncertainRevision };
        return outcome.State switch
        {
            PublishState.Sent => stored with
            {
                UncertainSince = null,
                Line = line with
                {
                    State = PublishState.Sent,
                    RemoteId = outcome.RemoteId,
                    Address = outcome.Address ?? line.Address,
                    Revision = revision,
                    Reason = null,
                },
            },
            PublishState.Waiting when outcome.IsHeld => answered with
            {
                Line = line with { State = PublishState.Waiting, Attempts = line.Attempts - 1, Reason = outcome.Reason, Until = Until(outcome, line.Attempts) },
            },
            PublishState.Waiting when outcome.MayBeThere => Lost(stored, outcome),
            PublishState.Waiting when line.Attempts < options.PublishAttempts => answered with
            {
                Line = line with { State = PublishState.Waiting, Reason = outcome.Reason, Until = Until(outcome, line.Attempts) },
            },
            PublishState.Waiting when answered.UncertainSince is not null => Unknown(answered, "It was tried too often: " + outcome.Reason),
            PublishState.Waiting => Refuse(answered, "It was tried too often: " + outcome.Reason),
            _ => answered with { Line = line with { State = outcome.State, Reason = outcome.Reason } },
        };
    }

    StoredLine Lost(StoredLine stored, PublishOutcome? outcome = null) => stored.Line.Attempts < options.PublishAttempts
        ? stored with
        {
            Line = stored.Line with
            {
                State = PublishState.Waiting,
                Reason = outcome?.Reason ?? "The network did not answer.",
                Until = outcome is null ? time.GetUtcNow() + Backoff(stored.Line.Attempts) : Until(outcome, stored.Line.Attempts),
            },
        }
        : Unknown(stored, "The network did not answer, however often it was asked." + (outcome is null ? "" : " " + outcome.Reason));

    static StoredLine Unknown(StoredLine stored, string reason) =>
        stored with { Line = stored.Line with { State = PublishState.Unknown, Reason = reason, Until = null } };

    static TimeSpan Backoff(int attempts) => TimeSpan.FromSeconds(Math.Min(3600, Math.Pow(2, Math.Min(attempts, 12) - 1)));

    /// <summary>When to come again: as the network wishes, but in a second at the soonest and in a day at the latest.</summary>
    DateTimeOffset Until(PublishOutcome outcome, int attempts)
    {
        var now = time.GetUtcNow();
        var wait = outcome.RetryAt is { } at ? at - now : outcome.RetryAfter ?? Backoff(attempts);
        return now + (wait < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : wait > LongestWait ? LongestWait : wait);
    }
}
