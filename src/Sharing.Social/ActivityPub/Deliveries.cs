using System.Net;
using System.Net.Http.Headers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Social;

/// <summary>Brings activities to inboxes, until they are taken or it has been tried for too long. One delivery for each inbox that several share. Thread-safe singleton.</summary>
/// <remarks>Records: the work of <c>ap-deliver</c>, <c>ap-dead/{host}/{digest}</c>.</remarks>
sealed class Deliveries(
    IRecordStore records, NetworkCaller caller, Actors actors, ActivityDocuments documents, IOptions<ActivityPubOptions> options, ILogger<Deliveries> logger)
{
    const int InOneCommit = 25;

    static readonly TimeSpan s_visibility = TimeSpan.FromSeconds(90), s_longest = TimeSpan.FromHours(12);

    public static RecordRange DeadLetters { get; } = RecordRange.Under("ap-dead");

    readonly ConcurrentDictionary<string, bool> _wantsRfc = new(StringComparer.OrdinalIgnoreCase);

    public WorkQueue Queue { get; } = new(records, caller.Time, "ap-deliver");

    /// <summary>Adds to a commit a delivery to one inbox.</summary>
    public ValueTask ScheduleAsync(RecordBatch batch, string actor, Uri inbox, JsonObject activity, CancellationToken cancellationToken)
    {
        var now = caller.Time.GetUtcNow();
        var delivery = new StoredDelivery(actor, inbox, activity.ToJsonString(), now);
        return Queue.ScheduleOnceAsync(
            batch, IdOf(activity, inbox), now, JsonSerializer.SerializeToElement(delivery, FederationJson.Default.StoredDelivery), cancellationToken);
    }

    /// <summary>Schedules deliveries to everybody who follows an actor, and to some others. Repeatable: what is on its way stays one.</summary>
    public async Task FanOutAsync(string actor, JsonObject activity, IEnumerable<Uri> others, CancellationToken cancellationToken)
    {
        var inboxes = new HashSet<Uri>(others);
        await foreach (var follower in records.ScanAsync(Actors.FollowersOf(actor), FederationJson.Default.StoredFollower, cancellationToken))
        {
            inboxes.Add(follower.Value.SharedInbox ?? follower.Value.Inbox);
        }

        foreach (var some in inboxes.Chunk(InOneCommit))
        {
            await records.ChangeAsync(
                async batch =>
                {
                    foreach (var inbox in some)
                    {
                        await ScheduleAsync(batch, actor, inbox, activity, cancellationToken);
                    }

                    return true;
                },
                cancellationToken);
        }
    }

    /// <summary>The deliveries that are not done and name an actor: his own, and those of others here that are about what is his.</summary>
    public IAsyncEnumerable<(string Id, StoredDelivery Delivery)> NamingAsync(StoredActor actor, CancellationToken cancellationToken) => Queue.ListAsync(cancellationToken)
        .Select(static item => (item.Id, Delivery: item.Payload.Deserialize(FederationJson.Default.StoredDelivery)!)).Where(item => Names(item.Delivery.Activity, actor));

    /// <summary>Whether an activity, as it is written here, names an actor.</summary>
    public bool Names(string activity, StoredActor actor) => activity.Contains($"\"{actors.IdOf(actor.Name)}\"", StringComparison.Ordinal); // a quotation mark in a text is written otherwise

    /// <summary>What tells a delivery from others.</summary>
    public static string IdOf(JsonObject activity, Uri inbox) => Actors.Digest($"{Xrpc.Text(activity["id"])} {inbox}");

    /// <summary>Makes one delivery that is due.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken = default)
    {
        if (await Queue.ClaimAsync(s_visibility, cancellationToken) is not { } item)
        {
            return false;
        }

        var delivery = item.Payload.Deserialize(FederationJson.Default.StoredDelivery)!;
        var answer = await SendAsync(delivery, cancellationToken);
        var (batch, now) = (new RecordBatch(), caller.Time.GetUtcNow());
        if (answer is null or { IsSuccess: true })
        {
            item.Complete(batch);
        }
        else if (answer.Status is HttpStatusCode.Gone or HttpStatusCode.NotFound)
        {
            await ForgetAsync(delivery, cancellationToken);
            item.Complete(batch);
        }
        else if (answer.Trouble is { State: PublishState.Waiting } trouble && now < delivery.Since + options.Value.DeliverFor)
        {
            var tried = trouble.IsHeld ? delivery : delivery with { Tries = delivery.Tries + 1, Reason = trouble.Reason };
            var wait = options.Value.RetryDelay * Math.Pow(2, Math.Min(Math.Max(0, tried.Tries - 1), 20));
            var due = trouble.RetryAt ?? now + (trouble.RetryAfter ?? (wait < s_longest ? wait : s_longest));
            await Queue.ScheduleAsync(batch, item.Id, due, JsonSerializer.SerializeToElement(tried, FederationJson.Default.StoredDelivery), cancellationToken);
        }
        else
        {
            var reason = answer.Failure(delivery.Inbox.Host).Reason ?? "";
            SocialLog.DeliveryGivenUp(logger, delivery.Inbox.Host, reason);
            batch.Put(RecordKey.Of("ap-dead", delivery.Inbox.Host, item.Id), new(delivery.Inbox, delivery.Activity, reason, now), FederationJson.Default.StoredDeadLetter, RecordBatch.Any);
            item.Complete(batch);
        }

        await records.CommitAsync(batch, cancellationToken);
        return true;
    }

    /// <summary>Signed as this server wants it: by the draft unless it has refused that and taken the other.</summary>
    async Task<NetworkAnswer?> SendAsync(StoredDelivery delivery, CancellationToken cancellationToken)
    {
        if (await actors.FindKeptAsync(delivery.Actor, cancellationToken) is not { } actor)
        {
            return null;
        }

        var byRfc = _wantsRfc.GetValueOrDefault(delivery.Inbox.Authority);
        var answer = await SendAsync(delivery, actor, byRfc, cancellationToken);
        if (answer.Status is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest or HttpStatusCode.Forbidden && await SendAsync(delivery, actor, !byRfc, cancellationToken) is { IsSuccess: true } other)
        {
            _wantsRfc[delivery.Inbox.Authority] = !byRfc;
            return other;
        }

        return answer;
    }

    async Task<NetworkAnswer> SendAsync(StoredDelivery delivery, StoredActor actor, bool byRfc, CancellationToken cancellationToken)
    {
        var body = Encoding.UTF8.GetBytes(delivery.Activity);
        var request = new HttpRequestMessage(HttpMethod.Post, delivery.Inbox) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/activity+json");
        request.Headers.UserAgent.ParseAdd($"Sharing (+{options.Value.PublicAddress})");
        using var lent = documents.LendKey(actor);
        if (byRfc)
        {
            HttpSignatures.SignByRfc(request, body, documents.KeyIdOf(actor), lent.Key, caller.Time.GetUtcNow());
        }
        else
        {
            HttpSignatures.SignByDraft(request, delivery.Inbox.Authority, body, documents.KeyIdOf(actor), lent.Key, caller.Time.GetUtcNow());
        }

        return await caller.SendAsync(request, null, 0, cancellationToken);
    }

    /// <summary>An inbox that is gone takes its followers along.</summary>
    async Task ForgetAsync(StoredDelivery delivery, CancellationToken cancellationToken)
    {
        await foreach (var follower in records.ScanAsync(Actors.FollowersOf(delivery.Actor), FederationJson.Default.StoredFollower, cancellationToken))
        {
            if (follower.Value.Inbox == delivery.Inbox || follower.Value.SharedInbox == delivery.Inbox)
            {
                await records.CommitAsync(new RecordBatch().Delete(follower.Key, follower.Version), cancellationToken);
            }
        }
    }
}
