namespace Sharing.Offline;

/// <summary>Where there is no download server, nothing is kept: the links of posts pass the origin's bytes through.</summary>
sealed class NoLibrary : IOfflineStore
{
    public Task<OfflineItem> KeepAsync(PersonId actor, Resource resource, CancellationToken cancellationToken = default) =>
        throw new SharingException(ProblemCodes.RoleNotHere, "This server keeps no offline library.");

    public Task<OfflineItem?> FindAsync(PersonId actor, ResourceId id, CancellationToken cancellationToken = default) => Task.FromResult<OfflineItem?>(null);

    public Task<IContentReader?> OpenAsync(PersonId actor, ResourceId id, CancellationToken cancellationToken = default) =>
        Task.FromResult<IContentReader?>(null);

    public Task<bool> RemoveAsync(PersonId actor, ResourceId id, CancellationToken cancellationToken = default) => Task.FromResult(false);

    public IAsyncEnumerable<OfflineItem> ListAsync(PersonId actor, CancellationToken cancellationToken = default) => AsyncEnumerable.Empty<OfflineItem>();
}
