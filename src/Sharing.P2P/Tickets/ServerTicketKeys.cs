namespace Sharing.P2P;

/// <summary>On the server: its own key. Thread-safe singleton.</summary>
public sealed class ServerTicketKeys(TicketSigner signer, TimeProvider time) : ITicketKeys
{
    /// <inheritdoc/>
    public async ValueTask<ShareTicket?> CheckAsync(string ticket, ContentId content, CancellationToken cancellationToken = default) =>
        Tickets.Read(ticket, await signer.PublicKeyAsync(cancellationToken), time.GetUtcNow()) is { } open && open.Content == content ? open : null;
}
