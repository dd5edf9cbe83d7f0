using Sharing.Trials.Hostile;

namespace Sharing.Trials;

/// <summary>Ten thousand frames that were recorded and then spoilt: what servers and terminals answer, read by the product's own client; what is asked of them, over sockets; tickets and other texts.
/// None of it crashes, hangs, leaves something behind, or is believed.</summary>
sealed class HostileTrial : ITrial, IAsyncDisposable
{
    HostileBench? _bench;

    public string Name => "hostile";

    public int Count => 100;

    /// <summary>Spoilt frames in one trial.</summary>
    public int Frames { get; init; } = 10_000;

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        _bench ??= await HostileBench.StartAsync();
        return await _bench.RunAsync(Frames, random, cancellationToken);
    }

    public ValueTask DisposeAsync() => _bench?.DisposeAsync() ?? default;
}
