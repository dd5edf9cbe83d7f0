using System.Text.Json.Serialization;

namespace Sharing.Core;

/// <summary>A problem (RFC 9457).</summary>
/// <param name="Type"><c>urn:sharing:problem:</c> and the code.</param>
/// <param name="Title">The problem in a few words, the same for every occurrence.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened here.</param>
public sealed record ProblemBody(string? Type, string? Title, int Status, string? Detail)
{
    /// <summary>What every type begins with.</summary>
    public const string TypePrefix = "urn:sharing:problem:";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProblemBody))]
sealed partial class FetchingJson : JsonSerializerContext;
