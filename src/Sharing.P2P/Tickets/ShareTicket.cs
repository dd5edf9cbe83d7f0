namespace Sharing.P2P;

/// <summary>Says, signed by the shared-data server, who may fetch what until when. Terminals check it without asking the server, which may be off.</summary>
public sealed record ShareTicket
{
    /// <summary>The share.</summary>
    public required ShareId Share { get; init; }

    /// <summary>What may be fetched.</summary>
    public required ContentId Content { get; init; }

    /// <summary>How long it is, in bytes: signed together with the id, because a hash does not say it.</summary>
    public required long Length { get; init; }

    /// <summary>The terminal that may announce itself with it: the hash of its certificate. <c>null</c>: a client that only fetches.</summary>
    public string? Device { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset Expires { get; init; }
}
