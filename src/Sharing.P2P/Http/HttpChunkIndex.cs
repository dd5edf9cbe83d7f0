using Sharing.Core;

namespace Sharing.P2P;

/// <summary>An index on another host: the shared-data server, or an index server of its own. Thread-safe.</summary>
public sealed class HttpChunkIndex(ServerConnection server) : IChunkIndex
{
    /// <inheritdoc/>
    public async ValueTask<SwarmView> AnnounceAsync(ContentId content, SwarmMember member, string ticket, CancellationToken cancellationToken = default) =>
        await server.SendAsync(
            null, HttpMethod.Put, PathOf(content, member.Device), new SwarmAnnouncement(member, ticket), P2PJson.Default.SwarmAnnouncement, P2PJson.Default.SwarmView, null, cancellationToken)
            ?? throw new SharingException(ProblemCodes.NotFound, "The ticket does not open that.");

    /// <inheritdoc/>
    public async ValueTask LeaveAsync(ContentId content, string device, string ticket, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Delete, new Uri(server.Server, PathOf(content, device)));
        request.Headers.TryAddWithoutValidation("Share-Ticket", ticket);
        using var response = await server.SendAsync(null, request, cancellationToken);
    }

    static string PathOf(ContentId content, string device) => $"v1/swarms/{content}/{device}";
}
