namespace Sharing.Apps;

/// <summary>Lists of apps that people show to each other (rows A3–A5). Thread-safe singleton; in the server, or over HTTP. The server answers while the terminals are off.</summary>
public interface IAppLists
{
    /// <summary>Says what the actor shows and takes, instead of what he said before.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: too many, or an audience that lists of apps do not have.</exception>
    Task SaveAsync(PersonId actor, AppSharing sharing, CancellationToken cancellationToken = default);

    /// <summary>What the actor shows and takes.</summary>
    Task<AppSharing> OwnAsync(PersonId actor, CancellationToken cancellationToken = default);

    /// <summary>What a person shows to the actor (<c>null</c>: not signed in). Asked for anew each time: who is a friend no longer sees nothing.</summary>
    Task<AppListAnswer> OfAsync(PersonId? actor, PersonId person, CancellationToken cancellationToken = default);

    /// <summary>Brings the actor's list to the attention of another.</summary>
    Task<AppPush> PushAsync(PersonId actor, PersonId to, CancellationToken cancellationToken = default);

    /// <summary>The lists that were pushed to the actor, the latest first: what their senders show to him now.</summary>
    IAsyncEnumerable<ReceivedList> ReceivedAsync(PersonId actor, CancellationToken cancellationToken = default);
}
