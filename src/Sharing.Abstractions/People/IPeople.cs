namespace Sharing;

/// <summary>Says who people are. A product fills it from its own tables; the store of Sharing.Core is the default.</summary>
/// <remarks>Thread-safe singleton. Asked for many at once, so that a page of any length is one question.</remarks>
public interface IPeople
{
    /// <summary>Looks people up. Those that are not known are left out of the answer.</summary>
    ValueTask<IReadOnlyDictionary<PersonId, Person>> FindAsync(IReadOnlyCollection<PersonId> ids, CancellationToken cancellationToken = default);
}
