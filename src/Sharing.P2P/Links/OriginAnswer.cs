using Sharing.Core;

namespace Sharing.P2P;

/// <summary>How the sharer's own terminal answers who follows a link to it: by one of these.</summary>
public sealed record OriginAnswer
{
    /// <summary>The server has all of it: go there.</summary>
    public Uri? Elsewhere { get; init; }

    /// <summary>The server brings it to the requester's terminal.</summary>
    public bool IsForwarded { get; init; }

    /// <summary>What a terminal needs to fetch it from wherever it is.</summary>
    public ShareManifest? Manifest { get; init; }

    /// <summary>The file itself, whoever gets this disposes of it; under <see cref="Name"/>.</summary>
    public HeldContent? Content { get; init; }

    /// <summary>The file's name.</summary>
    public string? Name { get; init; }
}
