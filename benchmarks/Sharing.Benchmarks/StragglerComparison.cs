namespace Sharing.Benchmarks;

/// <summary>A source that is twenty times slower than the others must not hold up the end.</summary>
sealed class StragglerComparison : SourcesComparison
{
    public override string Name => "straggler";

    public override string About => $"one client fetches {Mebibytes} MiB from three sources of 6 MB/s and one of 0.3, of payload; against the file over the sum of the rates, {Ideal:0.00} s";

    public override double Target => 1 / 1.05;

    protected override IReadOnlyList<double> Rates => [6, 6, 6, 0.3];

    protected override double Ideal => Bytes / 1e6 / Rates.Sum();
}
