namespace Sharing.Testing;

/// <summary>People whose data base goes wrong as planned: <c>people.find</c>. Thread-safe.</summary>
public sealed class FaultyPeople(IPeople inner, FaultPlan plan) : IPeople
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<PersonId, Person>> FindAsync(IReadOnlyCollection<PersonId> ids, CancellationToken cancellationToken = default) =>
        plan.RunAsync("people.find", () => inner.FindAsync(ids, cancellationToken), cancellationToken);
}
