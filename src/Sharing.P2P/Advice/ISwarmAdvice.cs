using System.Net;

namespace Sharing.P2P;

/// <summary>Says what bytes of a content cost now (row D5): the server that knows the index, or a client that asks it.</summary>
/// <remarks>Thread-safe. Nothing hangs on it: without advice a terminal goes by what it measures.</remarks>
public interface ISwarmAdvice
{
    /// <summary>Asks for advice.</summary>
    /// <param name="content">Of which content.</param>
    /// <param name="ticket">The ticket that the asking device was given for it.</param>
    /// <param name="seenAt">Where the asker is seen; <c>null</c>: not known, or somebody else sees it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NotFound"/>: the ticket does not open that content.</exception>
    ValueTask<SwarmAdvice> AdviseAsync(ContentId content, string ticket, IPAddress? seenAt = null, CancellationToken cancellationToken = default);
}
