using System.Net.Http.Json;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Tests.Http;

/// <summary>What actors ask a shared-data server for.</summary>
sealed class ShareSubjects : ISubjects
{
    static readonly string Device = new('a', 64);

    readonly SharesUnderTest _host;
    readonly Dictionary<Subject, ShareId> _shares = [];

    ShareSubjects(SharesUnderTest host) => _host = host;

    public static async Task<ShareSubjects> MakeAsync(SharesUnderTest host)
    {
        var (relationships, owner) = (host.Get<IRelationships>(), HostUnderTest.IdOf(Actor.Owner));
        foreach (var friend in new[] { HostUnderTest.IdOf(Actor.Friend), HostUnderTest.IdOf(Actor.FormerFriend) })
        {
            await relationships.BefriendAsync(owner, friend, true);
            await relationships.BefriendAsync(friend, owner, true);
        }

        await relationships.FollowAsync(HostUnderTest.IdOf(Actor.Follower), owner, true);
        await relationships.BefriendAsync(owner, HostUnderTest.IdOf(Actor.FormerFriend), false);
        await relationships.BefriendAsync(HostUnderTest.IdOf(Actor.FormerFriend), owner, false);
        var subjects = new ShareSubjects(host);
        foreach (var subject in new[] { Subject.Everyone, Subject.Followers, Subject.Friends, Subject.Withdrawn })
        {
            subjects._shares[subject] = await subjects.FreshAsync(subject);
        }

        return subjects;
    }

    public async Task<(string Id, Uri? Address)> IdAsync(Route route, Actor actor, Subject subject) => subject switch
    {
        Subject.NotExisting when route.Pattern.Contains("{id}", StringComparison.Ordinal) => (ShareId.New().Value, null),
        Subject.Malformed => ("malformed.", null),
        Subject.Existing or Subject.NotExisting when route.Pattern.StartsWith("/v1/swarms", StringComparison.Ordinal) =>
            ($"{(await ManifestAsync(Subject.Everyone)).Content}-{Device}", null),
        Subject.Existing when route.Pattern.StartsWith("/p/", StringComparison.Ordinal) => ((await ManifestAsync(Subject.Everyone)).Ticket, null),
        Subject.NotExisting when route.Pattern.StartsWith("/p/", StringComparison.Ordinal) => ("e30.AAAA", null),
        Subject.Existing or Subject.NotExisting => (subject == Subject.Existing ? route.Pattern.StartsWith("/openapi", StringComparison.Ordinal) ? "v1" : IShares.Purpose : "v0", null),
        Subject.Self => (route.Pattern == "/v1/devices/{device}" ? Device : "", null),
        Subject.Held or Subject.HeldByAnother => ((await BeginAsync(subject == Subject.Held ? HostUnderTest.IdOf(Actor.Owner) : PersonId.Parse("somebody"))).Value, null),
        _ => ((route.Destroys ? await FreshAsync(subject) : _shares[subject]).Value, null),
    };

    public HttpContent? BodyOf(Route route, Actor actor, Subject subject, string id, Uri? address)
    {
        if (route is { Method: "PATCH", Name: [not '*', ..] })
        {
            var part = new ByteArrayContent([1, 2, 3]);
            part.Headers.ContentType = new("application/offset+octet-stream");
            return part;
        }

        if (route.Pattern == "/v1/shares/{id}/deliveries")
        {
            return JsonContent.Create(new DeliveryRequest { Nonce = new('0', 32), Device = Device, Addresses = ["10.0.0.7:7400"] }, P2PJson.Default.DeliveryRequest);
        }

        if ($"{route.Method} {route.Pattern}" != "PUT /v1/swarms/{content}/{device}")
        {
            return null;
        }

        var ticket = ManifestAsync(subject == Subject.Existing ? Subject.Everyone : Subject.Followers).GetAwaiter().GetResult().Ticket; // of another content
        return JsonContent.Create(new SwarmAnnouncement(new() { Device = Device, Addresses = ["10.0.0.7:7400"] }, ticket), P2PJson.Default.SwarmAnnouncement);
    }

    async Task<ShareManifest> ManifestAsync(Subject subject) =>
        (await _host.Get<IShares>().OpenAsync(HostUnderTest.IdOf(Actor.Owner), _shares[subject], Device)) ?? throw new InvalidOperationException("It is gone.");

    async Task<UploadId> BeginAsync(PersonId person) =>
        (await _host.Get<Core.Uploads>().CreateAsync(person, IShares.Purpose, new(10, UploadMetadata.Of([new("filename", "film.mkv")]))))!.Id;

    async Task<ShareId> FreshAsync(Subject subject)
    {
        var share = await _host.ShareAsync(subject switch { Subject.Followers => "followers", Subject.Friends => "friends", _ => "everyone" }, $"A film {subject}");
        if (subject == Subject.Withdrawn)
        {
            await _host.Get<IShares>().RemoveAsync(HostUnderTest.IdOf(Actor.Owner), share);
        }

        return share;
    }
}
