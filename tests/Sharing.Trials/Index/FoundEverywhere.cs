using Sharing.P2P;

namespace Sharing.Trials.Index;

/// <summary>Finds terminals wherever they say, or where a test wants it.</summary>
sealed class FoundEverywhere(Func<ClaimedPlace, bool>? isThere = null) : IAddressProof
{
    public int Looks { get; private set; }

    public ValueTask<bool> IsAtAsync(ClaimedPlace place, CancellationToken cancellationToken = default)
    {
        Looks++;
        return new(isThere?.Invoke(place) ?? true);
    }
}
