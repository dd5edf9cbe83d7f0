namespace Sharing.Messaging;

/// <summary>The handlers that are here. Thread-safe singleton.</summary>
/// <remarks>A kind with its own first bytes goes before a media type, and an exact media type before a whole family; of equals the last that was registered, so that an application goes before what is built in.</remarks>
public sealed class ResourceHandlers(IEnumerable<IResourceHandler> handlers)
{
    readonly IResourceHandler[] _handlers = [.. handlers];

    /// <summary>The handler for a resource; <c>null</c>: there is none here.</summary>
    /// <param name="type">What it is, by its bytes.</param>
    /// <param name="beginning">Its first bytes.</param>
    public IResourceHandler? Find(ResourceType type, ReadOnlySpan<byte> beginning)
    {
        var (best, most) = ((IResourceHandler?)null, 0);
        foreach (var handler in _handlers)
        {
            foreach (var kind in handler.Kinds)
            {
                var fit = Fit(kind, type, beginning);
                (best, most) = fit > 0 && fit >= most ? (handler, fit) : (best, most);
            }
        }

        return best;
    }

    /// <summary>How well a kind fits: 0 not at all.</summary>
    internal static int Fit(HandledKind kind, ResourceType type, ReadOnlySpan<byte> beginning)
    {
        if (kind.Magic is { } magic)
        {
            // Bytes that show something else than this kind are not opened as it, even where they begin alike.
            return beginning.StartsWith(Convert.FromHexString(magic)) && (type.MediaType == ResourceType.Unknown || IsOf(kind.MediaType, type.MediaType) || kind.MediaType == type.Said) ? 4 : 0;
        }

        return type.MediaType == ResourceType.Unknown ? 0 // what a stranger says it is is not enough
            : kind.MediaType == type.Best ? 3
            : kind.MediaType == type.MediaType ? 2
            : IsOf(kind.MediaType, type.MediaType) ? 1 : 0;
    }

    static bool IsOf(string family, string type) => family == type || (family.EndsWith("/*", StringComparison.Ordinal) && type.StartsWith(family[..^1], StringComparison.Ordinal));
}
