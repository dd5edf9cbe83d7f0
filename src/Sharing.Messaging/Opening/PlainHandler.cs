using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>Hands on what whoever shows it can show himself: text, pictures, sound and video. Thread-safe.</summary>
public sealed class PlainHandler : IResourceHandler
{
    /// <inheritdoc/>
    public string Id => "sharing.plain";

    /// <inheritdoc/>
    public IReadOnlyList<HandledKind> Kinds { get; } =
    [
        .. new[] { "text/plain", "text/markdown", "text/csv", "application/json", "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "audio/*", "video/*" }.Select(static type => new HandledKind { MediaType = type }),
    ];

    /// <inheritdoc/>
    public async Task<OpenedResource> OpenAsync(ResourceToOpen resource, Stream output, CancellationToken cancellationToken = default)
    {
        await new ContentStream(resource.Content, ContentArea.Data, 0).CopyToAsync(output, cancellationToken); // not disposed: the reader is the caller's
        return new(Id, resource.Type.MediaType.StartsWith("text/", StringComparison.Ordinal) ? "text/plain; charset=utf-8" : resource.Type.MediaType);
    }
}
