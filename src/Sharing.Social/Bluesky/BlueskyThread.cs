using System.Globalization;
using System.Text.Json.Nodes;
using Sharing.Core;

namespace Sharing.Social;

/// <summary>Reads what an app view says of a post's responses (app.bsky.feed.getPostThread, getRepostedBy, getLikes).</summary>
static class BlueskyThread
{
    public static IReadOnlyList<PostResponse> Read(JsonObject? thread, JsonObject? reposts, JsonObject? likes, Uri app, int count)
    {
        List<PostResponse> comments = [];
        Walk(thread?["thread"]?["replies"], comments, app);
        return
        [
            .. comments.OrderBy(static one => one.At).Take(count),
            .. Actors(reposts?["repostedBy"], static one => one, PostResponseKind.Reshare, app),
            .. Actors(likes?["likes"], static one => one?["actor"], PostResponseKind.Like, app),
        ];
    }

    static void Walk(JsonNode? replies, List<PostResponse> into, Uri app)
    {
        foreach (var reply in replies as JsonArray ?? [])
        {
            if (reply?["post"] is JsonObject post && Xrpc.Text(post["uri"]) is { } uri)
            {
                var author = Name(post["author"]);
                into.Add(new()
                {
                    Kind = PostResponseKind.Comment, Id = uri, Author = author, Text = HtmlText.Shown(Xrpc.Text(post["record"]?["text"]) ?? ""), At = Time(post["record"]?["createdAt"]),
                    Address = new Uri(app, $"profile/{author}/post/{Uri.EscapeDataString(uri[(uri.LastIndexOf('/') + 1)..])}"),
                });
            }

            Walk(reply?["replies"], into, app);
        }
    }

    static IEnumerable<PostResponse> Actors(JsonNode? list, Func<JsonNode?, JsonNode?> actor, PostResponseKind kind, Uri app) => (list as JsonArray ?? []).Select(one =>
    {
        var (who, name) = (actor(one), Name(actor(one)));
        return new PostResponse { Kind = kind, Id = Xrpc.Text(who?["did"]) ?? name, Author = name, At = Time(one?["createdAt"]), Address = new Uri(app, "profile/" + name) };
    });

    internal static string Name(JsonNode? author) => Uri.EscapeDataString(ShownText.OneLine(Xrpc.Text(author?["handle"]) ?? Xrpc.Text(author?["did"]) ?? "?"));

    static DateTimeOffset? Time(JsonNode? node) =>
        DateTimeOffset.TryParse(Xrpc.Text(node), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
}
