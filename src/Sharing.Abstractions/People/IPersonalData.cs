namespace Sharing;

/// <summary>What one part of a host keeps about people: gives it to the person whom it is about, and erases it. Every part that keeps something has one. Thread-safe singleton.</summary>
/// <remarks>Any number may be registered; a product adds one for what it keeps itself, and an export or an erasure has it, too.</remarks>
public interface IPersonalData
{
    /// <summary>What the part is called: the folder of its files in an export. Lower-case letters and hyphens.</summary>
    string Name { get; }

    /// <summary>The kinds of records (<see cref="RecordKey.Kind"/>) that the part answers for: nothing of an erased person is left in them.</summary>
    IReadOnlyCollection<string> RecordKinds { get; }

    /// <summary>Adds to an archive all that the part keeps about a person: what he made, what he was given, what others see of him. No secrets, and nothing about others that he
    /// could not see.</summary>
    Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken);

    /// <summary>Deletes all that the part keeps about a person. What must stay for others (a thread, an inbox) keeps a tombstone that tells nothing of him.</summary>
    /// <param name="person">Whose.</param>
    /// <param name="since">When the erasure began: what waits for others (a network that does not answer) is waited for so long as the part says, then given up.</param>
    /// <param name="cancellationToken">Gives up; the erasure is gone on with later.</param>
    /// <returns>Whether nothing is left. Called again until it is, also after a crash in the middle, and from another host.</returns>
    Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken);
}
