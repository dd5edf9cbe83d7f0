namespace Sharing.Tests.Http;

/// <summary>What every route must answer to whom: a pure function, written down from the rules alone. Sending somebody to the page for signing in counts
/// as 401, on pages and elsewhere alike.</summary>
static class Oracle
{
    /// <summary>Whether an actor may see a post.</summary>
    public static bool MaySee(Actor actor, Subject post) => post switch
    {
        Subject.Everyone or Subject.EveryoneReshared => true,
        Subject.Followers or Subject.FollowersReshared => actor is Actor.Owner or Actor.Friend or Actor.Follower,
        Subject.Friends or Subject.FriendsReshared => actor is Actor.Owner or Actor.Friend,
        Subject.Named or Subject.NamedReshared => actor is Actor.Owner or Actor.Named,
        _ => false,
    };

    /// <summary>The status that a route answers, or <c>null</c> if it is not known here.</summary>
    public static int? Expected(string route, Actor actor, Subject subject)
    {
        var isPerson = actor is not (Actor.Anonymous or Actor.Host or Actor.DeadToken);
        var mine = actor == Actor.Owner && subject is Subject.Everyone or Subject.Followers or Subject.Friends or Subject.Named;
        int Private(int status) => isPerson ? status : 401;
        int If(bool may, int status) => Private(may ? status : 404);
        int IfSeen(int status) => MaySee(actor, subject) ? status : Private(404);
        int IfHeld(int status) => If(actor == Actor.Owner && subject == Subject.Held, status);
        int IfListed(int status) => If(actor == Actor.Owner && subject is Subject.Running or Subject.Finished or Subject.Paused or Subject.Failed, status);
        int IfKept(int status) => If(actor == Actor.Owner && subject == Subject.Private, status);
        int IfMade(int status) => If(actor == Actor.Owner && subject is Subject.Granted or Subject.Unfriended or Subject.Expired or Subject.Deleted, status);
        int IfArrived(int status) => If((actor == Actor.Friend && subject == Subject.Granted) || (actor == Actor.Owner && subject == Subject.Private), status);
        int IfThere(int status) => subject == Subject.Existing ? status : 404;
        int Asked() => subject == Subject.Malformed ? actor == Actor.Host ? 400 : Private(400) : actor is Actor.Host or Actor.Owner ? 200 : Private(403);
        return route switch
        {
            // The caller's own.
            "GET /v1/feed" or "GET /v1/posts" or "GET /v1/networks" or "GET /v1/library" or "GET /v1/relationships/requests" => Private(200),
            "POST /v1/posts" or "POST /v1/stream-tickets" => Private(201),
            "GET /v1/me/export" => Private(200),
            "GET /v1/me/erasure" => Private(404), // nobody here is being erased
            "PUT /v1/me/erasure" => Private(400), // not confirmed

            // Posts, their links and their bytes.
            "GET /v1/posts/{id}" or "GET /v1/posts/{id}/events" or "GET /v1/posts/{id}/content" or "HEAD /v1/posts/{id}/content"
                or "GET /v1/posts/{id}/groups" or "HEAD /v1/posts/{id}/groups" or "GET /d/{id}" or "HEAD /d/{id}" => IfSeen(200),
            "PUT /v1/posts/{id}/resource" or "GET /v1/posts/{id}/responses" => If(mine, 200),
            "DELETE /v1/posts/{id}" or "POST /v1/posts/{id}/networks/{network}/retry" => If(mine, 204),

            // The social network. Whoever publishes chooses the key: that one is taken cannot be hidden from him; keys are 128 random bits.
            "GET /v1/network/posts/{id}" => IfSeen(200),
            "POST /v1/network/posts/{id}/comments" => Private(IfSeen(201)),
            "POST /v1/network/posts/{id}/reshares" => Private(IfSeen(200)),
            "PUT /v1/network/posts/{id}" => Private(subject switch
            {
                Subject.NotExisting => 200,
                Subject.Everyone or Subject.Followers or Subject.Friends or Subject.Named or Subject.Withdrawn => actor == Actor.Owner ? 200 : 403,
                _ => 400,
            }),

            // Relationships: everybody's own; anybody's for a host.
            "GET /v1/relationships" => subject == Subject.Self ? Private(200) : Asked(),
            "POST /v1/relationships/between" => Asked(),
            "GET /v1/groups" => Private(200),
            "PUT /v1/groups" => Private(204),
            "POST /v1/groups/memberships" => actor == Actor.Host ? 200 : Private(403),
            "PUT /v1/relationships/{person}/follow" or "DELETE /v1/relationships/{person}/follow"
                or "PUT /v1/relationships/{person}/friend" or "DELETE /v1/relationships/{person}/friend"
                or "PUT /v1/relationships/{person}/block" or "DELETE /v1/relationships/{person}/block" => If(subject != Subject.Malformed, 204),

            // Accounts, and the offline library.
            "PUT /v1/networks/{network}" => If(subject == Subject.Existing, 200),
            "GET /v1/networks/{network}/follows" => Private(404), // no network of these tests tells
            "DELETE /v1/networks/{network}" => If(subject == Subject.Existing, 204),
            "PUT /v1/library/{id}" => If(subject != Subject.Malformed, 200),
            "DELETE /v1/library/{id}" => IfHeld(204),
            "GET /v1/library/{id}" or "GET /v1/library/{id}/events" or "GET /v1/library/{id}/content" or "HEAD /v1/library/{id}/content"
                or "GET /v1/library/{id}/groups" or "HEAD /v1/library/{id}/groups" => IfHeld(200),

            // The download list: everybody's own alone. A link is added by those who may see its post.
            "GET /v1/downloads" => Private(200),
            "POST /v1/downloads" => Private(subject == Subject.Self ? 201 : IfSeen(201)),
            "POST /v1/downloads/{id}/pause" or "POST /v1/downloads/{id}/resume" or "POST /v1/downloads/{id}/cancel" or "GET /v1/downloads/{id}/events" => IfListed(200),
            "POST /v1/downloads/{id}/share" => IfListed(201),

            // Shares. What a ticket opens it opens to whoever shows it; who else is at a content is told to those who have one for it.
            "GET /v1/shares" => Private(200),
            "GET /v1/shares/{id}" => IfSeen(200),
            "DELETE /v1/shares/{id}" => If(mine, 204),
            "POST /v1/shares/{id}/deliveries" => Private(404), // no terminal is where it is to go
            "GET /s/{id}" or "HEAD /s/{id}" => IfSeen(302),
            "GET /s/{id}/metalink" or "HEAD /s/{id}/metalink" or "GET /s/{id}/torrent" or "HEAD /s/{id}/torrent" => IfSeen(200),
            "GET /v1/ticket-key" => 200,
            "PUT /v1/devices/{device}" => Private(204),
            "PUT /v1/swarms/{content}/{device}" => IfThere(200),
            "DELETE /v1/swarms/{content}/{device}" => 204,
            "GET /v1/swarms/{content}/advice" => 404, // the ticket is missing
            "GET /p/{ticket}/content" or "HEAD /p/{ticket}/content" or "GET /p/{ticket}/groups" or "HEAD /p/{ticket}/groups" or "GET /p/{ticket}/held"
                or "GET /p/{ticket}/content/{name}" or "HEAD /p/{ticket}/content/{name}" or "GET /p/{ticket}/file" or "HEAD /p/{ticket}/file"
                or "GET /p/{ticket}/file/{name}" or "HEAD /p/{ticket}/file/{name}" => IfThere(200),

            // Friends by contacts, and apps. A list for friends is empty for others, as is that of somebody who is not there.
            "GET /v1/radar/friends" or "POST /v1/radar/evaluations" or "POST /v1/radar/who" or "GET /v1/apps/lists/mine" or "GET /v1/apps/lists/received" => Private(200),
            "PUT /v1/radar/book" or "DELETE /v1/radar/book" or "PUT /v1/apps/lists/mine" => Private(204),
            "GET /v1/apps/lists/of/{person}" => subject == Subject.Malformed ? Private(404) : 200,
            "POST /v1/apps/lists/of/{person}/pushes" => If(subject != Subject.Malformed, 200),
            "POST /v1/apps/matches" or "GET /v1/apps/{os}/{app}" or "GET /v1/apps/{os}/{app}/packages/{sha256}" or "HEAD /v1/apps/{os}/{app}/packages/{sha256}"
                or "GET /apps/packages/{os}/{app}/{sha256}" => Private(IfThere(200)),

            // Photos. A grant opens for the friend whom it is for, as long as he is one; of a photo that was deleted it shows nothing.
            "GET /v1/photos" or "GET /v1/photo-folders" or "GET /v1/photo-grants" or "GET /v1/granted-photos" or "GET /v1/granted-photos/events" => Private(200),
            "POST /v1/device-photos" => Private(200),
            "GET /v1/photo-evictions" => Private(400), // it was not said how many bytes
            "POST /v1/photo-folders" => Private(201),
            "POST /v1/photo-grants" => If(actor == Actor.Owner, 201),
            "GET /v1/photos/{id}" or "PATCH /v1/photos/{id}" or "GET /v1/photos/{id}/content" or "GET /v1/photo-folders/{id}" or "GET /v1/photo-folders/{id}/events" or "PATCH /v1/photo-folders/{id}" => IfKept(200),
            "DELETE /v1/photos/{id}" or "DELETE /v1/photo-folders/{id}" => IfKept(204),
            "PUT /v1/photo-grants/{id}/end" => IfMade(200),
            "DELETE /v1/photo-grants/{id}" => IfMade(204),
            "GET /v1/granted-photos/{id}" or "GET /v1/granted-photos/{id}/archive" or "HEAD /v1/granted-photos/{id}/archive" => If(actor == Actor.Friend && subject is Subject.Granted or Subject.Deleted, 200),
            "GET /v1/granted-photos/{id}/{photo}" or "HEAD /v1/granted-photos/{id}/{photo}" => If(actor == Actor.Friend && subject == Subject.Granted, 200),

            "GET /photos" => Private(200),
            "GET /photos/{id}" => IfKept(200),
            "POST /photos/share" => Private(actor == Actor.Owner ? 303 : 404),
            "POST /photos/delete" or "POST /photos/folder" => IfKept(303),
            "POST /photos/revoke" or "POST /photos/extend" => IfMade(303),
            "GET /g/{id}" or "GET /g/{id}/all.zip" or "HEAD /g/{id}/all.zip" => If(actor == Actor.Friend && subject is Subject.Granted or Subject.Deleted, 200),
            "GET /g/{id}/{photo}" or "HEAD /g/{id}/{photo}" => If(actor == Actor.Friend && subject == Subject.Granted, 200),
            "POST /g/{id}" => 303, // whoever it is, and whether there is such a grant or not

            // Messages: the receiver's in his inbox, the sender's among what he sent; the bytes are both's. The catalogue is for all who have signed in, handlers are for everybody.
            "GET /v1/inbox" or "GET /v1/inbox/events" or "GET /v1/messages" or "GET /v1/catalog" or "GET /v1/taste" or "PATCH /v1/taste" or "POST /v1/taste/notes" => Private(200),
            "POST /v1/inbox/acknowledgements" or "DELETE /v1/taste" => Private(204),
            "POST /v1/messages" => If(actor is Actor.Owner or Actor.Friend, 201), // it forwards what he sent to his friend
            "GET /v1/messages/{id}" => If(actor == Actor.Owner && subject is Subject.Granted or Subject.Private, 200),
            "GET /v1/inbox/{id}" or "GET /inbox/{id}" or "GET /inbox/{id}/file" or "HEAD /inbox/{id}/file" => IfArrived(200),
            "GET /inbox/{id}/view" or "HEAD /inbox/{id}/view" => IfArrived(415), // three bytes that are nothing
            "GET /inbox" or "GET /catalog" => Private(200),
            "POST /inbox/send" => Private(303),
            "POST /inbox/{id}/forward" => If((actor is Actor.Friend && subject == Subject.Granted) || (actor == Actor.Owner && subject is Subject.Private or Subject.Granted), 303),
            "POST /catalog/request" => If(subject == Subject.Existing, 303),
            "GET /v1/inbox/{id}/content" or "HEAD /v1/inbox/{id}/content" => If((actor is Actor.Friend && subject == Subject.Granted) || (actor == Actor.Owner && subject is Subject.Private or Subject.Granted), 200),
            "GET /v1/catalog/{id}" => If(subject == Subject.Existing, 200),
            "POST /v1/catalog/{id}/requests" => If(subject == Subject.Existing, 201),
            "GET /v1/bearers" => Private(200),
            "PUT /v1/bearers/{bearer}" => Private(subject == Subject.Existing ? 200 : 400),
            "DELETE /v1/bearers/{bearer}" => Private(404), // none was bound
            "POST /v1/bearers/{bearer}/inbound" => actor == Actor.Host ? 204 : Private(403),
            "GET /v1/handlers" => 200,
            "GET /v1/handlers/{id}" or "HEAD /v1/handlers/{id}" => subject == Subject.Existing ? 200 : Private(404),

            // Uploads: everybody's own alone. What the server can do is said to everybody.
            "POST /v1/uploads/{purpose}" => Private(201),
            "HEAD /v1/uploads/{purpose}/{id}" => IfHeld(200),
            "PATCH /v1/uploads/{purpose}/{id}" or "DELETE /v1/uploads/{purpose}/{id}" => IfHeld(204),
            "OPTIONS /v1/uploads/{purpose}" or "OPTIONS /v1/uploads/{purpose}/{id}" => 204,

            // Whatever else is below /v1.
            "* /v1/{**path}" or "* /d/{id}" or "* /v1/uploads/{purpose}" or "* /v1/uploads/{purpose}/{id}" => Private(404),

            // Pages. A form is answered by sending the browser on.
            "GET /" => 200,
            "GET /me" or "GET /people" or "GET /apps" or "GET /me/data" or "GET /me/data/export" => Private(200),
            "POST /me/data/erase" => Private(400), // the box is not ticked
            "GET /apps/of/{person}" => IfSeen(200),
            "GET /apps/{app}" => Private(200),
            "POST /apps/device" => Private(subject == Subject.Existing ? 303 : 400),
            "GET /posts/{id}" => IfSeen(200),
            "POST /posts/{id}/comments" or "POST /posts/{id}/reshare" => Private(IfSeen(303)),
            "POST /me/withdraw" => If(mine, 303),
            "POST /me/retry" => If(subject != Subject.Malformed, 303),
            "POST /me/connect" => Private(subject == Subject.Existing ? 303 : 400),
            "POST /me/disconnect" => Private(303),
            "POST /people/change" => Private(subject == Subject.Malformed ? 400 : 303),

            // Open to all: nothing of anybody's is there. The forms for signing in and out are sent without their antiforgery tokens.
            "GET /_sharing/{name}" or "GET /openapi/{documentName}.json" => IfThere(200),
            "* /health/live" or "* /health/ready" or "GET /sign-in" => 200,
            "POST /sign-in" => 400,
            "POST /sign-out" => 302,
            _ => null,
        };
    }
}
