using System.Numerics;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>What a terminal has to know to fetch a share, and to pass it on.</summary>
public sealed record ShareManifest
{
    const long MostChunks = 1 << 20;

    /// <summary>The share.</summary>
    public required ShareId Share { get; init; }

    /// <summary>The file's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its media type, where known.</summary>
    public string? MediaType { get; init; }

    /// <summary>What it is.</summary>
    public required ContentId Content { get; init; }

    /// <summary>How long it is, in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>Bytes in a chunk.</summary>
    public required int ChunkSize { get; init; }

    /// <summary>Its upload is under way: the server has not all of it yet, and gives nothing before it has. Terminals may have it.</summary>
    public bool IsUploading { get; init; }

    /// <summary>The ticket of whoever asked.</summary>
    public required string Ticket { get; init; }

    /// <summary>The key by which tickets of this share are checked: a SubjectPublicKeyInfo.</summary>
    public required byte[] TicketKey { get; init; }

    /// <summary>The index servers that know which terminals have it; none: the share's own server does.</summary>
    public IReadOnlyList<Uri> Indexes { get; init => field = value ?? []; } = [];

    /// <summary>Whether the terminals keep the index among themselves; <see cref="Indexes"/>, or the share's server, are only asked where nobody is known yet.</summary>
    public bool IsSpread { get; init; }

    /// <summary>Terminals from which a spread index starts.</summary>
    public IReadOnlyList<SwarmMember> Start { get; init => field = value ?? []; } = [];

    /// <summary>Whether its numbers can be those of a content.</summary>
    internal bool IsSound => Length >= 0 && ChunkSize >= ContentTree.GroupSize && BitOperations.IsPow2(ChunkSize) && Length / ChunkSize <= MostChunks;
}
