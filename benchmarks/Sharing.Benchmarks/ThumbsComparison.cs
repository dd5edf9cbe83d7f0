using System.Globalization;

namespace Sharing.Benchmarks;

/// <summary>One preview of large JPEGs.</summary>
sealed class ThumbsComparison : Comparison
{
    const string Sharp = "sharp@0.35.5";

    string _folder = "";
    int _files;
    double _psnr;

    public override string Name => "thumbs";

    public override string About => $"CPU of a preview of 256 px for each of {_files} JPEGs of 12 MP, in one process each; at most 0.8 of vipsthumbnail's and 1.2 of sharp's. Ours makes a placeholder (thumbhash) besides";

    public override double Target => 1;

    public override int Judged => 2;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides =>
    [
        ("Sharing", () => Rival.OursAsync("thumbs", Path.Combine(_folder, "photos"), Path.Combine(_folder, "ours"), "256", "1")),
        ("vipsthumbnail", () => Rival.ShellAsync($"cd '{_folder}'; VIPS_CONCURRENCY=1 vipsthumbnail photos/*.jpg --size 256x256 --export-profile srgb -o '{_folder}/theirs/%s.jpg[Q=80,strip]'")),
        ("sharp", () => Rival.RunAsync("node", Path.Combine(_folder, "rival_sharp.mjs"), Path.Combine(_folder, "photos"), Path.Combine(_folder, "sharps"), "256")),
    ];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("0.8 × vipsthumbnail ÷ Sharing, CPU", 0.8 * round["vipsthumbnail"].CpuSeconds / round["Sharing"].CpuSeconds),
        ("1.2 × sharp ÷ Sharing, CPU", 1.2 * round["sharp"].CpuSeconds / round["Sharing"].CpuSeconds),
        .. round.Select(side => ($"ms of CPU a picture, {side.Key}", 1e3 * side.Value.CpuSeconds / _files)),
        ("dB of PSNR that ours is better than vipsthumbnail's", _psnr),
    ];

    public override async Task PrepareAsync(string folder, bool quick)
    {
        (_folder, _files) = (folder, quick ? 10 : 200);
        await PhotoFiles.MakeAsync(Path.Combine(folder, "photos"), _files, 4000, 3000);
        await Rival.ShellAsync($"cd '{folder}'; mkdir theirs sharps; cp '{Path.Combine(AppContext.BaseDirectory, "rival_sharp.mjs")}' .; npm install --no-audit --no-fund --no-save --loglevel=error {Sharp}");
        await Sides[0].Run();
        await Sides[1].Run();
        _psnr = await PsnrAsync("ours/0-256.jpg") - await PsnrAsync("theirs/0.jpg");
    }

    /// <summary>Against the whole picture made small with Lanczos' kernel.</summary>
    async Task<double> PsnrAsync(string picture)
    {
        var (scale, said) = ((256.0 / 4000).ToString(CultureInfo.InvariantCulture), Path.Combine(_folder, "said"));
        await Rival.ShellAsync($"cd '{_folder}'; vips resize photos/0.jpg whole.v {scale} --kernel lanczos3; vips subtract whole.v '{picture}' d.v; vips multiply d.v d.v s.v; vips avg s.v > '{said}'");
        return 10 * Math.Log10(255 * 255 / double.Parse(await File.ReadAllTextAsync(said), CultureInfo.InvariantCulture));
    }
}
