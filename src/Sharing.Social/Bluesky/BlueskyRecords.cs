using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Sharing.Core;

namespace Sharing.Social;

/// <summary>Makes the records that people see. Thread-safe.</summary>
sealed class BlueskyRecords(Xrpc xrpc, IPostPictures? pictures)
{
    const int MostMentions = 5, BlobPoints = 0;

    /// <summary>The record of a post: its text with links, tags and mentions marked, and a card that leads to the resource.</summary>
    public async Task<(JsonObject? Record, PublishOutcome? Trouble)> PostAsync(Post post, Account account, CancellationToken cancellationToken)
    {
        var card = new JsonObject { ["uri"] = post.Link.ToString(), ["title"] = post.Resource.Name, ["description"] = Describe(post.Resource) };
        if (pictures is not null && await pictures.FindAsync(post, cancellationToken) is { Bytes.Length: <= PostPicture.MostBytes } picture)
        {
            var (answer, _) = await xrpc.CallAsync(account, "com.atproto.repo.uploadBlob", _ => Content(picture), BlobPoints, cancellationToken);
            if (answer.Trouble is { } trouble)
            {
                return (null, trouble is { MayBeThere: true } ? PublishOutcome.Wait(null, trouble.Reason) : trouble); // the post itself was not sent
            }

            if (answer.IsSuccess && Xrpc.Object(answer)?["blob"] is { } blob)
            {
                card["thumb"] = blob.DeepClone();
            }
        }

        var record = await TextAsync(post.Text, post.At, account, cancellationToken);
        record["embed"] = new JsonObject { ["$type"] = "app.bsky.embed.external", ["external"] = card };
        return (record, null);
    }

    /// <summary>The record of a comment.</summary>
    public async Task<JsonObject> ReplyAsync(string text, JsonObject parent, JsonNode root, Account account, CancellationToken cancellationToken)
    {
        var record = await TextAsync(text, xrpc.Time.GetUtcNow(), account, cancellationToken);
        record["reply"] = new JsonObject { ["parent"] = parent, ["root"] = root };
        return record;
    }

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    async Task<JsonObject> TextAsync(string text, DateTimeOffset at, Account account, CancellationToken cancellationToken)
    {
        var facets = new JsonArray();
        var mentions = 0;
        foreach (var found in Facets.In(text))
        {
            var feature = found.Kind switch
            {
                Facets.Kind.Link => new JsonObject { ["$type"] = "app.bsky.richtext.facet#link", ["uri"] = found.Value },
                Facets.Kind.Tag => new JsonObject { ["$type"] = "app.bsky.richtext.facet#tag", ["tag"] = found.Value },
                _ => mentions++ < MostMentions && await ResolveAsync(found.Value, account, cancellationToken) is { } did ? new JsonObject { ["$type"] = "app.bsky.richtext.facet#mention", ["did"] = did } : null,
            };
            if (feature is not null)
            {
                facets.Add((JsonNode)new JsonObject { ["index"] = new JsonObject { ["byteStart"] = found.Start, ["byteEnd"] = found.End }, ["features"] = new JsonArray((JsonNode)feature) });
            }
        }

        var record = new JsonObject { ["$type"] = "app.bsky.feed.post", ["text"] = text, ["createdAt"] = Time(at) };
        if (facets.Count > 0)
        {
            record["facets"] = facets;
        }

        return record;
    }

    /// <summary>Who is meant; a mention of nobody stays text.</summary>
    async Task<string?> ResolveAsync(string handle, Account account, CancellationToken cancellationToken)
    {
        var (answer, _) = await xrpc.CallAsync(account, "com.atproto.identity.resolveHandle?handle=" + Uri.EscapeDataString(handle), null, 0, cancellationToken);
        return answer.IsSuccess ? Xrpc.Text(Xrpc.Object(answer)?["did"]) : null;
    }

    static string Describe(Resource resource)
    {
        var size = resource.Length is { } length ? FileSize(length) : null;
        return string.Join(", ", new[] { size, resource.MediaType, resource.Address.Host }.Where(static part => part is not null));
    }

    static string FileSize(long bytes)
    {
        ReadOnlySpan<string> units = ["bytes", "KB", "MB", "GB", "TB"];
        var (size, unit) = ((double)bytes, 0);
        for (; size >= 1000 && unit < units.Length - 1; unit++)
        {
            size /= 1000;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{size:0.#} {units[unit]}");
    }

    static ReadOnlyMemoryContent Content(PostPicture picture)
    {
        var content = new ReadOnlyMemoryContent(picture.Bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(picture.MediaType);
        return content;
    }
}
