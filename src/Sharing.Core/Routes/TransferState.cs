using System.Text.Json.Serialization;

namespace Sharing.Core;

/// <summary>What of a transfer is durable besides its bytes.</summary>
/// <remarks>The rules by which a crash at any point leaves no spliced file are in <see cref="PartialGroups"/>.</remarks>
sealed record TransferState
{
    /// <summary>The origin's version that the bytes belong to; <c>null</c>: none that could be asked for again.</summary>
    public string? Validator { get; init; }

    public long? Length { get; init; }

    /// <summary>The content that the bytes are proven to belong to.</summary>
    public ContentId? Target { get; init; }

    /// <summary>Whether the groups area holds the target's group hashes, durably.</summary>
    public bool Proofs { get; init; }

    /// <summary>The groups that are durable, as runs: "0-99,120-130".</summary>
    public string Done { get; init => field = value ?? ""; } = "";

    /// <summary>The content, once it is about to be published.</summary>
    public ContentInfo? Published { get; init; }

    public string? MediaType { get; init; }

    public string? Name { get; init; }

    public static RecordKey KeyOf(string transfer) => RecordKey.Of("transfer", transfer);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TransferState))]
sealed partial class RoutesJson : JsonSerializerContext;
