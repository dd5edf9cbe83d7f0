using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>Opens resources of some kinds (row M6): turns their bytes into something that can be shown. Thread-safe singleton.</summary>
public interface IResourceHandler
{
    /// <summary>Its name, e.g. "org.example.player".</summary>
    string Id { get; }

    /// <summary>The kinds that it opens.</summary>
    IReadOnlyList<HandledKind> Kinds { get; }

    /// <summary>Opens a resource.</summary>
    /// <param name="resource">What; its content is the caller's, and is not disposed.</param>
    /// <param name="output">Takes what is to be shown.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What the output is.</returns>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: it cannot be opened; the message says why.</exception>
    Task<OpenedResource> OpenAsync(ResourceToOpen resource, Stream output, CancellationToken cancellationToken = default);
}
