using System.Globalization;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>A server's catalogue. Thread-safe.</summary>
public sealed class HttpCatalog(ServerConnection server) : ICatalog
{
    /// <inheritdoc/>
    public async Task<CatalogPage> ListAsync(PersonId actor, CatalogQuery query, CancellationToken cancellationToken = default)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"v1/catalog?count={query.Count}") + Part("kind", query.Kind) + Part("search", query.Search) + Part("cursor", query.Cursor);
        return await server.GetAsync(actor, path, MessagingJson.Default.CatalogPage, cancellationToken) ?? throw new SharingException(ProblemCodes.RoleNotHere, "That server has no catalogue.");
    }

    /// <inheritdoc/>
    public Task<CatalogItem?> FindAsync(PersonId actor, CatalogItemId id, CancellationToken cancellationToken = default) =>
        server.GetAsync(actor, $"v1/catalog/{id}", MessagingJson.Default.CatalogItem, cancellationToken);

    /// <inheritdoc/>
    public Task<Message?> RequestAsync(PersonId actor, CatalogItemId id, CancellationToken cancellationToken = default) =>
        server.GetOrMakeAsync(actor, HttpMethod.Post, $"v1/catalog/{id}/requests", MessagingJson.Default.Message, cancellationToken);

    static string Part(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
