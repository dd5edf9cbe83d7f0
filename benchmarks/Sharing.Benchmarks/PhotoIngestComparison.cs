using System.Diagnostics;
using System.Globalization;

namespace Sharing.Benchmarks;

/// <summary>Photos that arrive over HTTP.</summary>
sealed class PhotoIngestComparison : Comparison
{
    string _folder = "";
    int _files;
    int _run;

    public override string Name => "photo-ingest";

    public override string About => $"wall time of {_files} photos of 12 MP by tus over HTTP, hashed and durable, sixteen at once, after others; at least 0.7 of the speed of cp and b3sum, made durable by sync, on the same disk";

    public override double Target => 1;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides =>
    [
        ("Sharing", () => FreshAsync(OursAsync)),
        ("cp + b3sum + sync", () => FreshAsync(to => Rival.ShellAsync($"mkdir {to}; cp {_folder}/photos/* {to}/; b3sum {to}/* > {to}/sums; sync -f {to}"))),
    ];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("theirs ÷ Sharing ÷ 0.7", round["cp + b3sum + sync"].Seconds / round["Sharing"].Seconds / 0.7),
        ("theirs ÷ Sharing", round["cp + b3sum + sync"].Seconds / round["Sharing"].Seconds),
    ];

    public override Task PrepareAsync(string folder, bool quick)
    {
        (_folder, _files) = (folder, quick ? 20 : 200);
        return PhotoFiles.MakeAsync(Path.Combine(folder, "photos"), _files, 4000, 3000);
    }

    async Task<Cost> OursAsync(string to)
    {
        using var work = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["work", "photo-ingest", Path.Combine(_folder, "photos"), to])
        {
            UseShellExecute = false, RedirectStandardOutput = true,

            // A server that has run for a while compiles nothing any more, and runs none of the code that was compiled for every machine.
            Environment = { ["DOTNET_TieredCompilation"] = "0", ["DOTNET_ReadyToRun"] = "0" },
        })!;
        var seconds = double.Parse(await work.StandardOutput.ReadToEndAsync(), CultureInfo.InvariantCulture);
        await work.WaitForExitAsync();
        return new(seconds, 0);
    }

    async Task<Cost> FreshAsync(Func<string, Task<Cost>> work)
    {
        var to = Path.Combine(_folder, $"run-{_run++}");
        var cost = await work(to);

        // The next side does not pay for this one: its memory is free again. No file is deleted, since ext4 without a journal looks long for the number of a file that was not deleted lately.
        await Rival.ShellAsync($"find {to} -type f -exec truncate -s 0 {{}} +; sync -f {_folder}");
        return cost;
    }
}
