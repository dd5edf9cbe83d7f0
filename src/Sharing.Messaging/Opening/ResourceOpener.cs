using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>Opens what a message brings: finds out what it is, calls the handler, and fetches that first where it is missing (rows M6, M7). Thread-safe.</summary>
/// <param name="handlers">The handlers that the terminal came with.</param>
/// <param name="installed">Those that were fetched.</param>
/// <param name="catalog">Those that the server offers.</param>
public sealed class ResourceOpener(ResourceHandlers handlers, HandlerStore installed, IHandlerCatalog catalog)
{
    /// <summary>Opens a resource.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="mediaType">What it is said to be; <c>null</c>: nothing.</param>
    /// <param name="content">Its bytes; not disposed.</param>
    /// <param name="output">Takes what is to be shown. Where the handler fails, drop what came.</param>
    /// <param name="consent">Asked once for each signer of a handler but the server itself; <c>null</c>: no.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SharingException"><see cref="ProblemCodes.UnsupportedMediaType"/>: nobody has a handler for it; <see cref="ProblemCodes.InvalidInput"/>: its handler cannot open it;
    /// <see cref="ProblemCodes.NotConfined"/>: this machine cannot confine programs, and so does not run handlers that were fetched.</exception>
    /// <exception cref="HandlerRefusedException">There is a handler, but it is not to be trusted.</exception>
    public async Task<OpenedResource> OpenAsync(
        string name, string? mediaType, IContentReader content, Stream output, Func<HandlerOffer, ValueTask<bool>>? consent = null, CancellationToken cancellationToken = default)
    {
        var beginning = new byte[(int)Math.Min(ResourceParser.Most, content.Info.Length)];
        await new ContentStream(content, ContentArea.Data, 0).ReadExactlyAsync(beginning, cancellationToken); // not disposed: the reader is the caller's
        var type = ResourceParser.Parse(beginning, content.Info.Length, name, mediaType);
        var handler = handlers.Find(type, beginning) ?? new ResourceHandlers(await installed.ListAsync(cancellationToken)).Find(type, beginning)
            ?? await FetchAsync(type, beginning, consent, cancellationToken)
            ?? throw new SharingException(ProblemCodes.UnsupportedMediaType, $"There is no handler for {type.Best}, here or at the server.");
        return await handler.OpenAsync(new(name, type, content), output, cancellationToken);
    }

    async Task<IResourceHandler?> FetchAsync(ResourceType type, byte[] beginning, Func<HandlerOffer, ValueTask<bool>>? consent, CancellationToken cancellationToken)
    {
        if (await catalog.IndexAsync(cancellationToken) is not { } signed || HandlerStore.Find(await installed.TakeAsync(signed, cancellationToken), type, beginning) is not { } offer)
        {
            return null;
        }

        await using var package = await catalog.OpenAsync(offer.Package, cancellationToken) ?? throw new SharingException(ProblemCodes.NotFound, $"The server does not have {offer.Title} any more, which it offers.");
        return await installed.InstallAsync(offer, package, consent, cancellationToken);
    }
}
