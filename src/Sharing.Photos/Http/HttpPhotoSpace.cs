using Sharing.Core;

namespace Sharing.Photos;

/// <summary>The room that a person's uploads have at a server. Thread-safe.</summary>
public sealed class HttpPhotoSpace(ServerConnection server) : IPhotoSpace
{
    /// <inheritdoc/>
    public async Task<EvictionPlan> PlanAsync(PersonId actor, long bytes, CancellationToken cancellationToken = default) =>
        await server.GetAsync(actor, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"v1/photo-evictions?bytes={bytes}"), PhotosJson.Default.EvictionPlan, cancellationToken) ?? throw NoPhotos();

    internal static HttpRequestException NoPhotos() => new("The server keeps no photos.");
}
