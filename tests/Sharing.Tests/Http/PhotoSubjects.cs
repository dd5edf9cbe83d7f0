using System.Net.Http.Json;
using Sharing.Core;
using Sharing.Offline;
using Sharing.Photos;

namespace Sharing.Tests.Http;

/// <summary>What actors ask a photo server for: photos, folders and grants of the owner's. Grants are for the friend, but for one that was for somebody who is a friend no longer.</summary>
sealed class PhotoSubjects : ISubjects
{
    static readonly TimeSpan Short = TimeSpan.FromMinutes(1);

    readonly PhotosUnderTest _host;
    readonly Dictionary<Subject, PhotoId> _photos = [];
    readonly Dictionary<Subject, FolderId> _folders = [];
    readonly Dictionary<Subject, GrantId> _grants = [];
    bool _isOver; // the friendship

    PhotoSubjects(PhotosUnderTest host) => _host = host;

    static PersonId Owner => HostUnderTest.IdOf(Actor.Owner);

    public static async Task<PhotoSubjects> MakeAsync(PhotosUnderTest host)
    {
        var relationships = host.Get<IRelationships>();
        foreach (var friend in new[] { HostUnderTest.IdOf(Actor.Friend), HostUnderTest.IdOf(Actor.FormerFriend) })
        {
            await relationships.BefriendAsync(Owner, friend, true);
            await relationships.BefriendAsync(friend, Owner, true);
        }

        await relationships.FollowAsync(HostUnderTest.IdOf(Actor.Follower), Owner, true);
        var subjects = new PhotoSubjects(host);
        foreach (var subject in Route.Photos.Concat(Route.Grants).Except([Subject.NotExisting, Subject.Malformed]))
        {
            (subjects._photos[subject], subjects._folders[subject]) = (await subjects.PhotoAsync(subject), await subjects.FolderAsync(subject));
            subjects._grants[subject] = await subjects.GrantAsync(subject, subjects._photos[subject]);
        }

        await relationships.BefriendAsync(Owner, HostUnderTest.IdOf(Actor.FormerFriend), false);
        subjects._isOver = true;
        return subjects;
    }

    public async Task<(string Id, Uri? Address)> IdAsync(Route route, Actor actor, Subject subject) => (subject switch
    {
        Subject.Self => route.Pattern == "/photos/share" ? _photos[Subject.Private].Value : "",
        Subject.Malformed => "malformed.-malformed.",
        Subject.Existing or Subject.NotExisting when route.Pattern == "/_sharing/{name}" => subject == Subject.Existing ? "sharing.css" : "nothing.css",
        Subject.Existing => route.Pattern.StartsWith("/openapi", StringComparison.Ordinal) ? "v1" : PhotoUploads.Purpose,
        Subject.NotExisting when route.Pattern.StartsWith("/openapi", StringComparison.Ordinal) => "v0",
        Subject.NotExisting => route.Pattern.Contains("granted", StringComparison.Ordinal) || route.Pattern.StartsWith("/g/", StringComparison.Ordinal) ? $"{PhotoId.New()}-{PhotoId.New()}" : PhotoId.New().Value,
        Subject.Held or Subject.HeldByAnother => (await BeginAsync(subject == Subject.Held ? Owner : PersonId.Parse("somebody"), 10)).Value,
        _ when route.Pattern.StartsWith("/v1/photos", StringComparison.Ordinal) || route.Pattern is "/photos/{id}" or "/photos/delete" => (route.Destroys ? await PhotoAsync(subject) : _photos[subject]).Value,
        _ when route.Pattern.StartsWith("/v1/photo-folders", StringComparison.Ordinal) || route.Pattern == "/photos/folder" => (route.Destroys ? await FolderAsync(subject) : _folders[subject]).Value,
        _ when route.Destroys => (await GrantAsync(subject, await PhotoAsync(subject))).Value,
        _ => $"{_grants[subject]}-{_photos[subject]}",
    }, null);

    public HttpContent? BodyOf(Route route, Actor actor, Subject subject, string id, Uri? address)
    {
        switch ($"{route.Method} {route.Pattern}")
        {
            case "PATCH /v1/photos/{id}" or "PATCH /v1/photo-folders/{id}":
                return JsonContent.Create(new PhotoChange { Name = "Sunset" }, PhotosJson.Default.PhotoChange);
            case "POST /v1/stream-tickets":
                return JsonContent.Create(new StreamTicketRequest("/v1/photos/x/events"), WireJson.Default.StreamTicketRequest);
            case "POST /v1/photo-folders":
                return JsonContent.Create(new FolderRequest(), PhotosJson.Default.FolderRequest);
            case "POST /v1/device-photos":
                return JsonContent.Create(new DevicePhotosAsked { Device = "phone", Hashes = Convert.ToBase64String(HashPrefixes.Encode([1])) }, PhotosJson.Default.DevicePhotosAsked);
            case "POST /v1/photo-grants":
                return JsonContent.Create(new GrantRequest { Photos = [_photos[Subject.Private]], Friends = [HostUnderTest.IdOf(Actor.Friend)] }, PhotosJson.Default.GrantRequest);
            case "PUT /v1/photo-grants/{id}/end":
                return JsonContent.Create(new GrantEnd(), PhotosJson.Default.GrantEnd);
        }

        if (route is not { Method: "PATCH", Name: [not '*', ..] })
        {
            return null;
        }

        var part = new ByteArrayContent([1, 2, 3]);
        part.Headers.ContentType = new("application/offset+octet-stream");
        return part;
    }

    async Task<UploadId> BeginAsync(PersonId person, int length, params (string Name, string Value)[] said) => (await _host.Get<Core.Uploads>().CreateAsync(
        person, PhotoUploads.Purpose, new(length, UploadMetadata.Of(said.Select(static pair => KeyValuePair.Create(pair.Name, pair.Value))))))!.Id;

    async Task<PhotoId> PhotoAsync(Subject subject)
    {
        byte[] bytes = [1, 2, 3];
        var id = await BeginAsync(Owner, bytes.Length, subject == Subject.Expired ? [("validFor", $"{Short.TotalSeconds}")] : []);
        await _host.Get<Core.Uploads>().AppendAsync(Owner, PhotoUploads.Purpose, id, new(0, new MemoryStream(bytes)));
        var photo = PhotoId.Parse(id.Value);
        if (subject == Subject.Expired)
        {
            _host.Clock.Advance(Short);
        }
        else if (subject == Subject.Deleted)
        {
            await _host.Get<IPhotos>().DeleteAsync(Owner, photo);
        }

        return photo;
    }

    async Task<FolderId> FolderAsync(Subject subject)
    {
        var folder = await _host.Get<IPhotoFolders>().CreateAsync(Owner, new() { ValidFor = subject == Subject.Expired ? Short : null });
        if (subject == Subject.Expired)
        {
            _host.Clock.Advance(Short);
        }
        else if (subject == Subject.Deleted)
        {
            await _host.Get<IPhotoFolders>().DeleteAsync(Owner, folder.Id);
        }

        return folder.Id;
    }

    /// <summary>A grant of that photo; of another where there is none any more.</summary>
    async Task<GrantId> GrantAsync(Subject subject, PhotoId photo)
    {
        var shown = subject is Subject.Expired or Subject.Deleted ? await PhotoAsync(Subject.Private) : photo;
        var friend = HostUnderTest.IdOf(subject == Subject.Unfriended && !_isOver ? Actor.FormerFriend : Actor.Friend);
        var grant = (await _host.Get<IPhotoGrants>().GrantAsync(Owner, new() { Photos = [shown], Friends = [friend], ValidFor = subject == Subject.Expired ? Short : null })).Single();
        if (subject == Subject.Expired)
        {
            _host.Clock.Advance(Short);
        }
        else if (subject == Subject.Revoked)
        {
            await _host.Get<IPhotoGrants>().RevokeAsync(Owner, grant.Id);
        }

        return grant.Id;
    }
}
