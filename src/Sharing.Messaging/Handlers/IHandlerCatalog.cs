namespace Sharing.Messaging;

/// <summary>The handlers that a server offers to everybody. Thread-safe singleton.</summary>
public interface IHandlerCatalog
{
    /// <summary>All of them, signed by the server; <c>null</c>: it offers none.</summary>
    Task<SignedHandlerIndex?> IndexAsync(CancellationToken cancellationToken = default);

    /// <summary>The bytes of a package that it offers; <c>null</c>: it does not.</summary>
    Task<IContentReader?> OpenAsync(ContentId package, CancellationToken cancellationToken = default);
}
