using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Apps;
using Sharing.Core;
using Sharing.Offline;
using Sharing.Tests.Apps.Packages;
using Sharing.Trials.Apk;

namespace Sharing.Tests.Http;

/// <summary>What actors ask a social network server and a download server for.</summary>
sealed class Subjects : ISubjects
{
    static readonly PersonId Resharer = PersonId.Parse("Resharer");

    readonly HostUnderTest _host;
    readonly Dictionary<Subject, string> _posts = [];
    readonly Dictionary<Subject, Uri> _kept = [];
    AppPackage _package = null!;
    AppSharing _sharing = null!;

    Subjects(HostUnderTest host) => _host = host;

    public static async Task<Subjects> MakeAsync(HostUnderTest host)
    {
        var subjects = new Subjects(host);
        await subjects.RelateAsync();
        await subjects.MakePostsAsync();
        await subjects.MakeAppsAsync();
        subjects._kept[Subject.Held] = await subjects.KeepAsync(HostUnderTest.IdOf(Actor.Owner), wait: true);
        subjects._kept[Subject.HeldByAnother] = await subjects.KeepAsync(Resharer, wait: true);
        return subjects;
    }

    /// <summary>The post for all of them in a state.</summary>
    public PostId PostOf(Subject subject) => PostId.Parse(_posts[subject]);

    /// <inheritdoc/>
    public async Task<(string Id, Uri? Address)> IdAsync(Route route, Actor actor, Subject subject)
    {
        switch (subject)
        {
            case Subject.Self:
                return ("", null);
            case Subject.Malformed:
                return (route.Pattern.Contains("{person}", StringComparison.Ordinal) || route.Pattern.Contains("relationships", StringComparison.Ordinal) || route.Pattern == "/people/change" ? "\u0001" : "malformed.", null);
            case Subject.Friends or Subject.NotExisting when route.Pattern.Contains("{person}", StringComparison.Ordinal):
                return ((subject == Subject.Friends ? Actor.Owner.ToString() : "nobody"), null);
            case Subject.Existing or Subject.NotExisting when !route.Pattern.Contains("{id}", StringComparison.Ordinal) && route.Pattern != "/me/withdraw" && route.Pattern != "/me/retry":
                return (await NameAsync(route, actor, subject), null);
        }

        if (route.Pattern.StartsWith("/v1/library", StringComparison.Ordinal))
        {
            var address = subject == Subject.NotExisting ? _host.NewAddress()
                : route.Destroys ? await KeepAsync(subject == Subject.Held ? HostUnderTest.IdOf(Actor.Owner) : Resharer, wait: false)
                : _kept[subject];
            return (ResourceId.Of(address).Value, address);
        }

        return (subject == Subject.NotExisting ? PostId.New().Value : route.Destroys ? await FreshAsync(route, subject) : _posts[subject], null);
    }

    /// <inheritdoc/>
    public HttpContent? BodyOf(Route route, Actor actor, Subject subject, string id, Uri? address) => $"{route.Method} {route.Pattern}" switch
    {
        "POST /v1/stream-tickets" => Json(new StreamTicketRequest("/v1/posts/x/events"), WireJson.Default.StreamTicketRequest),
        "POST /v1/posts" => Json(new ShareRequest { Resource = _host.NewResource(), Audience = Audience.Of(PersonId.Parse("nobody")) }, WireJson.Default.ShareRequest),
        "PUT /v1/posts/{id}/resource" => Json(_host.NewResource() with { Length = 5 }, WireJson.Default.Resource),
        "PUT /v1/network/posts/{id}" => Json(
            NewPost(id, HostUnderTest.IdOf(actor), Audience.Everyone) with { Revision = 9 }, WireJson.Default.Post),
        "POST /v1/network/posts/{id}/comments" => Json(new CommentText("Good."), WireJson.Default.CommentText),
        "POST /v1/relationships/between" => Json(
            new BetweenQuestion(HostUnderTest.IdOf(Actor.Owner), [HostUnderTest.IdOf(Actor.Friend)]), WireJson.Default.BetweenQuestion),
        "PUT /v1/groups" => Json(new FriendGroup("family", [HostUnderTest.IdOf(Actor.Friend)]), WireJson.Default.FriendGroup),
        "POST /v1/groups/memberships" => Json(new MembershipQuestion(HostUnderTest.IdOf(Actor.Friend), [new(HostUnderTest.IdOf(Actor.Owner), "family")]), WireJson.Default.MembershipQuestion),
        "PUT /v1/networks/{network}" => Json(new AccountToken("token"), WireJson.Default.AccountToken),
        "PUT /v1/library/{id}" => Json(
            subject == Subject.Malformed ? _host.NewResource() : new Resource { Address = address!, Name = "film.bin" }, WireJson.Default.Resource),
        "POST /v1/radar/evaluations" => Json(new ContactPoints(new BlindContacts(["+4915112345678"]).Points), AppsJson.Default.ContactPoints),
        "PUT /v1/radar/book" or "POST /v1/radar/who" => Json(new ContactTokens([new byte[BlindContacts.TokenSize]]), AppsJson.Default.ContactTokens),
        "PUT /v1/apps/lists/mine" => Json(_sharing, AppsJson.Default.AppSharing),
        "POST /v1/apps/matches" => Json(new AppRequest { App = AppId.Parse(id), Device = new() { Sdk = 30, Abis = ["arm64-v8a"] } }, AppsJson.Default.AppRequest),
        _ => null,
    };

    static JsonContent Json<T>(T value, JsonTypeInfo<T> type) => JsonContent.Create(value, type);

    async Task<string> NameAsync(Route route, Actor actor, Subject subject)
    {
        var there = subject == Subject.Existing;
        switch (route.Pattern)
        {
            case "/v1/relationships" or "/v1/relationships/between":
                return Actor.Owner.ToString();
            case "/_sharing/{name}":
                return there ? "sharing.css" : "nothing.css";
            case "/apps/device":
                return there ? "30" : "3";
            case "/v1/apps/matches" or "/v1/apps/{os}/{app}" or "/apps/{app}":
                return there ? _package.App.Value : "org.example.nothing";
            case "/v1/apps/{os}/{app}/packages/{sha256}" or "/apps/packages/{os}/{app}/{sha256}":
                return $"{_package.App}-{(there ? _package.Sha256 : new string('0', 64))}";
            case "/openapi/{documentName}.json":
                return there ? "v1" : "v0";
            case "/v1/networks/{network}" when there && actor is not (Actor.Anonymous or Actor.Host or Actor.DeadToken):
                await _host.Get<IAccounts>().ConnectAsync(HostUnderTest.IdOf(actor), HostUnderTest.Spare, "token");
                return HostUnderTest.Spare;
            case "/v1/networks/{network}" or "/me/connect" or "/me/disconnect":
                return there ? HostUnderTest.Spare : "nowhere";
            default:
                return "somebody";
        }
    }

    static Audience AudienceOf(Subject subject) => subject switch
    {
        Subject.Followers => Audience.Followers,
        Subject.Friends => Audience.Friends,
        Subject.Named => Audience.Of(HostUnderTest.IdOf(Actor.Named), Resharer),
        _ => Audience.Everyone,
    };

    async Task<string> FreshAsync(Route route, Subject subject)
    {
        if (route.Pattern.StartsWith("/v1/network/", StringComparison.Ordinal))
        {
            if (subject.ToString().EndsWith("Reshared", StringComparison.Ordinal))
            {
                return _posts[subject]; // nobody can write under a reshare's id
            }

            var post = NewPost(PostId.New().Value, HostUnderTest.IdOf(Actor.Owner), AudienceOf(subject));
            await _host.Get<ISocialNetwork>().PutAsync(post.Author, post);
            if (subject == Subject.Withdrawn)
            {
                await _host.Get<ISocialNetwork>().PutAsync(post.Author, post with { Withdrawn = true, Revision = 2 });
            }

            return post.Key;
        }

        var shared = await _host.ShareAsync(AudienceOf(subject));
        if (subject == Subject.Withdrawn)
        {
            await _host.Get<IPosts>().WithdrawAsync(shared.Owner, shared.Id);
        }

        return shared.Id.Value;
    }

    public Post NewPost(string key, PersonId author, Audience audience) => new()
    {
        Key = key,
        Author = author,
        Text = "A film",
        Link = _host.NewAddress(),
        Resource = _host.NewResource(),
        Audience = audience,
    };

    async Task RelateAsync()
    {
        var relationships = _host.Get<IRelationships>();
        var owner = HostUnderTest.IdOf(Actor.Owner);
        foreach (var friend in new[] { HostUnderTest.IdOf(Actor.Friend), HostUnderTest.IdOf(Actor.FormerFriend), Resharer })
        {
            await relationships.BefriendAsync(owner, friend, true);
            await relationships.BefriendAsync(friend, owner, true);
        }

        await relationships.FollowAsync(HostUnderTest.IdOf(Actor.Follower), owner, true);
        await relationships.FollowAsync(HostUnderTest.IdOf(Actor.Commenter), owner, true);
        await _host.Get<IAccounts>().ConnectAsync(owner, HostUnderTest.Elsewhere, "token");
    }

    async Task MakePostsAsync()
    {
        var (posts, network, owner) = (_host.Get<IPosts>(), _host.Get<ISocialNetwork>(), HostUnderTest.IdOf(Actor.Owner));
        Subject[] states = [Subject.Everyone, Subject.Followers, Subject.Friends, Subject.Named, Subject.Withdrawn];
        foreach (var state in states)
        {
            _posts[state] = (await _host.ShareAsync(AudienceOf(state))).Id.Value;
        }

        foreach (var state in states)
        {
            var id = PostId.Parse(_posts[state]);
            await ServerUnderTest.EventuallyAsync(async () => await posts.FindAsync(owner, id) is { Library: OfflineState.Stored, Ledger: { } ledger }
                && ledger.All(line => line.State == (line.Network == HostUnderTest.Elsewhere ? PublishState.NeedsLogin : PublishState.Sent)));
            var reshare = await network.ReshareAsync(Resharer, id.Value);
            _posts[Enum.Parse<Subject>($"{state}Reshared")] = reshare!.Id;
        }

        foreach (var state in new[] { Subject.Everyone, Subject.Followers })
        {
            await network.CommentAsync(HostUnderTest.IdOf(Actor.Commenter), _posts[state], "Good.", "first");
        }

        // Whom nothing is open to any more, and what is open to nobody any more.
        await _host.Get<IRelationships>().FollowAsync(HostUnderTest.IdOf(Actor.Commenter), owner, false);
        await _host.Get<IRelationships>().BefriendAsync(owner, HostUnderTest.IdOf(Actor.FormerFriend), false);
        await posts.WithdrawAsync(owner, PostId.Parse(_posts[Subject.Withdrawn]));
        await ServerUnderTest.EventuallyAsync(async () => await network.ThreadAsync(owner, _posts[Subject.Withdrawn]) is null);
    }

    async Task MakeAppsAsync()
    {
        if (_host.Services.GetService<AppShelf>() is { } shelf)
        {
            await using var apk = File.OpenRead(PackageFiles.Real.Single(static path => Path.GetFileName(path) == "settings-5.0.0.apk"));
            _package = await shelf.AddAsync(apk);
            _sharing = new() { Apps = [new() { App = _package.App, Name = "Settings" }] };
            await _host.Get<IAppLists>().SaveAsync(HostUnderTest.IdOf(Actor.Owner), _sharing);
        }
    }

    async Task<Uri> KeepAsync(PersonId holder, bool wait)
    {
        var (library, resource) = (_host.Get<IOfflineStore>(), _host.NewResource());
        var kept = await library.KeepAsync(holder, resource);
        if (wait)
        {
            await ServerUnderTest.EventuallyAsync(async () => await library.FindAsync(holder, kept.Id) is { State: OfflineState.Stored });
        }

        return resource.Address;
    }
}
