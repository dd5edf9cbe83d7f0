using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>The handlers that a server offers. Thread-safe.</summary>
public sealed class HttpHandlers(ServerConnection server) : IHandlerCatalog
{
    /// <inheritdoc/>
    public Task<SignedHandlerIndex?> IndexAsync(CancellationToken cancellationToken = default) => server.GetAsync(null, "v1/handlers", MessagingJson.Default.SignedHandlerIndex, cancellationToken);

    /// <inheritdoc/>
    public async Task<IContentReader?> OpenAsync(ContentId package, CancellationToken cancellationToken = default) =>
        await HttpContentReader.OpenAsync(server, null, $"v1/handlers/{package}", null, cancellationToken);
}
