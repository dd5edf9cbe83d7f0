namespace Sharing.Messaging;

/// <summary>Says whom a network id means (row M3): what somebody typed, or took from an address book or a list of friends. Thread-safe singleton.</summary>
public interface INetworkIdResolver
{
    /// <summary>Who is meant; those who are nobody are left out of the answer.</summary>
    /// <param name="actor">Who asks: what is in his address book only he may use.</param>
    /// <param name="ids">The network ids.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IReadOnlyDictionary<string, PersonId>> ResolveAsync(PersonId actor, IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default);
}
