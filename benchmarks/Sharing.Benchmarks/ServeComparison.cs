using System.Diagnostics;

namespace Sharing.Benchmarks;

/// <summary>Stored contents to many clients at once, each request with its access decision.</summary>
sealed class ServeComparison : Comparison
{
    const int Files = 16;
    const double BytesTarget = 0.8;
    const double RangesTarget = 0.4;

    string[] _paths = [];
    Process _server = null!;
    Nginx _nginx = null!;
    int _port;
    int _seconds;

    public override string Name => "serve";

    public override string About => $"whole files of 16 MiB and ranges of 64 KiB for {_seconds} seconds over 64 connections (wrk -t1), the library's access decision included, against nginx with sendfile; the smaller of bytes ÷ {BytesTarget} and ranges ÷ {RangesTarget}";

    public override double Target => 1;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides =>
    [
        ("Sharing, bytes", () => WrkAsync(_port, _server.Id, "whole", _paths)),
        ("nginx, bytes", () => WrkAsync(_nginx.Port, _nginx.ProcessId, "whole", FilesOfNginx)),
        ("Sharing, ranges", () => WrkAsync(_port, _server.Id, "ranges", _paths)),
        ("nginx, ranges", () => WrkAsync(_nginx.Port, _nginx.ProcessId, "ranges", FilesOfNginx)),
    ];

    static string[] FilesOfNginx { get; } = [.. Enumerable.Range(0, Files).Select(i => $"/{i}")];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round)
    {
        var bytes = round["Sharing, bytes"].Rate / round["nginx, bytes"].Rate;
        var ranges = round["Sharing, ranges"].Rate / round["nginx, ranges"].Rate;
        return
        [
            ("the smaller", Math.Min(bytes / BytesTarget, ranges / RangesTarget)),
            ("bytes a second, Sharing ÷ nginx", bytes),
            ("ranges a second, Sharing ÷ nginx", ranges),
            ("CPU a byte, nginx ÷ Sharing", round["nginx, bytes"].CpuSeconds / round["nginx, bytes"].Rate / (round["Sharing, bytes"].CpuSeconds / round["Sharing, bytes"].Rate)),
        ];
    }

    public override async Task PrepareAsync(string folder, bool quick)
    {
        _seconds = quick ? 2 : 8;
        var files = Path.Combine(folder, "files");
        Directory.CreateDirectory(files);
        for (var i = 0; i < Files; i++)
        {
            RandomFile.Write(Path.Combine(files, $"{i}"), 16 << 20, seed: i);
        }

        _nginx = await Nginx.StartAsync(folder, files);
        _port = Nginx.FreePort();
        _server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["work", "serve", Path.Combine(folder, "server"), files, $"{_port}"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        while (await _server.StandardOutput.ReadLineAsync() is { } line && line != "ready")
        {
            _paths = [.. _paths, line];
        }
    }

    public override async ValueTask EndAsync()
    {
        await _nginx.DisposeAsync();
        _server.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
    }

    async Task<Cost> WrkAsync(int port, int process, string what, string[] paths)
    {
        var cpu = Nginx.CpuOf(process);
        var (seconds, requests, bytes) = await Wrk.RunAsync("wrk.lua", port, _seconds, [what, .. paths]);
        return new(seconds, Nginx.CpuOf(process) - cpu, (what == "whole" ? bytes : requests) / seconds);
    }
}
