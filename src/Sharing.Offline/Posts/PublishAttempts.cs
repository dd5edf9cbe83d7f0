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

    /// <summary>How an attempt is to go on from its claim.</summary>
    /// <param name="Publisher">The network.</param>
    /// <param name="Post">What is to be there.</param>
    /// <param name="Account">Whose account, where anything is to be sent.</param>
    /// <param name="AccountVersion">The version of it.</param>
    /// <param name="Line">The line before anything is sent, this attempt counted.</param>
    public sealed record Plan(ISocialPublisher Publisher, Versioned<StoredPost> Post, Account? Account, long AccountVersion, Versioned<StoredLine> Line)
    {
        /// <summary>Ends without asking anybody.</summary>
        public Result? Ended { get; init; }

        /// <summary>Must look first whether the network has the post.</summary>
        public IPostLookup? Lookup { get; init; }

        /// <summary>The line as it is while the request is on its way.</summary>
        public StoredLine? Intent { get; init; }

        /// <summary>Whether it sends once more what may be there.</summary>
        public bool Repeats { get; init; }

        /// <summary>Whether the intent stands in the commit that claimed the work.</summary>
        public bool WasBegunWithClaim => Intent is not null && Lookup is null;
    }

    public static string AudienceReason(string network) => $"{network} cannot keep a post to this audience.";

    public static StoredLine Refuse(StoredLine stored, string reason) =>
        stored with { Line = stored.Line with { State = PublishState.Refused, Reason = reason, Until = null } };

    /// <summary>Says how a line's attempt begins, and adds the intent to the commit that claims the work where nothing is to be looked up before.</summary>
    public async ValueTask<Plan> PlanAsync(ISocialPublisher publisher, Versioned<StoredPost> stored, Versioned<StoredLine> before, RecordBatch batch, CancellationToken cancellationToken)
    {
        var (traits, post) = (publisher.Traits, stored.Value);
        var line = before.Value with { Line = before.Value.Line with { Attempts = before.Value.Line.Attempts + 1, Until = null } };
        Plan End(StoredLine ended, long account = 0) => new(publisher, stored, null, account, before) { Ended = new(before.Value.SendingUntil, ended, account) };
        if (post.Withdrawn ? !line.MayBeThere : !traits.Audiences.Contains(post.Audience.Kind))
        {
            return End(Refuse(line, post.Withdrawn ? WithdrawnReason : AudienceReason(traits.Network)));
        }

        if (post.Withdrawn && !traits.CanUpdate)
        {
            return End(Unknown(line, "It was withdrawn. The network may show it, and cannot be told to remove it."));
        }

        var (account, accountVersion) = await AccountAsync(publisher, post.Owner, cancellationToken);
        if (account is null)
        {
            return End(line with { Line = line.Line with { State = PublishState.NeedsLogin, Reason = "The account is not connected." } }, accountVersion);
        }

        if (traits.Retry == RetrySafety.None && line.UncertainSince is not null && line.UncertainRevision >= post.Revision)
        {
            return End(Unknown(line, "Nobody can tell whether it arrived. Send it again only if you know that it did not."), accountVersion);
        }

        var plan = new Plan(publisher, stored, account, accountVersion, new(before.Key, line, before.Version));
        var repeats = line is { UncertainSince: not null, Line.RemoteId: null } && !post.Withdrawn && traits.Retry != RetrySafety.None;
        if (!repeats || IsRepeatable(traits, line.UncertainSince.GetValueOrDefault()))
        {
            return Intend(plan with { Repeats = repeats }, batch);
        }

        return publisher is IPostLookup lookup
            ? plan with { Lookup = lookup }
            : End(Unknown(line, "The reply was lost, and the network can no longer tell whether it has the post."));
    }

    /// <summary>Carries a plan out, once its commit is done.</summary>
    /// <returns>How it ended, or <c>null</c> if somebody else changed the line before anything was sent.</returns>
    public async Task<Result?> CarryOutAsync(Plan plan, CancellationToken cancellationToken)
    {
        if (plan.Lookup is { } lookup)
        {
            var (line, ended) = await LookAsync(lookup, plan.Publisher.Traits, plan.Post.Value, plan.Account!, plan.Line.Value, cancellationToken);
            if (ended)
            {
                return new(plan.Line.Value.SendingUntil, line, plan.AccountVersion);
            }

            var batch = new RecordBatch();
            plan = Intend(plan with { Line = new(plan.Line.Key, line, plan.Line.Version) }, batch);
            if (!(await records.CommitAsync(batch, cancellationToken)).Committed)
            {
                return null;
            }
        }

        return plan.Ended ?? await SendAsync(plan, cancellationToken);
    }

    /// <summary>A person's account at a network, or <c>null</c> where he must connect one first; and its version.</summary>
    public async Task<(Account? Account, long Version)> AccountAsync(ISocialPublisher publisher, PersonId owner, CancellationToken cancellationToken)
    {
        var network = publisher.Traits.Network;
        var stored = await records.GetAsync(RecordAccounts.KeyOf(owner, network), OfflineJson.Default.StoredAccount, cancellationToken);
        return stored is null && publisher.Traits.NeedsAccount
            ? (null, RecordBatch.Absent)
            : (new Account { Owner = owner, Network = network, Server = stored?.Value.Server, Name = stored?.Value.Name, Id = stored?.Value.Id, Token = stored?.Value.Token }, stored?.Version ?? RecordBatch.Absent);
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

    /// <summary>Writes down that the line's fate is uncertain from now on.</summary>
    Plan Intend(Plan plan, RecordBatch batch)
    {
        var (line, now) = (plan.Line.Value, time.GetUtcNow());
        var intent = line with
        {
            UncertainSince = line.UncertainSince ?? now,
            UncertainRevision = line.UncertainSince is null || plan.Publisher.Traits.Retry == RetrySafety.None ? plan.Post.Value.Revision : line.UncertainRevision,
            SendingUntil = now + options.PublishTimeout + TimeSpan.FromSeconds(5),
        };
        batch.Put(plan.Line.Key, intent, OfflineJson.Default.StoredLine, plan.Line.Version);
        return plan with { Intent = intent };
    }

    async Task<Result> SendAsync(Plan plan, CancellationToken cancellationToken)
    {
        var (traits, line, intent) = (plan.Publisher.Traits, plan.Line.Value, plan.Intent!);
        var message = Message(plan.Post.Value, traits, line);
        StoredLine next;
        try
        {
            var outcome = await TimedAsync(token => plan.Publisher.PublishAsync(message, plan.Account!, token), cancellationToken);

            // A network that knew the key may still show what was sent with it first.
            var revision = plan.Repeats && traits.Retry == RetrySafety.ServerKey ? line.UncertainRevision : plan.Post.Value.Revision;
            next = Settle(line, intent, outcome, revision);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            OfflineLog.PublishUncertain(logger, plan.Post.Value.Id, traits.Network, line.Line.Attempts, e.Message, OfflineLog.Unexpected(e));
            next = Lost(intent);
        }

        return new(intent.SendingUntil, next with { SendingUntil = null }, plan.AccountVersion);
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
