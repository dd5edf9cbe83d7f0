using System.Diagnostics;
using System.Globalization;

namespace Sharing.Benchmarks;

/// <summary>Two previews and a placeholder from one decode; and whether memory stays as it is over thousands.</summary>
sealed class Thumbs2Comparison : Comparison
{
    const double MostGrowth = 1.1;

    string _folder = "";
    int _files;
    int _many;
    double _growth;

    public override string Name => "thumbs2";

    public override string About => $"CPU of previews of 1440 and 256 px and a placeholder for each of {_files} JPEGs of 12 MP, from one decode; at most 0.75 of vipsthumbnail's for the two. And memory after {_many} previews over that after 1,000; at most 1.1";

    public override double Target => 1;

    public override int Judged => _many > 1000 ? 2 : 1;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides =>
    [
        ("Sharing", () => Rival.OursAsync("thumbs", Path.Combine(_folder, "photos"), Path.Combine(_folder, "ours"), "1440,256", "1")),
        ("vipsthumbnail, twice", () => Rival.ShellAsync(
            $"cd '{_folder}'; for size in 1440 256; do VIPS_CONCURRENCY=1 vipsthumbnail photos/*.jpg --size ${{size}}x${{size}} --export-profile srgb -o \"{_folder}/theirs/%s-$size.jpg[Q=80,strip]\"; done")),
    ];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("0.75 × vipsthumbnail twice ÷ Sharing, CPU", 0.75 * round["vipsthumbnail, twice"].CpuSeconds / round["Sharing"].CpuSeconds),
        ("1.1 ÷ growth of memory", MostGrowth / _growth),
        ("growth of memory", _growth),
        .. round.Select(side => ($"ms of CPU a picture, {side.Key}", 1e3 * side.Value.CpuSeconds / _files)),
    ];

    public override async Task PrepareAsync(string folder, bool quick)
    {
        (_folder, _files, _many, _growth) = (folder, quick ? 10 : 40, quick ? 1000 : 5000, 1);
        await PhotoFiles.MakeAsync(Path.Combine(folder, "photos"), _files, 4000, 3000);
        await PhotoFiles.MakeAsync(Path.Combine(folder, "small"), 50, 800, 600);
        Directory.CreateDirectory(Path.Combine(folder, "theirs"));
        var work = new ProcessStartInfo(Environment.ProcessPath!, ["work", "thumbs", Path.Combine(folder, "small"), Path.Combine(folder, "many"), "256", $"{_many / 50}"]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var many = Process.Start(work)!;
        var said = (await many.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => double.Parse(line, CultureInfo.InvariantCulture)).ToArray();
        await many.WaitForExitAsync();
        _growth = said[^1] / said[0];
    }
}
