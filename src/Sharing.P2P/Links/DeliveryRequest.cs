namespace Sharing.P2P;

/// <summary>Who asks the sharer's terminal for a share, and where it is to be delivered.</summary>
public sealed record DeliveryRequest
{
    /// <summary>Who asks, as he says himself: believed only of a terminal that he registered; <c>null</c>: nobody who signed in.</summary>
    public PersonId? Requester { get; init; }

    /// <summary>His terminal: the hash of its certificate.</summary>
    public required string Device { get; init; }

    /// <summary>Where it is, at most eight: "10.0.0.7:7400".</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>A number of the terminal's own, 32 lower-case hex digits: it takes what brings it back, and nothing else.</summary>
    public required string Nonce { get; init; }

    /// <summary>Whether it can be one.</summary>
    internal bool IsWellFormed => ShareLink.IsDevice(Device) && Addresses.Count is > 0 and <= 8 && Addresses.All(ShareLink.IsAddress)
        && Nonce.Length == 32 && !Nonce.AsSpan().ContainsAnyExcept("0123456789abcdef");
}
