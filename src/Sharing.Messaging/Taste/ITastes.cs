namespace Sharing.Messaging;

/// <summary>What the server has learnt of a person, for him to see, to switch off and to make it forget (row M2). Thread-safe singleton.</summary>
public interface ITastes
{
    /// <summary>What is known of the actor's taste.</summary>
    Task<Taste> FindAsync(PersonId actor, CancellationToken cancellationToken = default);

    /// <summary>Switches it off or on.</summary>
    Task<Taste> ChangeAsync(PersonId actor, TasteChange change, CancellationToken cancellationToken = default);

    /// <summary>Forgets everything but whether it is off.</summary>
    Task ForgetAsync(PersonId actor, CancellationToken cancellationToken = default);

    /// <summary>Says what the actor did with something.</summary>
    /// <returns>Whether there is such a thing, and it is from the catalogue.</returns>
    Task<bool> NoteAsync(PersonId actor, TasteNote note, CancellationToken cancellationToken = default);
}
