using System.Net;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>The advice of a server elsewhere. It sees itself where it is asked from. Thread-safe.</summary>
public sealed class HttpAdvice(ServerConnection server) : ISwarmAdvice
{
    /// <inheritdoc/>
    public async ValueTask<SwarmAdvice> AdviseAsync(ContentId content, string ticket, IPAddress? seenAt = null, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Server, $"v1/swarms/{content}/advice"));
        request.Headers.TryAddWithoutValidation("Share-Ticket", ticket);
        return await server.AskAsync(null, request, P2PJson.Default.SwarmAdvice, cancellationToken) ?? throw new SharingException(ProblemCodes.NotFound, "The ticket does not open that.");
    }
}
