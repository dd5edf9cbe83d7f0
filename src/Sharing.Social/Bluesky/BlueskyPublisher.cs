using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Social;

/// <summary>Publishes at Bluesky, and at any AT Protocol server. An account is a name and an app password, and a server where it is not Bluesky's own.</summary>
/// <remarks>A post is two records of one key, made in one commit: one for people (<c>app.bsky.feed.post</c>) with a card that leads to the resource, and one for machines
/// (<see cref="ResourceRecord"/>). The key is made of the post's own, so a repeat finds what is there instead of making it twice. Thread-safe singleton.</remarks>
sealed class BlueskyPublisher : ISocialPublisher, IPostResponses, IAccountSignIn, IFollowLists, IAccountMemory
{
    const int Made = 3, Changed = 2, Deleted = 1, MostKeys = 8;
    const string PostType = "app.bsky.feed.post", RepostType = "app.bsky.feed.repost";

    readonly Xrpc _xrpc;
    readonly BlueskyOptions _options;
    readonly BlueskyRecords _records;
    readonly TimeProvider _time;

    public BlueskyPublisher(NetworkCaller caller, IOptions<BlueskyOptions> options, IEnumerable<IPostPictures> pictures)
    {
        (_options, _time, _xrpc) = (options.Value, caller.Time, new(caller, options.Value));
        _records = new(_xrpc, pictures.FirstOrDefault());
        Traits = new()
        {
            Network = _options.Network,
            Retry = RetrySafety.ClientChosenId,
            Audiences = [AudienceKind.Everyone],
            MaxTextLength = 300,
            MaxTextBytes = 3000,
            CanUpdate = true,
            HasNames = true,
            HasServers = true,
        };
    }

    public PublisherTraits Traits { get; }

    /// <summary>Its sessions.</summary>
    internal Xrpc Sessions => _xrpc;

    public void Forget(PersonId person) => _xrpc.Forget(person);

    public async Task<PublishOutcome> PublishAsync(Post post, Account account, CancellationToken cancellationToken)
    {
        if (account is not { Name: not null, Token: not null })
        {
            return PublishOutcome.NeedsLogin("The account has no name or no app password.");
        }

        for (var attempt = 0; attempt < MostKeys; attempt++)
        {
            var key = post.RemoteId is { } id ? id[(id.LastIndexOf('/') + 1)..] : Tid.Of(post.At, post.Key, attempt);
            if ((post.Withdrawn ? await DeleteAsync(post, key, account, cancellationToken) : await WriteAsync(post, key, account, cancellationToken)) is { } outcome)
            {
                return outcome;
            }
        }

        return PublishOutcome.Refused("There is no room for one more post of that second."); // as good as never
    }

    public async Task<IReadOnlyList<PostResponse>> ReadAsync(string remoteId, int count, Account account, CancellationToken cancellationToken)
    {
        var uri = Uri.EscapeDataString(remoteId);
        var (thread, _) = await _xrpc.CallAsync(account, $"app.bsky.feed.getPostThread?uri={uri}&depth=6&parentHeight=0", null, 0, cancellationToken);
        if (Xrpc.ErrorOf(thread) == "NotFound")
        {
            return [];
        }

        var (reposts, _) = await _xrpc.CallAsync(account, $"app.bsky.feed.getRepostedBy?uri={uri}&limit={Math.Min(count, 100)}", null, 0, cancellationToken);
        var (likes, _) = await _xrpc.CallAsync(account, $"app.bsky.feed.getLikes?uri={uri}&limit={Math.Min(count, 100)}", null, 0, cancellationToken);
        foreach (var answer in (ReadOnlySpan<NetworkAnswer>)[thread, reposts, likes])
        {
            if (!answer.IsSuccess)
            {
                throw answer.Fault();
            }
        }

        return BlueskyThread.Read(Xrpc.Object(thread), Xrpc.Object(reposts), Xrpc.Object(likes), _options.App, count);
    }

    public async Task<PublishOutcome> RespondAsync(string remoteId, string? text, string key, Account account, CancellationToken cancellationToken)
    {
        // at://WHO/WHAT/KEY; a server asks the app view for what is not its own.
        if (remoteId.Split('/') is not ["at:", "", var who, var what, var itsKey])
        {
            return PublishOutcome.Refused("That is no post of this network.");
        }

        var (answer, _) = await _xrpc.CallAsync(account, Question(who, what, itsKey), null, 0, cancellationToken);
        if (!answer.IsSuccess || Xrpc.Object(answer) is not { } parent)
        {
            return answer.Failure(Traits.Network);
        }

        var subject = new JsonObject { ["uri"] = Xrpc.Text(parent["uri"]), ["cid"] = Xrpc.Text(parent["cid"]) };
        var record = text is null
            ? new JsonObject { ["$type"] = RepostType, ["subject"] = subject, ["createdAt"] = BlueskyRecords.Time(_time.GetUtcNow()) }
            : await _records.ReplyAsync(text, subject, parent["value"]?["reply"]?["root"]?.DeepClone() ?? subject.DeepClone(), account, cancellationToken);
        var (type, rkey) = (text is null ? RepostType : PostType, Tid.Of($"{remoteId} {key}"));
        var (made, session) = await _xrpc.CallAsync(account, "com.atproto.repo.applyWrites", me => Writes(me, ("create", type, rkey, record)), Made, cancellationToken);
        if (session is not null && (made.IsSuccess || await GetAsync(session, account, type, rkey, cancellationToken) is { IsSuccess: true }))
        {
            return Sent(session, type, rkey);
        }

        return made.Failure(Traits.Network);
    }

    public async Task<Account> SignInAsync(Account account, CancellationToken cancellationToken)
    {
        if (account is not { Name.Length: > 0, Token.Length: > 0 })
        {
            throw new SharingException(ProblemCodes.InvalidInput, "An account here is a name, such as anna.bsky.social, and an app password.");
        }

        var (session, trouble) = await _xrpc.SignInAsync(account, cancellationToken);
        if (session is null)
        {
            var outcome = trouble!.Failure(Traits.Network);
            throw new SharingException(outcome.State == PublishState.Waiting ? ProblemCodes.Busy : ProblemCodes.InvalidInput, outcome.Reason ?? "");
        }

        var kept = account with { Name = session.Handle, Id = session.Did, Server = account.Server ?? _options.Server };
        _xrpc.Keep(kept, session); // sign-ins are counted, and scarce
        return kept;
    }

    public async Task<IReadOnlyList<AccountFollow>> ReadFollowsAsync(Account account, int count, CancellationToken cancellationToken)
    {
        var follows = await ReadPagesAsync(account, "app.bsky.graph.getFollows", "follows", count, cancellationToken);
        return FollowLists.Of(follows, await ReadPagesAsync(account, "app.bsky.graph.getFollowers", "followers", count, cancellationToken));
    }

    async Task<IReadOnlyList<AccountFollow>> ReadPagesAsync(Account account, string method, string list, int count, CancellationToken cancellationToken)
    {
        const int PageSize = 100;
        var all = new List<AccountFollow>();
        var question = string.Create(CultureInfo.InvariantCulture, $"{method}?actor={Uri.EscapeDataString(account.Id ?? account.Name!.TrimStart('@'))}&limit={PageSize}");
        var cursor = "";
        for (var left = count; cursor is not null && left > 0; left -= PageSize)
        {
            var (answer, _) = await _xrpc.CallAsync(account, question + cursor, null, 0, cancellationToken);
            var page = (answer.IsSuccess ? Xrpc.Object(answer) : null) ?? throw answer.Fault();
            foreach (var one in page[list] as JsonArray ?? [])
            {
                if (Xrpc.Text(one?["did"]) is { } did)
                {
                    all.Add(new() { Id = did, Name = BlueskyThread.Name(one), Address = new Uri(_options.App, "profile/" + Uri.EscapeDataString(did)) });
                }
            }

            cursor = Xrpc.Text(page["cursor"]) is { } next ? "&cursor=" + Uri.EscapeDataString(next) : null;
        }

        return all;
    }

    /// <summary>Makes a post, or changes the one that is there.</summary>
    /// <returns>What came of it; <c>null</c>: another post has that key.</returns>
    async Task<PublishOutcome?> WriteAsync(Post post, string key, Account account, CancellationToken cancellationToken)
    {
        var (record, trouble) = await _records.PostAsync(post, account, cancellationToken);
        if (record is null)
        {
            return trouble;
        }

        var made = post.RemoteId is null;
        for (var tries = 0; ; tries++)
        {
            var (verb, points) = made ? ("create", Made) : ("update", Changed);
            var (answer, session) = await _xrpc.CallAsync(
                account, "com.atproto.repo.applyWrites", who => Writes(who, (verb, PostType, key, record), (verb, ResourceRecord.Type, key, ResourceRecord.Of(post, who.Did, key))), 2 * points, cancellationToken);
            if (answer.IsSuccess || session is null)
            {
                return answer.IsSuccess ? Sent(session!, PostType, key) : answer.Failure(Traits.Network);
            }

            if (answer.Trouble is { IsHeld: true } or { State: PublishState.NeedsLogin } || tries == 1)
            {
                return answer.Failure(Traits.Network);
            }

            // A server says of what is there already no more than that something went wrong.
            var there = await GetAsync(session, account, ResourceRecord.Type, key, cancellationToken);
            if (!there.IsSuccess)
            {
                return Xrpc.ErrorOf(there) != "RecordNotFound" || made ? answer.Failure(Traits.Network) : PublishOutcome.Refused("It was deleted at the network.");
            }

            var (owner, revision) = ResourceRecord.Read(Xrpc.Object(there));
            if (owner != post.Key)
            {
                return made ? null : PublishOutcome.Refused("Something else is there now.");
            }

            if (revision >= post.Revision)
            {
                return Sent(session, PostType, key);
            }

            made = false;
        }
    }

    async Task<PublishOutcome?> DeleteAsync(Post post, string key, Account account, CancellationToken cancellationToken)
    {
        var (there, session) = await _xrpc.CallAsync(account, Question(account.Name!.TrimStart('@'), ResourceRecord.Type, key), null, 0, cancellationToken);
        if (session is null || (!there.IsSuccess && Xrpc.ErrorOf(there) != "RecordNotFound"))
        {
            return there.Failure(Traits.Network);
        }

        if (there.IsSuccess && ResourceRecord.Read(Xrpc.Object(there)).Key != post.Key)
        {
            return null;
        }

        // One after the other, each as often as one likes; the one that says whose it is goes last.
        foreach (var type in (string[])[PostType, ResourceRecord.Type])
        {
            var collection = type;
            var (answer, _) = await _xrpc.CallAsync(
                account, "com.atproto.repo.deleteRecord", who => Xrpc.Json(new() { ["repo"] = who.Did, ["collection"] = collection, ["rkey"] = key }), Deleted, cancellationToken);
            if (!answer.IsSuccess)
            {
                return answer.Failure(Traits.Network);
            }
        }

        return Sent(session, PostType, key);
    }

    Task<NetworkAnswer> GetAsync(BlueskySession session, Account account, string type, string key, CancellationToken cancellationToken) =>
        AnswerAsync(_xrpc.CallAsync(account, Question(session.Did, type, key), null, 0, cancellationToken));

    static async Task<NetworkAnswer> AnswerAsync(Task<(NetworkAnswer Answer, BlueskySession? Session)> call) => (await call).Answer;

    static string Question(string repository, string type, string key) =>
        $"com.atproto.repo.getRecord?repo={Uri.EscapeDataString(repository)}&collection={Uri.EscapeDataString(type)}&rkey={Uri.EscapeDataString(key)}";

    static HttpContent Writes(BlueskySession session, params ReadOnlySpan<(string Verb, string Type, string Key, JsonObject Record)> writes)
    {
        var list = new JsonArray();
        foreach (var (verb, type, key, record) in writes)
        {
            list.Add((JsonNode)new JsonObject { ["$type"] = "com.atproto.repo.applyWrites#" + verb, ["collection"] = type, ["rkey"] = key, ["value"] = record.DeepClone() });
        }

        return Xrpc.Json(new() { ["repo"] = session.Did, ["writes"] = list });
    }

    PublishOutcome Sent(BlueskySession session, string type, string key) =>
        PublishOutcome.Sent($"at://{session.Did}/{type}/{key}", new Uri(_options.App, $"profile/{ShownText.OneLine(session.Handle)}/post/{key}"));
}
