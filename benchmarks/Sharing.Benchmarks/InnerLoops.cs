using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Sharing.Core;

namespace Sharing.Benchmarks;

/// <summary>The inner loops, in nanoseconds and bytes allocated. They have no rival: what counts is before and after.</summary>
[MemoryDiagnoser]
public class InnerLoops
{
    readonly byte[] _hash = new byte[ContentId.Size];
    byte[] _bytes = [];
    byte[] _proof = [];
    ContentInfo _content;

    /// <summary>A leaf, a group, and so much that threads would pay.</summary>
    [Params(1024, ContentTree.GroupSize, 1 << 20)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _bytes = new byte[Length];
        new Random(1).NextBytes(_bytes);
        // A proof of the first group of a content of 1 GiB; whether it holds makes no difference to its cost.
        _content = new(new ContentId(Enumerable.Repeat((byte)1, ContentId.Size).ToArray()), 1 << 30);
        _proof = new byte[GroupProof.GetLength(_content.Length, 0)];
    }

    [Benchmark]
    public void Hash() => Blake3.Hash(_bytes, _hash);

    [Benchmark]
    public void HashGroup() => ContentTree.HashGroup(_bytes.AsSpan(0, Math.Min(Length, ContentTree.GroupSize)), 1, _hash);

    [Benchmark]
    public bool VerifyProof() => GroupProof.Verify(_content, 0, _bytes.AsSpan(0, Math.Min(Length, ContentTree.GroupSize)), _proof);

    /// <summary>Runs them in this process.</summary>
    /// <returns>The table.</returns>
    public static string Run()
    {
        var config = ManualConfig.CreateEmpty().AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .AddColumnProvider(DefaultColumnProviders.Instance).AddLogger(ConsoleLogger.Default)
            .WithArtifactsPath(Directory.CreateTempSubdirectory("sharing-inner-").FullName);
        var summary = BenchmarkRunner.Run<InnerLoops>(config);
        var table = new StringBuilderLogger();
        MarkdownExporter.GitHub.ExportToLog(summary, table);
        Directory.Delete(config.ArtifactsPath, recursive: true);
        return table.ToString();
    }

    sealed class StringBuilderLogger : AccumulationLogger
    {
        public override string ToString() => GetLog().Trim();
    }
}
