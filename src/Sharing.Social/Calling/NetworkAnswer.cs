using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sharing.Core;

namespace Sharing.Social;

/// <summary>What a network answered.</summary>
/// <param name="Status">The status; 0 where there was no answer.</param>
/// <param name="Body">The body.</param>
/// <param name="Trouble">What it means for a post, where it is trouble of the kind that every network has; <c>null</c>: the network's own rules say it.</param>
sealed record NetworkAnswer(HttpStatusCode Status, byte[] Body, PublishOutcome? Trouble)
{
    public NetworkAnswer(PublishOutcome trouble) : this(0, [], trouble)
    {
    }

    /// <summary>The path and query of the next page, where there is one (RFC 8288, <c>rel="next"</c>); whoever asks for it asks the same server.</summary>
    public string? Next { get; init; }

    public bool IsSuccess => (int)Status is >= 200 and <= 299;

    /// <summary>The body as JSON; <c>null</c> where it is none of that shape.</summary>
    public T? Read<T>(JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(Body, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>What the answer means where it is no success: its trouble, or a refusal with the network's own words.</summary>
    public PublishOutcome Failure(string network) => Trouble ?? PublishOutcome.Refused($"{network} answered {(int)Status}{Said(Body)}");

    /// <summary>The trouble of a question as an exception: nothing was found out.</summary>
    public InvalidOperationException Fault() => new(Trouble?.Reason ?? $"The network answered {(int)Status}{Said(Body)}");

    /// <summary>The network's own words of an error, for people: ": message", or "".</summary>
    public static string Said(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            foreach (var name in (ReadOnlySpan<string>)["message", "error_description", "error"])
            {
                if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String)
                {
                    var shown = ShownText.OneLine(text.GetString()!);
                    return ": " + (shown.Length > 200 ? shown[..200] + "…" : shown);
                }
            }
        }
        catch (JsonException)
        {
            // No JSON: a page of a proxy, nothing for people.
        }

        return "";
    }
}
