namespace Sharing.Photos;

/// <summary>How somebody who is known by his mail address alone shows that it is his (row F11): a code that is mailed to it, and is good once. Thread-safe.</summary>
public interface IEntryCodes
{
    /// <summary>Has a code mailed to the address that a grant is for. Nothing is told of whether there is one: who asks learns it from his mail.</summary>
    Task SendAsync(GrantId id, CancellationToken cancellationToken = default);

    /// <summary>Takes a code, which is good no more afterwards.</summary>
    /// <returns>The address that it was mailed to; <c>null</c>: it is wrong, too old, was used, or there were too many tries.</returns>
    Task<string?> EnterAsync(GrantId id, string code, CancellationToken cancellationToken = default);
}
