using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>The durable outbox: one piece of work for each post and network, one line of the ledger, one queue for each network, so
/// that a network that fails or hangs holds up no other. Thread-safe singleton.</summary>
/// <remarks>
/// <para>No post is sent twice. Before anything is sent it is written down that its fate is uncertain from now on; only the answer that the network has
/// the post, or a look that found none, clears that. What is uncertain is repeated only in the way that <see cref="PublisherTraits.Retry"/> makes safe.</para>
/// <para>A post is sent to a network by one attempt at a time, also when it changes in the middle: a look, or a repeat with the same key, while an
/// earlier request is still on its way would not find it. So the line says until when an attempt may be under way (<c>SendingUntil</c>), and whoever
/// claims the work before that puts it back. After a crash the work goes on that much later.</para>
/// </remarks>
public sealed class Outbox
{
    readonly IRecordStore _records;
    readonly TimeProvider _time;
    readonly PublishAttempts _attempts;
    readonly TimeSpan _visibility;
    readonly Dictionary<string, (ISocialPublisher Publisher, WorkQueue Queue)> _networks;

    /// <summary>Publishes at all the networks registered.</summary>
    /// <exception cref="InvalidOperationException">Two publishers have the same network, or one declares traits that do not fit it.</exception>
    public Outbox(
        IRecordStore records, IEnumerable<ISocialPublisher> publishers, IShareLinks links, IOptions<OfflineOptions> options, TimeProvider time, ILogger<Outbox> logger)
    {
        (_records, _time, _attempts) = (records, time, new(records, links, options.Value, time, logger));
        _visibility = _attempts.LongestAttempt;
        _networks = new(StringComparer.Ordinal);
        foreach (var publisher in publishers)
        {
            PublisherCheck.Verify(publisher);
            var network = publisher.Traits.Network;
            if (!_networks.TryAdd(network, (publisher, new WorkQueue(records, time, "publish-" + network))))
            {
                throw new InvalidOperationException($"Two publishers are registered for the network '{network}'.");
            }
        }
    }

    /// <summary>The publishers, by network.</summary>
    public IReadOnlyCollection<ISocialPublisher> Publishers => [.. _networks.Values.Select(n => n.Publisher)];

    /// <summary>A lane for each network.</summary>
    internal IEnumerable<(WorkQueue Queue, int AtOnce, Func<CancellationToken, Task<bool>> RunOnceAsync)> Lanes(OfflineOptions options) =>
        _networks.Select(network => (
            network.Value.Queue, options.ConcurrentPublishes,
            (Func<CancellationToken, Task<bool>>)(cancellationToken => RunOnceAsync(network.Key, cancellationToken))));

    /// <summary>A person's account at a network, or <c>null</c> where he must connect one first.</summary>
    internal async Task<Account?> AccountAsync(ISocialPublisher publisher, PersonId owner, CancellationToken cancellationToken) => (await _attempts.AccountAsync(publisher, owner, cancellationToken)).Account;

    internal WorkQueue QueueOf(string network) => _networks[network].Queue;

    /// <summary>The lines of a post's ledger, by network.</summary>
    internal async Task<IReadOnlyList<LedgerLine>> LedgerAsync(PostId post, CancellationToken cancellationToken)
    {
        var lines = new List<LedgerLine>();
        await foreach (var line in _records.ScanAsync(
            RecordRange.Under("ledger", post.Value), OfflineJson.Default.StoredLine, cancellationToken))
        {
            lines.Add(line.Value.Line);
        }

        return lines;
    }

    /// <summary>Adds to a commit what brings every network to the post's new revision.</summary>
    internal async Task ScheduleAsync(RecordBatch batch, StoredPost post, CancellationToken cancellationToken)
    {
        foreach (var (network, (publisher, queue)) in _networks)
        {
            var key = StoredLine.KeyOf(post.Id, network);
            var before = await _records.GetAsync(key, OfflineJson.Default.StoredLine, cancellationToken);
            if (before is null && (post.Revision > 1 || await _attempts.AccountAsync(publisher, post.Owner, cancellationToken) is (null, _)))
            {
                continue;
            }

            var stored = before?.Value ?? new StoredLine { Line = new() { Network = network, State = PublishState.Queued } };
            if (!publisher.Traits.Audiences.Contains(post.Audience.Kind) && !stored.MayBeThere)
            {
                stored = PublishAttempts.Refuse(stored, PublishAttempts.AudienceReason(network));
            }
            else if (post.Withdrawn && !stored.MayBeThere)
            {
                stored = PublishAttempts.Refuse(stored, PublishAttempts.WithdrawnReason);
                await queue.RemoveAsync(batch, post.Id.Value, cancellationToken);
            }
            else if (IsWanted(post, stored, publisher.Traits))
            {
                stored = Begin(stored);
                var due = stored.Line.Until is { } until && until > _time.GetUtcNow() ? until : _time.GetUtcNow();
                await queue.ScheduleAsync(batch, post.Id.Value, due, WorkLoop.NoPayload, cancellationToken);
            }

            batch.Put(key, stored, OfflineJson.Default.StoredLine, before?.Version ?? RecordBatch.Absent);
        }
    }

    /// <summary>Tries a line again that waits for somebody: a new login, or a decision on an unknown outcome.</summary>
    /// <returns>Whether there is such a line of the actor's.</returns>
    public Task<bool> RetryAsync(PersonId actor, PostId id, string network, CancellationToken cancellationToken = default)
    {
        if (!_networks.TryGetValue(network, out var found))
        {
            return Task.FromResult(false);
        }

        return _records.ChangeAsync(
            async batch =>
            {
                var key = StoredLine.KeyOf(id, network);
                var post = await _records.GetAsync(StoredPost.KeyOf(id), OfflineJson.Default.StoredPost, cancellationToken);
                var line = await _records.GetAsync(key, OfflineJson.Default.StoredLine, cancellationToken);
                if (post?.Value.Owner != actor || line is null
                    || line.Value.Line.State is not (PublishState.NeedsLogin or PublishState.Unknown or PublishState.Waiting))
                {
                    return false;
                }

                // Where there is a safe way to repeat, it is taken still; where there is none, the person has decided.
                var decided = line.Value.Line.State == PublishState.Unknown
                    && found.Publisher is { Traits.Retry: RetrySafety.ServerKey or RetrySafety.None } and not IPostLookup;
                var again = line.Value with
                {
                    Line = line.Value.Line with { State = PublishState.Queued, Attempts = 0, Reason = null, Until = null },
                    UncertainSince = decided ? null : line.Value.UncertainSince,
                };
                batch.Put(key, again, OfflineJson.Default.StoredLine, line.Version);
                await found.Queue.ScheduleAsync(batch, id.Value, _time.GetUtcNow(), WorkLoop.NoPayload, cancellationToken);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Does one piece of work that is due at a network.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RunOnceAsync(string network, CancellationToken cancellationToken = default)
    {
        var (publisher, queue) = _networks[network];
        PublishAttempts.Plan? plan = null;
        DateTimeOffset? busyUntil = null;
        var item = await queue.ClaimAsync(
            _visibility,
            async (id, batch) =>
            {
                (plan, busyUntil) = (null, null);
                var post = await _records.GetAsync(StoredPost.KeyOf(PostId.Parse(id)), OfflineJson.Default.StoredPost, cancellationToken);
                var line = await _records.GetAsync(StoredLine.KeyOf(PostId.Parse(id), network), OfflineJson.Default.StoredLine, cancellationToken);
                if (post is not null && line is not null && !line.Value.IsSettled(post.Value, publisher.Traits))
                {
                    busyUntil = UnderWayUntil(line.Value);
                    plan = busyUntil is null ? await _attempts.PlanAsync(publisher, post, line, batch, cancellationToken) : null;
                }
            },
            cancellationToken);
        if (item is null)
        {
            return false;
        }

        if (plan is null)
        {
            var end = new RecordBatch();
            if (busyUntil is { } until)
            {
                item.Retry(end, until);
            }
            else
            {
                item.Complete(end);
            }

            await _records.CommitAsync(end, cancellationToken);
        }
        else if (await _attempts.CarryOutAsync(plan, cancellationToken) is { } result)
        {
            // Not given up any more: the answer is worth more than a quick end.
            if (!await TryRecordAsync(plan, item, result, CancellationToken.None))
            {
                await RecordAsync(publisher.Traits, queue, item, plan.Post.Value.Id, result, CancellationToken.None);
            }
        }

        return true;
    }

    /// <summary>Whether a post's new revision is to go to a network. What may be there is withdrawn from it wherever that can be done.</summary>
    static bool IsWanted(StoredPost post, StoredLine stored, PublisherTraits traits) =>
        (post.Withdrawn && traits.CanUpdate)
        || (stored.Line.State is not (PublishState.Refused or PublishState.Unknown or PublishState.NeedsLogin)
            && (stored.Line.RemoteId is null || traits.CanUpdate));

    /// <summary>A line at the beginning of a new revision.</summary>
    static StoredLine Begin(StoredLine stored) => stored.Line.State switch
    {
        PublishState.Sent => stored with { Line = stored.Line with { Attempts = 0 } },
        PublishState.Refused or PublishState.Unknown => stored with { Line = stored.Line with { Attempts = 0, State = PublishState.Queued, Reason = null } },
        _ => stored,
    };

    /// <summary>Until when an attempt of somebody else may be under way; one later than any can be comes from a clock that was ahead.</summary>
    DateTimeOffset? UnderWayUntil(StoredLine stored) =>
        stored.SendingUntil is { } until && _time.GetUtcNow() is var now && until > now && until - now <= _visibility ? until : null;

    /// <summary>Writes down how an attempt ended, if nothing has changed since it began.</summary>
    async Task<bool> TryRecordAsync(PublishAttempts.Plan plan, WorkItem item, PublishAttempts.Result result, CancellationToken cancellationToken)
    {
        if (!plan.WasBegunWithClaim || result.Line.Line.State == PublishState.NeedsLogin)
        {
            return false;
        }

        var batch = new RecordBatch().Put(plan.Line.Key, result.Line, OfflineJson.Default.StoredLine, item.Version).Check(StoredPost.KeyOf(plan.Post.Value.Id), plan.Post.Version);
        End(batch, item, result.Line, goesOn: !result.Line.IsSettled(plan.Post.Value, plan.Publisher.Traits));
        return (await _records.CommitAsync(batch, cancellationToken)).Committed;
    }

    void End(RecordBatch batch, WorkItem item, StoredLine line, bool goesOn)
    {
        if (goesOn)
        {
            item.Retry(batch, line.Line.Until ?? _time.GetUtcNow());
        }
        else
        {
            item.Complete(batch);
        }
    }

    /// <summary>Writes down how an attempt ended. Where the post changed meanwhile, the work is not done: the newer revision has its turn now.</summary>
    Task RecordAsync(
        PublisherTraits traits, WorkQueue queue, WorkItem item, PostId id, PublishAttempts.Result result, CancellationToken cancellationToken)
    {
        var (mine, key) = (true, StoredLine.KeyOf(id, traits.Network));
        return _records.ChangeAsync(
            async batch =>
            {
                var now = await _records.GetAsync(key, OfflineJson.Default.StoredLine, cancellationToken);
                var post = (await _records.GetAsync(StoredPost.KeyOf(id), OfflineJson.Default.StoredPost, cancellationToken))?.Value;
                if (now is null || post is null || now.Value.SendingUntil != result.Attempt)
                {
                    return false; // somebody else has taken it over, and finds out for himself
                }

                var next = await _attempts.WithAccountAsync(batch, traits.Network, post.Owner, result, cancellationToken);
                batch.Put(key, next, OfflineJson.Default.StoredLine, now.Version);
                var goesOn = next.Line.State != PublishState.NeedsLogin && !next.IsSettled(post, traits);
                if (mine)
                {
                    mine = false; // a conflict means that the piece of work is another's by now, or was superseded
                    End(batch, item, next, goesOn);
                }
                else if (goesOn)
                {
                    await queue.ScheduleAsync(batch, id.Value, next.Line.Until ?? _time.GetUtcNow(), WorkLoop.NoPayload, cancellationToken);
                }

                return true;
            },
            cancellationToken);
    }
}
