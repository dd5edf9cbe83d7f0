using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Speaks to shared-data servers: the one that has the user's own space, as him; every other that a link names, as nobody, and by the rules for strangers' addresses. Thread-safe singleton.</summary>
/// <param name="clients">Makes the guarded clients.</param>
/// <param name="time">Times rests.</param>
/// <param name="home">Where the user's space is; <c>null</c>: he has none.</param>
public sealed class ShareServers(IHttpClientFactory clients, TimeProvider time, ShareHome? home = null)
{
    /// <summary>Where the user's own space is; <c>null</c>: nowhere.</summary>
    public ShareHome? Home => home;

    /// <summary>The shares of a server.</summary>
    public IShares SharesAt(Uri server) => new HttpShares(At(server));

    /// <summary>Deliveries by a server.</summary>
    public IDeliveries DeliveriesAt(Uri server) => new HttpDeliveries(At(server));

    /// <summary>The index of a share's terminals that a server keeps; <see cref="SwarmIndexes"/> says which server that is.</summary>
    public IChunkIndex IndexAt(Uri server) => new HttpChunkIndex(At(server));

    /// <summary>The client that a server's bytes are fetched by.</summary>
    public HttpClient ClientOf(Uri server) => IsHome(server) ? clients.CreateClient(GuardedClient.Services) : clients.CreateClient(GuardedClient.Name);

    /// <summary>Uploads into somebody's own space.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.RoleNotHere"/>: this terminal has no space.</exception>
    public UploadClient UploadsOf(PersonId person) => home is { } own
        ? new(clients.CreateClient(GuardedClient.Services), time, token => own.TokenOf(person, token))
        : throw new SharingException(ProblemCodes.RoleNotHere, "This terminal has no space on a shared-data server.");

    bool IsHome(Uri server) => home is { } own && server == own.Server;

    ServerConnection At(Uri server) => new(
        ClientOf(server), server, (person, token) => home is { } own && IsHome(server) ? own.TokenOf(person, token) : ValueTask.FromResult<string?>(null));
}
