using System.Net;

namespace Sharing.P2P;

/// <summary>The index of a share spread over the terminals that have it: each tells a few others each second what it has and what it heard. Thread-safe.</summary>
/// <remarks>
/// Needs no server. It starts from the members that the manifest names, or from those that another index knows, as long as that can be asked; from then on from whoever is known. Converges within
/// 30 seconds (docs/formats/swarms.md). At most 256 terminals of a content are remembered, and 2 KiB a second are said to others.
/// </remarks>
/// <param name="swarms">What this terminal knows.</param>
/// <param name="manifest">The share.</param>
/// <param name="keys">Checks tickets.</param>
/// <param name="start">Another index, which is asked while few are known; <c>null</c>: none.</param>
public sealed class SpreadChunkIndex(SpreadSwarms swarms, ShareManifest manifest, ITicketKeys keys, IChunkIndex? start = null) : IChunkIndex
{
    const int Few = 3;

    IReadOnlyList<SwarmMember> _start = manifest.Start;

    /// <inheritdoc/>
    public async ValueTask<SwarmView> AnnounceAsync(ContentId content, SwarmMember member, string ticket, CancellationToken cancellationToken = default)
    {
        if (content != manifest.Content || await keys.CheckAsync(ticket, content, cancellationToken) is not { } open || open.Device != member.Device)
        {
            if (start is not null)
            {
                return await start.AnnounceAsync(content, member, ticket, cancellationToken); // whoever does not hold it has no part in a spread index
            }

            throw new SharingException(ProblemCodes.NotFound, "The ticket does not open that.");
        }

        if (ChunkSet.Parse(member.Chunks) is not { } chunks || member.Session < 0 || member.Version < 0 || member.Addresses.Count > SwarmMember.MostAddresses
            || !member.Addresses.All(static address => IPEndPoint.TryParse(address, out var at) && at.Port > 0))
        {
            throw new SharingException(ProblemCodes.InvalidInput, "A terminal has up to eight addresses with ports, and chunks are runs like 0-99,120-130 that rise and do not touch.");
        }

        var view = await swarms.AnnounceAsync(manifest, _start, member, chunks, ticket, cancellationToken);
        if (start is not null && view.Members.Count < Few)
        {
            try
            {
                _start = (await start.AnnounceAsync(content, member, ticket, cancellationToken)).Members;
                return await swarms.AnnounceAsync(manifest, _start, member, chunks, ticket, cancellationToken) is { Members.Count: > 0 } more ? more : view with { Members = _start };
            }
            catch (Exception e) when (e is HttpRequestException or SharingException && !cancellationToken.IsCancellationRequested)
            {
                return view; // it is another start, and no more
            }
        }

        return view;
    }

    /// <inheritdoc/>
    public async ValueTask LeaveAsync(ContentId content, string device, string ticket, CancellationToken cancellationToken = default)
    {
        if (content == manifest.Content && await keys.CheckAsync(ticket, content, cancellationToken) is { } open && open.Device == device)
        {
            swarms.Leave(content);
            if (start is not null)
            {
                await start.LeaveAsync(content, device, ticket, cancellationToken);
            }
        }
    }
}
