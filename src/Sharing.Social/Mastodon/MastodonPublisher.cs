using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Social;

/// <summary>Publishes at any server that speaks Mastodon's API: Mastodon, GoToSocial, Pleroma, Akkoma, Pixelfed and others. An account is a server and an access token with the
/// scopes <c>read:accounts read:statuses write:statuses write:media</c>.</summary>
/// <remarks>Each post carries its key as Idempotency-Key, and yet is looked for before it is sent a second time: a key is forgotten after an hour, and there are servers that
/// know none. A post is recognised by its link. Thread-safe singleton.</remarks>
sealed class MastodonPublisher : ISocialPublisher, IPostLookup, IPostResponses, IAccountSignIn, IFollowLists, IAccountMemory
{
    // However long a link is, it counts as 23 characters; an empty line stands before it.
    const int LinkCharacters = 23 + 2, PageSize = 40, FollowsPageSize = 80;

    readonly MastodonApi _api;
    readonly MastodonOptions _options;
    readonly IPostPictures? _pictures;
    readonly ConcurrentDictionary<(PersonId Owner, string Account), string> _ids = new();

    public MastodonPublisher(NetworkCaller caller, IOptions<MastodonOptions> options, IEnumerable<IPostPictures> pictures)
    {
        (_api, _options, _pictures) = (new(caller), options.Value, pictures.FirstOrDefault());
        Traits = new()
        {
            Network = _options.Network,
            Retry = RetrySafety.LookFirst,
            Audiences = [AudienceKind.Everyone, AudienceKind.Followers],
            MaxTextLength = _options.MaxCharacters - LinkCharacters,
            CanUpdate = true,
            HasServers = true,
        };
    }

    public PublisherTraits Traits { get; }

    public void Forget(PersonId person)
    {
        foreach (var known in _ids.Keys.Where(known => known.Owner == person))
        {
            _ids.TryRemove(known, out _);
        }
    }

    public async Task<PublishOutcome> PublishAsync(Post post, Account account, CancellationToken cancellationToken)
    {
        if (account is not { Server: not null, Token: not null })
        {
            return PublishOutcome.NeedsLogin("The account has no server or no token.");
        }

        return post.Withdrawn ? await WithdrawAsync(post, account, cancellationToken) : await WriteAsync(post, account, cancellationToken);
    }

    public async Task<PublishOutcome?> FindAsync(Post post, Account account, CancellationToken cancellationToken)
    {
        var (id, trouble) = await OwnIdAsync(account, cancellationToken);
        if (id is null)
        {
            return trouble;
        }

        var (oldest, seen, link) = (post.At - TimeSpan.FromDays(1), 0, post.Link.ToString());
        for (string? before = null; seen < _options.MostLookedThrough;)
        {
            var answer = await _api.GetAsync(
                account, $"api/v1/accounts/{Uri.EscapeDataString(id)}/statuses?exclude_reblogs=true&limit={PageSize}{(before is null ? "" : "&max_id=" + Uri.EscapeDataString(before))}", cancellationToken);
            if (!answer.IsSuccess || answer.Read(MastodonJson.Default.MastodonStatusArray) is not { } page)
            {
                return answer.Trouble ?? throw answer.Fault();
            }

            if (page.FirstOrDefault(status => status.Content is { } html && Leads(HtmlText.Plain(html), link)) is { Id: not null } found)
            {
                return Sent(found);
            }

            seen += page.Length;
            if (page.Length == 0 || page[^1] is not { Id: { } last, CreatedAt: { } at } || at < oldest)
            {
                return null;
            }

            before = last;
        }

        throw new InvalidOperationException($"It is not among the newest {seen} posts.");
    }

    public async Task<IReadOnlyList<PostResponse>> ReadAsync(string remoteId, int count, Account account, CancellationToken cancellationToken)
    {
        var status = "api/v1/statuses/" + Uri.EscapeDataString(remoteId);
        var thread = await _api.GetAsync(account, status + "/context", cancellationToken);
        if (thread.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            return [];
        }

        var context = thread.IsSuccess ? thread.Read(MastodonJson.Default.MastodonContext) : throw thread.Fault();
        var limit = string.Create(CultureInfo.InvariantCulture, $"?limit={Math.Min(count, 80)}");
        var reshares = await ReadAsync(account, status + "/reblogged_by" + limit, MastodonJson.Default.MastodonAccountArray, cancellationToken);
        var likes = await ReadAsync(account, status + "/favourited_by" + limit, MastodonJson.Default.MastodonAccountArray, cancellationToken);
        var host = account.Server!.Host;
        return
        [
            .. (context?.Descendants ?? []).Where(static answer => answer.Id is not null).Select(answer => new PostResponse
            {
                Kind = PostResponseKind.Comment, Id = answer.Id!, Author = Name(answer.Account, host), Text = HtmlText.Plain(answer.Content ?? ""), At = answer.CreatedAt, Address = WebAddress.Of(answer.Url),
            }).OrderBy(static one => one.At).Take(count),
            .. reshares.Select(one => Of(PostResponseKind.Reshare, one, host)),
            .. likes.Select(one => Of(PostResponseKind.Like, one, host)),
        ];
    }

    public async Task<PublishOutcome> RespondAsync(string remoteId, string? text, string key, Account account, CancellationToken cancellationToken)
    {
        var answer = text is null
            ? await _api.SendAsync(account, HttpMethod.Post, $"api/v1/statuses/{Uri.EscapeDataString(remoteId)}/reblog", null, key, cancellationToken)
            : await _api.SendAsync(account, HttpMethod.Post, "api/v1/statuses", new NewStatus(text, null, null, remoteId), MastodonJson.Default.NewStatus, key, cancellationToken);
        return Outcome(answer);
    }

    public async Task<Account> SignInAsync(Account account, CancellationToken cancellationToken)
    {
        if (account is not { Server: { } server, Token.Length: > 0 })
        {
            throw new SharingException(ProblemCodes.InvalidInput, "An account here is a server, such as mastodon.example, and an access token.");
        }

        var root = account with { Server = new Uri(server.GetLeftPart(UriPartial.Authority) + "/") };
        var (me, trouble) = await MeAsync(root, cancellationToken);
        return me is not null ? root with { Name = Name(me, server.Host), Id = me.Url }
            : throw new SharingException(trouble!.State == PublishState.Waiting ? ProblemCodes.Busy : ProblemCodes.InvalidInput, trouble.Reason ?? "");
    }

    public async Task<IReadOnlyList<AccountFollow>> ReadFollowsAsync(Account account, int count, CancellationToken cancellationToken)
    {
        var (id, trouble) = await OwnIdAsync(account, cancellationToken);
        var path = $"api/v1/accounts/{Uri.EscapeDataString(id ?? throw new InvalidOperationException(trouble?.Reason))}/";
        var follows = await ReadPagesAsync(account, path + "following", count, cancellationToken);
        return FollowLists.Of(follows, await ReadPagesAsync(account, path + "followers", count, cancellationToken));
    }

    async Task<IReadOnlyList<AccountFollow>> ReadPagesAsync(Account account, string path, int count, CancellationToken cancellationToken)
    {
        var (all, host) = (new List<AccountFollow>(), account.Server!.Host);
        var next = string.Create(CultureInfo.InvariantCulture, $"{path}?limit={FollowsPageSize}");
        for (var left = count; next is not null && left > 0; left -= FollowsPageSize)
        {
            var answer = await _api.GetAsync(account, next, cancellationToken);
            var page = (answer.IsSuccess ? answer.Read(MastodonJson.Default.MastodonAccountArray) : null) ?? throw answer.Fault();
            all.AddRange(page.Where(static one => one.Url is not null).Select(one => new AccountFollow { Id = one.Url!, Name = Name(one, host), Address = WebAddress.Of(one.Url) }));
            next = answer.Next;
        }

        return all;
    }

    async Task<(string? Id, PublishOutcome? Trouble)> OwnIdAsync(Account account, CancellationToken cancellationToken)
    {
        if (_ids.TryGetValue(IdOf(account), out var known))
        {
            return (known, null);
        }

        var (me, trouble) = await MeAsync(account, cancellationToken);
        return me is null ? (null, trouble) : (_ids[IdOf(account)] = me.Id!, null);
    }

    async Task<PublishOutcome> WriteAsync(Post post, Account account, CancellationToken cancellationToken)
    {
        var media = Array.Empty<string>();
        if (_pictures is not null && await _pictures.FindAsync(post, cancellationToken) is { Bytes.Length: <= PostPicture.MostBytes } picture)
        {
            var (id, trouble) = await _api.UploadAsync(account, picture, cancellationToken);
            if (trouble is not null)
            {
                return trouble is { MayBeThere: true } ? PublishOutcome.Wait(null, trouble.Reason) : trouble; // the post itself was not sent
            }

            media = id is null ? [] : [id];
        }

        var text = $"{post.Text}\n\n{post.Link}";
        var visibility = post.Audience.Kind == AudienceKind.Followers ? "private" : "public";
        if (post.RemoteId is not { } there)
        {
            return Outcome(await _api.SendAsync(account, HttpMethod.Post, "api/v1/statuses", new NewStatus(text, visibility, media, null), MastodonJson.Default.NewStatus, post.Key, cancellationToken));
        }

        var answer = await _api.SendAsync(account, HttpMethod.Put, "api/v1/statuses/" + Uri.EscapeDataString(there), new NewStatus(text, null, media, null), MastodonJson.Default.NewStatus, null, cancellationToken);
        return answer.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone ? PublishOutcome.Refused($"It was deleted at {account.Server!.Host}.") : Outcome(answer);
    }

    async Task<PublishOutcome> WithdrawAsync(Post post, Account account, CancellationToken cancellationToken)
    {
        var found = post.RemoteId is { } known ? PublishOutcome.Sent(known) : await FindAsync(post, account, cancellationToken);
        if (found is not { State: PublishState.Sent, RemoteId: { } id })
        {
            return found ?? PublishOutcome.Sent(post.Key); // it was never there
        }

        var answer = await _api.SendAsync(account, HttpMethod.Delete, "api/v1/statuses/" + Uri.EscapeDataString(id), null, null, cancellationToken);
        return answer.IsSuccess || answer.Status is HttpStatusCode.NotFound or HttpStatusCode.Gone ? PublishOutcome.Sent(id) : answer.Failure(Traits.Network);
    }

    PublishOutcome Outcome(NetworkAnswer answer) => answer switch
    {
        { IsSuccess: true } => answer.Read(MastodonJson.Default.MastodonStatus) is { Id: not null } status ? Sent(status) : PublishOutcome.Lost("The network's answer cannot be read."),
        { Status: HttpStatusCode.Forbidden } => PublishOutcome.NeedsLogin($"The token does not allow it{NetworkAnswer.Said(answer.Body)}"),
        _ => answer.Failure(Traits.Network),
    };

    static PublishOutcome Sent(MastodonStatus status) => PublishOutcome.Sent(status.Id!, WebAddress.Of(status.Url) ?? WebAddress.Of(status.Uri));

    static PostResponse Of(PostResponseKind kind, MastodonAccount one, string host) => new() { Kind = kind, Id = one.Id ?? "", Author = Name(one, host), Address = WebAddress.Of(one.Url) };

    // "anna" is somebody of this very server.
    static string Name(MastodonAccount? account, string host) => account?.Acct is not { Length: > 0 } name ? "?" : ShownText.OneLine(name.Contains('@', StringComparison.Ordinal) ? name : $"{name}@{host}");

    static (PersonId Owner, string Account) IdOf(Account account) => (account.Owner, $"{account.Server!.Authority} {account.Token}");

    /// <summary>Whether a text has that very link, not one that only begins like it.</summary>
    static bool Leads(string text, string link)
    {
        for (var at = text.IndexOf(link, StringComparison.Ordinal); at >= 0; at = text.IndexOf(link, at + 1, StringComparison.Ordinal))
        {
            if (at + link.Length == text.Length || char.IsWhiteSpace(text[at + link.Length]))
            {
                return true;
            }
        }

        return false;
    }

    async Task<(MastodonAccount? Me, PublishOutcome? Trouble)> MeAsync(Account account, CancellationToken cancellationToken)
    {
        var answer = await _api.GetAsync(account, "api/v1/accounts/verify_credentials", cancellationToken);
        return answer.IsSuccess && answer.Read(MastodonJson.Default.MastodonAccount) is { Id: not null } me ? (me, null) : (null, answer.Failure(account.Server!.Host));
    }

    async Task<T> ReadAsync<T>(Account account, string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var answer = await _api.GetAsync(account, path, cancellationToken);
        return (answer.IsSuccess ? answer.Read(type) : null) ?? throw answer.Fault();
    }
}
