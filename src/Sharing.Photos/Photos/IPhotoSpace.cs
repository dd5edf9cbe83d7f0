namespace Sharing.Photos;

/// <summary>The room that a person's uploads have (row F7). Thread-safe.</summary>
public interface IPhotoSpace
{
    /// <summary>What would go by itself, the oldest first, if so many bytes were to be uploaded now, and who would miss it. Changes nothing.</summary>
    Task<EvictionPlan> PlanAsync(PersonId actor, long bytes, CancellationToken cancellationToken = default);
}
