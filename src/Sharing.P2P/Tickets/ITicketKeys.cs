namespace Sharing.P2P;

/// <summary>Knows by which key the tickets of a content are checked.</summary>
/// <remarks>Thread-safe. A ticket that does not open the content is <c>null</c>.</remarks>
public interface ITicketKeys
{
    /// <summary>Reads a ticket and checks that it opens a content now.</summary>
    ValueTask<ShareTicket?> CheckAsync(string ticket, ContentId content, CancellationToken cancellationToken = default);
}
