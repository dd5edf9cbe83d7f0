using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Signs tickets with the server's key, which is made when the first is asked for. Thread-safe singleton.</summary>
/// <remarks>Record: <c>ticket-key</c>.</remarks>
public sealed class TicketSigner(IRecordStore records) : IDisposable
{
    readonly SigningKey _key = new(records, "ticket-key");

    /// <summary>The public half: a SubjectPublicKeyInfo.</summary>
    public ValueTask<byte[]> PublicKeyAsync(CancellationToken cancellationToken = default) => _key.PublicKeyAsync(cancellationToken);

    /// <summary>A ticket as it goes over the wire.</summary>
    public ValueTask<string> SignAsync(ShareTicket ticket, CancellationToken cancellationToken = default) => Tickets.WriteAsync(ticket, _key, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
