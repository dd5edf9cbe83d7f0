namespace Sharing.Core;

/// <summary>Our own store of people, for hosts that have none. Thread-safe singleton.</summary>
public sealed class PeopleStore(IRecordStore records) : IPeople
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<PersonId, Person>> FindAsync(
        IReadOnlyCollection<PersonId> ids, CancellationToken cancellationToken = default) =>
        (await records.GetAllAsync([.. ids.Distinct().Select(KeyOf)], PeopleJson.Default.Person, cancellationToken))
        .Where(static person => person is not null).ToDictionary(static person => person!.Value.Id, static person => person!.Value);

    /// <summary>Writes what is known of a person, whatever was known before.</summary>
    public async Task SaveAsync(Person person, CancellationToken cancellationToken = default) => await records.CommitAsync(
        new RecordBatch().Put(KeyOf(person.Id), person, PeopleJson.Default.Person, RecordBatch.Any), cancellationToken);

    internal static RecordKey KeyOf(PersonId id) => RecordKey.Of("person", id.Value);
}
