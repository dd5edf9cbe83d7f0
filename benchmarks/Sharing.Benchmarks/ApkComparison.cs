using System.Diagnostics;
using Sharing.Apps;

namespace Sharing.Benchmarks;

/// <summary>Reading what real APKs say of themselves and who signed them: ours in this process, Android's tools as commands.</summary>
sealed class ApkComparison : Comparison
{
    const double Allowed = 1e-3;

    string[] _files = [];

    public override string Name => "apk";

    public override string About => $"the manifests and the signers of {_files.Length} real APKs, each by itself; ours in one process (the median of many reads of a file), aapt and apksigner as commands. Signatures: all is read and hashed";

    public override double Target => 5;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides =>
    [
        ("Sharing, manifests", () => Task.FromResult(Ours(201, static apk => ApkReader.ReadManifest(apk)))), ("aapt dump badging", () => TheirsAsync("aapt", "dump", "badging")),
        ("Sharing, all", () => Task.FromResult(Ours(21, static apk => ApkReader.Read(apk)))), ("apksigner verify", () => TheirsAsync("apksigner", "verify", "--print-certs")),
    ];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("apksigner ÷ Sharing, least of all files", _files.Min(file => round["apksigner verify"].More[file] / round["Sharing, all"].More[file])),
        ("apksigner ÷ Sharing, all files", round["apksigner verify"].Seconds / round["Sharing, all"].Seconds),
        ("1 ms ÷ the slowest manifest", Allowed / _files.Max(file => round["Sharing, manifests"].More[file])),
        ("ms, the slowest manifest", 1e3 * _files.Max(file => round["Sharing, manifests"].More[file])),
        ("aapt ÷ Sharing, least of all files", _files.Min(file => round["aapt dump badging"].More[file] / round["Sharing, manifests"].More[file])),
    ];

    public override async Task PrepareAsync(string folder, bool quick)
    {
        // The tests' own: fetched once.
        var apks = Path.Combine(Path.GetTempPath(), "sharing-test-apks");
        await Rival.RunAsync("bash", "tests/data/apks/fetch.sh", apks);
        _files = Directory.GetFiles(Path.Combine(apks, "real"));
    }

    Cost Ours(int reads, Action<Stream> read) => Sum(_files.ToDictionary(static file => file, file => Enumerable.Range(0, reads).Select(_ =>
    {
        var started = Stopwatch.GetTimestamp();
        using var apk = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        read(apk);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }).Order().ElementAt(reads / 2)));

    async Task<Cost> TheirsAsync(string tool, params string[] arguments)
    {
        var took = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var file in _files)
        {
            took[file] = (await Rival.ShellAsync($"{tool} {string.Join(' ', arguments)} '{file}' >/dev/null 2>&1 || true")).Seconds;
        }

        return Sum(took);
    }

    static Cost Sum(Dictionary<string, double> took) => new(took.Values.Sum(), took.Values.Sum()) { More = took };
}
