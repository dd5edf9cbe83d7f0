using Sharing.Core;
using Sharing.Offline;

namespace Sharing.Tests.Http;

/// <summary>The things that actors ask for: some for all of them, and fresh ones for those requests that change what they ask for.</summary>
sealed class Subjects
{
    static readonly PersonId Resharer = PersonId.Parse("Resharer");

    readonly ServerUnderTest _server;
    readonly Dictionary<Subject, string> _posts = [];
    readonly Dictionary<Subject, Uri> _kept = [];

    Subjects(ServerUnderTest server) => _server = server;

    public static async Task<Subjects> MakeAsync(ServerUnderTest server)
    {
        var subjects = new Subjects(server);
        await subjects.RelateAsync();
        await subjects.MakePostsAsync();
        subjects._kept[Subject.Held] = await subjects.KeepAsync(ServerUnderTest.IdOf(Actor.Owner), wait: true);
        subjects._kept[Subject.HeldByAnother] = await subjects.KeepAsync(Resharer, wait: true);
        return subjects;
    }

    /// <summary>The id of what a route asks for in a state, and, where it is in the offline library, its address.</summary>
    public async Task<(string Id, Uri? Address)> IdAsync(Route route, Actor actor, Subject subject)
    {
        switch (subject)
        {
            case Subject.Self:
                return ("", null);
            case Subject.Malformed:
                return (route.Pattern.Contains("relationships", StringComparison.Ordinal) || route.Pattern == "/people/change" ? "\u0001" : "malformed.", null);
            case Subject.Existing or Subject.NotExisting when !route.Pattern.Contains("{id}", StringComparison.Ordinal) && route.Pattern != "/me/withdraw" && route.Pattern != "/me/retry":
                return (await NameAsync(route, actor, subject), null);
        }

        if (route.Pattern.StartsWith("/v1/library", StringComparison.Ordinal))
        {
            var address = subject == Subject.NotExisting ? _server.NewAddress()
                : route.Destroys ? await KeepAsync(subject == Subject.Held ? ServerUnderTest.IdOf(Actor.Owner) : Resharer, wait: false)
                : _kept[subject];
            return (ResourceId.Of(address).Value, address);
        }

        return (subject == Subject.NotExisting ? PostId.New().Value : route.Destroys ? await FreshAsync(route, subject) : _posts[subject], null);
    }

    async Task<string> NameAsync(Route route, Actor actor, Subject subject)
    {
        var there = subject == Subject.Existing;
        switch (route.Pattern)
        {
            case "/v1/relationships" or "/v1/relationships/between":
                return Actor.Owner.ToString();
            case "/_sharing/{name}":
                return there ? "sharing.css" : "nothing.css";
            case "/openapi/{documentName}.json":
                return there ? "v1" : "v0";
            case "/v1/networks/{network}" when there && actor is not (Actor.Anonymous or Actor.Host or Actor.DeadToken):
                await _server.Get<IAccounts>().ConnectAsync(ServerUnderTest.IdOf(actor), ServerUnderTest.Spare, "token");
                return ServerUnderTest.Spare;
            case "/v1/networks/{network}" or "/me/connect" or "/me/disconnect":
                return there ? ServerUnderTest.Spare : "nowhere";
            default:
                return "somebody";
        }
    }

    static Audience AudienceOf(Subject subject) => subject switch
    {
        Subject.Followers => Audience.Followers,
        Subject.Friends => Audience.Friends,
        Subject.Named => Audience.Of(ServerUnderTest.IdOf(Actor.Named), Resharer),
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

            var post = NewPost(PostId.New().Value, ServerUnderTest.IdOf(Actor.Owner), AudienceOf(subject));
            await _server.Get<ISocialNetwork>().PutAsync(post.Author, post);
            if (subject == Subject.Withdrawn)
            {
                await _server.Get<ISocialNetwork>().PutAsync(post.Author, post with { Withdrawn = true, Revision = 2 });
            }

            return post.Key;
        }

        var shared = await _server.ShareAsync(AudienceOf(subject));
        if (subject == Subject.Withdrawn)
        {
            await _server.Get<IPosts>().WithdrawAsync(shared.Owner, shared.Id);
        }

        return shared.Id.Value;
    }

    public Post NewPost(string key, PersonId author, Audience audience) => new()
    {
        Key = key,
        Author = author,
        Text = "A film",
        Link = _server.NewAddress(),
        Resource = _server.NewResource(),
        Audience = audience,
    };

    async Task RelateAsync()
    {
        var relationships = _server.Get<IRelationships>();
        var owner = ServerUnderTest.IdOf(Actor.Owner);
        foreach (var friend in new[] { ServerUnderTest.IdOf(Actor.Friend), ServerUnderTest.IdOf(Actor.FormerFriend), Resharer })
        {
            await relationships.BefriendAsync(owner, friend, true);
            await relationships.BefriendAsync(friend, owner, true);
        }

        await relationships.FollowAsync(ServerUnderTest.IdOf(Actor.Follower), owner, true);
        await relationships.FollowAsync(ServerUnderTest.IdOf(Actor.Commenter), owner, true);
        await _server.Get<IAccounts>().ConnectAsync(owner, ServerUnderTest.Elsewhere, "token");
    }

    async Task MakePostsAsync()
    {
        var (posts, network, owner) = (_server.Get<IPosts>(), _server.Get<ISocialNetwork>(), ServerUnderTest.IdOf(Actor.Owner));
        Subject[] states = [Subject.Everyone, Subject.Followers, Subject.Friends, Subject.Named, Subject.Withdrawn];
        foreach (var state in states)
        {
            _posts[state] = (await _server.ShareAsync(AudienceOf(state))).Id.Value;
        }

        foreach (var state in states)
        {
            var id = PostId.Parse(_posts[state]);
            await ServerUnderTest.EventuallyAsync(async () => await posts.FindAsync(owner, id) is { Library: OfflineState.Stored, Ledger: { } ledger }
                && ledger.All(line => line.State == (line.Network == ServerUnderTest.Elsewhere ? PublishState.NeedsLogin : PublishState.Sent)));
            var reshare = await network.ReshareAsync(Resharer, id.Value);
            _posts[Enum.Parse<Subject>($"{state}Reshared")] = reshare!.Id;
        }

        foreach (var state in new[] { Subject.Everyone, Subject.Followers })
        {
            await network.CommentAsync(ServerUnderTest.IdOf(Actor.Commenter), _posts[state], "Good.", "first");
        }

        // Whom nothing is open to any more, and what is open to nobody any more.
        await _server.Get<IRelationships>().FollowAsync(ServerUnderTest.IdOf(Actor.Commenter), owner, false);
        await _server.Get<IRelationships>().BefriendAsync(owner, ServerUnderTest.IdOf(Actor.FormerFriend), false);
        await posts.WithdrawAsync(owner, PostId.Parse(_posts[Subject.Withdrawn]));
        await ServerUnderTest.EventuallyAsync(async () => await network.ThreadAsync(owner, _posts[Subject.Withdrawn]) is null);
    }

    async Task<Uri> KeepAsync(PersonId holder, bool wait)
    {
        var (library, resource) = (_server.Get<IOfflineStore>(), _server.NewResource());
        var kept = await library.KeepAsync(holder, resource);
        if (wait)
        {
            await ServerUnderTest.EventuallyAsync(async () => await library.FindAsync(holder, kept.Id) is { State: OfflineState.Stored });
        }

        return resource.Address;
    }
}
