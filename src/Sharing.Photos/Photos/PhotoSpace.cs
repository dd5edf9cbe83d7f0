using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>A person's room, from the records. Thread-safe singleton.</summary>
sealed class PhotoSpace(Eviction eviction, GrantBook grants, SpaceLedger space, IOptions<PhotoOptions> options) : IPhotoSpace
{
    /// <inheritdoc/>
    public async Task<EvictionPlan> PlanAsync(PersonId actor, long bytes, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        var missing = await space.MissingAsync(actor, bytes, cancellationToken);
        if (missing <= 0)
        {
            return new(true, []);
        }

        if (!options.Value.Evicts || await eviction.ChooseAsync(actor, missing, cancellationToken) is not { } chosen)
        {
            return new(false, []);
        }

        var gone = new List<EvictedPhoto>();
        foreach (var photo in chosen)
        {
            var id = PhotoId.Parse(photo.Key.Part(0));
            gone.Add(new(id, photo.Value.Name, photo.Value.Content.Length, await grants.SharedWithAsync(id, photo.Value, cancellationToken)));
        }

        return new(true, gone);
    }
}
