using System.Diagnostics;
using NuGet.Frameworks;
using Sharing.Apps;

namespace Sharing.Benchmarks;

/// <summary>What fits, among 14 candidates: a package for a device, with what is wrong with each, and a framework for a project.</summary>
sealed class MatchComparison : Comparison
{
    const double Allowed = 1e-6;

    static readonly string[] Frameworks =
        ["net10.0", "net9.0", "net8.0", "net6.0", "net5.0", "netcoreapp3.1", "netcoreapp2.1", "netstandard2.1", "netstandard2.0", "netstandard1.6", "net481", "net472", "net462", "net45"];

    static readonly string[] Abis = ["arm64-v8a", "armeabi-v7a", "x86_64", "x86", "arm64-v8a", "armeabi-v7a", "riscv64"];

    int _times;

    public override string Name => "match";

    public override string About => $"{_times:N0} answers of which of 14 candidates fits; ours says what is wrong with each that does not; against 1 µs";

    public override double Target => 1;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides =>
        [("Sharing", () => Task.FromResult(Ours(fits: true))), ("Sharing, nothing fits", () => Task.FromResult(Ours(fits: false))), ("NuGet's FrameworkReducer", () => Task.FromResult(Theirs()))];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("1 µs ÷ an answer", Allowed / (round["Sharing"].CpuSeconds / _times)),
        .. round.Select(side => ($"µs an answer, {side.Key}", side.Value.CpuSeconds / _times * 1e6)),
        .. round.Select(side => ($"bytes allocated, {side.Key}", side.Value.More["allocated"] / _times)),
        ("FrameworkReducer ÷ Sharing", round["NuGet's FrameworkReducer"].CpuSeconds / round["Sharing"].CpuSeconds),
    ];

    public override Task PrepareAsync(string folder, bool quick)
    {
        _times = quick ? 100_000 : 1_000_000;
        return Task.CompletedTask;
    }

    Cost Ours(bool fits)
    {
        var app = AppId.Parse("org.example.app");
        var matcher = new PackageMatcher();
        var packages = matcher.Prepare(Enumerable.Range(0, 14).Select(i => new AppPackage
        {
            App = app, VersionCode = 100 + (i / 7), Sha256 = $"{i:x64}", Length = 1000 + i, MinSdk = i < 7 ? 21 : 24, TargetSdk = 34, Abis = [Abis[i % 7]],
            Features = [new("android.hardware.camera"), new("android.hardware.touchscreen")], GlEs = 0x30000,
            Signers = [new() { FromSdk = 1, Certificates = [new string('a', 64)], Scheme = 2 }],
        }));
        var device = matcher.Prepare(new DeviceProfile
        {
            Sdk = 30, Abis = fits ? ["x86", "armeabi-v7a"] : ["mips64"], Width = 1080, Height = 1920, Density = 480, GlEs = 0x30001,
            Features = new Dictionary<string, int>(StringComparer.Ordinal) { ["android.hardware.camera"] = 0, ["android.hardware.touchscreen"] = 0 },
        });
        var installed = new InstalledApp { App = app, VersionCode = 90, Certificates = [new string('a', 64)] };
        var failed = new PackageRules[14];
        var expected = fits ? 1 : -1;
        return Measure(() =>
        {
            var best = matcher.Match(device, packages, installed, failed);
            return (best >= 0 ? 1 : -1) == expected;
        });
    }

    Cost Theirs()
    {
        var (reducer, project) = (new FrameworkReducer(), NuGetFramework.Parse("net7.0"));
        NuGetFramework[] candidates = [.. Frameworks.Select(NuGetFramework.Parse)];
        return Measure(() => reducer.GetNearest(project, candidates) == candidates[3]);
    }

    Cost Measure(Func<bool> answer)
    {
        Repeat(answer, _times / 10);
        var (cpu, bytes, started) = (Environment.CpuUsage.TotalTime, GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        Repeat(answer, _times);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
        return new(Stopwatch.GetElapsedTime(started).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds)
        {
            More = new Dictionary<string, double>(StringComparer.Ordinal) { ["allocated"] = allocated },
        };
    }

    static void Repeat(Func<bool> answer, int times)
    {
        for (var i = 0; i < times; i++)
        {
            if (!answer())
            {
                throw new InvalidOperationException("That is not what fits.");
            }
        }
    }
}
