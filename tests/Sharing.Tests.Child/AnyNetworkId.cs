using Sharing.Messaging;

namespace Sharing.Tests.Child;

/// <summary>Whoever is named is there.</summary>
public sealed class AnyNetworkId : INetworkIdResolver
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<string, PersonId>> ResolveAsync(PersonId actor, IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default) =>
        new(ids.ToDictionary(static id => id, static id => PersonId.Parse(id), StringComparer.Ordinal));
}
