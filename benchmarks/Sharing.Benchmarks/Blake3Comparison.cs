using System.Globalization;

namespace Sharing.Benchmarks;

/// <summary>Hashing a file that is in the page cache.</summary>
sealed class Blake3Comparison : Comparison
{
    string _path = "";
    int _times;

    public override string Name => "blake3";

    public override string About => $"CPU time of hashing {_times} GiB in one process, one thread, against b3sum --num-threads 1 --no-mmap; and wall time with two threads against one";

    public override double Target => 0.85;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides =>
    [
        ("Sharing", () => OursAsync(1)),
        ("b3sum", () => Rival.RunAsync("b3sum", ["--num-threads", "1", "--no-mmap", .. Enumerable.Repeat(_path, _times)])),
        ("Sharing, two threads", () => OursAsync(2)),
        ("b3sum, two processes", () => Rival.ShellAsync($"for i in 1 2; do b3sum --num-threads 1 --no-mmap {string.Join(' ', Enumerable.Repeat(_path, _times / 2))} & done; wait")),
    ];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("CPU, b3sum ÷ Sharing", round["b3sum"].CpuSeconds / round["Sharing"].CpuSeconds),
        ("wall, one thread ÷ two", round["Sharing"].Seconds / round["Sharing, two threads"].Seconds),
        ("the same of b3sum, in two processes", round["b3sum"].Seconds / round["b3sum, two processes"].Seconds), // what the machine can do
    ];

    public override Task PrepareAsync(string folder, bool quick)
    {
        (_path, _times) = (Path.Combine(folder, "hash.bin"), quick ? 2 : 8);
        RandomFile.Write(_path, 1 << 30);
        return Task.CompletedTask;
    }

    Task<Cost> OursAsync(int threads) =>
        Rival.OursAsync("blake3", _path, _times.ToString(CultureInfo.InvariantCulture), threads.ToString(CultureInfo.InvariantCulture));
}
