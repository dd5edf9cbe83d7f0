namespace Sharing.Benchmarks;

/// <summary>A source that falls silent must be gone round, and nobody sets anything for that.</summary>
sealed class StallComparison : SourcesComparison
{
    const int Silent = 3;
    const long After = 300_000;

    public override string Name => "stall";

    public override string About => $"one client fetches {Mebibytes} MiB from four sources of 6 MB/s of payload, of which one falls silent after 0.3 MB; against the others' {Ideal:0.00} s";

    public override double Target => 1 / (4.2 / 3.7);

    protected override IReadOnlyList<double> Rates => [6, 6, 6, 6];

    protected override double Ideal => (Bytes - After) / 18e6;

    protected override async Task MeanwhileAsync(CancellationToken ended)
    {
        await Hosts.SilenceAsync(Silent, silent: false);
        var before = Hosts.BytesFrom(Silent);
        while (Hosts.BytesFrom(Silent) - before < After && !ended.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, CancellationToken.None);
        }

        await Hosts.SilenceAsync(Silent, silent: true);
    }
}
