namespace Sharing.P2P;

/// <summary>Knows which terminals have which chunks of a content (row D3). Soft state: what is not announced again is forgotten, so that it may be lost at any time.</summary>
/// <remarks>Thread-safe. An index decides nothing: what it says is a hint, and every byte is proven by whoever fetches it. A fault is an exception and changes nothing
/// that matters: announce again, within half of <see cref="SwarmView.AnnounceWithin"/>.</remarks>
public interface IChunkIndex
{
    /// <summary>Says what a terminal has now, and asks who else is there.</summary>
    /// <param name="content">Of which content.</param>
    /// <param name="member">The terminal; what it said before is replaced, unless that was newer (session, then version).</param>
    /// <param name="ticket">The ticket that its device was given for the content.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NotFound"/>: the ticket does not open that content, or is another device's;
    /// <see cref="ProblemCodes.InvalidInput"/>: the member is none that can be.</exception>
    ValueTask<SwarmView> AnnounceAsync(ContentId content, SwarmMember member, string ticket, CancellationToken cancellationToken = default);

    /// <summary>A terminal goes. A ticket that is not that device's for that content takes nothing back.</summary>
    ValueTask LeaveAsync(ContentId content, string device, string ticket, CancellationToken cancellationToken = default);
}
