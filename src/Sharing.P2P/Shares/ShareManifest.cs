namespace Sharing.P2P;

/// <summary>What a terminal has to know to fetch a share, and to pass it on.</summary>
public sealed record ShareManifest
{
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

    /// <summary>The ticket of whoever asked.</summary>
    public required string Ticket { get; init; }

    /// <summary>The key by which tickets of this share are checked: a SubjectPublicKeyInfo.</summary>
    public required byte[] TicketKey { get; init; }

    /// <summary>The index servers that know which terminals have it; none: the share's own server does.</summary>
    public IReadOnlyList<Uri> Indexes { get; init; } = [];

    /// <summary>Whether the terminals keep the index among themselves; <see cref="Indexes"/>, or the share's server, are only asked where nobody is known yet.</summary>
    public bool IsSpread { get; init; }

    /// <summary>Terminals from which a spread index starts.</summary>
    public IReadOnlyList<SwarmMember> Start { get; init; } = [];
}
