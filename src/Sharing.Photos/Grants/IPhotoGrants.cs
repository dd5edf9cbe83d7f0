namespace Sharing.Photos;

/// <summary>Who may see which photos of a person's: his own side (row F8). Thread-safe. What is not the actor's is <c>null</c> or <c>false</c>, like what is not there.</summary>
public interface IPhotoGrants
{
    /// <summary>Shows photos, or a folder, to friends: a grant for each of them, which he alone can open.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NotFound"/>: a photo or the folder is not the actor's; <see cref="ProblemCodes.NotAllowed"/>: somebody is not his friend;
    /// <see cref="ProblemCodes.InvalidInput"/>: nothing or too much is named.</exception>
    Task<IReadOnlyList<Grant>> GrantAsync(PersonId actor, GrantRequest request, CancellationToken cancellationToken = default);

    /// <summary>The actor's grants, the newest first.</summary>
    IAsyncEnumerable<Grant> ListAsync(PersonId actor, CancellationToken cancellationToken = default);

    /// <summary>Sets when a grant closes; <c>null</c>: with the photos.</summary>
    Task<Grant?> ExtendAsync(PersonId actor, GrantId id, DateTimeOffset? expires, CancellationToken cancellationToken = default);

    /// <summary>Closes a grant: whoever asks from then on is refused, and what is being sent is broken off. What the friend has he keeps.</summary>
    Task<bool> RevokeAsync(PersonId actor, GrantId id, CancellationToken cancellationToken = default);
}
