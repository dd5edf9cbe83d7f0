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

    /// <summary>The server has not seen the bytes: the content id is what the sharer said, who may know nothing but the id. So it opens them only with those who have
    /// them of this very share, and with the server once all of them are there and fit.</summary>
    public bool IsClaim { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset Expires { get; init; }
}
