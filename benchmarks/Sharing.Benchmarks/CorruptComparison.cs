namespace Sharing.Benchmarks;

/// <summary>A source that corrupts whatever it sends must be found out at once.</summary>
sealed class CorruptComparison : SourcesComparison
{
    public override string Name => "corrupt";

    public override string About => $"one client fetches {Mebibytes} MiB from three sources of 8 MB/s of payload, of which one changes a byte of every 16 KiB; against the others' {Ideal:0.00} s";

    public override double Target => 1 / 1.03;

    protected override int Corrupt => 2;

    protected override IReadOnlyList<double> Rates => [8, 8, 8];

    protected override double Ideal => Bytes / 16e6;
}
