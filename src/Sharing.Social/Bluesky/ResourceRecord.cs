using System.Globalization;
using System.Text.Json.Nodes;

namespace Sharing.Social;

/// <summary>A record type of ours: what a post leads to, for machines (docs/formats/resource-record.md). It has the key of its post.</summary>
static class ResourceRecord
{
    public const string Type = "org.sharing-sdk.resource";

    public static JsonObject Of(Post post, string did, string key)
    {
        var record = new JsonObject
        {
            ["$type"] = Type,
            ["key"] = post.Key,
            ["revision"] = post.Revision,
            ["post"] = $"at://{did}/app.bsky.feed.post/{key}",
            ["name"] = post.Resource.Name,
            ["addresses"] = new JsonArray(post.Link.ToString(), post.Resource.Address.ToString()),
            ["createdAt"] = BlueskyRecords.Time(post.At),
        };
        if (post.Resource.Length is { } length)
        {
            record["size"] = length;
        }

        if (post.Resource.MediaType is { } type)
        {
            record["mediaType"] = type;
        }

        if (post.Resource.ContentId is { } content)
        {
            record["blake3"] = content.ToString("", CultureInfo.InvariantCulture);
        }

        return record;
    }

    /// <summary>Whose record it is, and of which revision, as <c>getRecord</c> answers.</summary>
    public static (string? Key, int Revision) Read(JsonObject? answer) =>
        answer?["value"] is JsonObject value ? (Xrpc.Text(value["key"]), value["revision"] is JsonValue number && number.TryGetValue<int>(out var revision) ? revision : 0) : (null, 0);
}
