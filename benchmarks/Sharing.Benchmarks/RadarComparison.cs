using System.Diagnostics;
using System.Globalization;
using Sharing.Apps;

namespace Sharing.Benchmarks;

/// <summary>All pairs of people with at least two contacts in common, by the radar's index and by the textbook's ScanCount in C++.</summary>
sealed class RadarComparison : Comparison
{
    const int MostHolders = 1000;

    int _people;
    string _books = "", _rival = "", _result = "";

    public override string Name => "radar";

    public override string About => $"all pairs with 2 contacts in common, {_people:N0} people with 200 contacts each, those that more than {MostHolders:N0} hold left out; joining alone, without reading the books. Ours on all cores; g++ -O3 on one";

    public override double Target => 1.5;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides => [("Sharing", () => OursAsync(false)), ("Sharing, one thread", () => OursAsync(true)), ("ScanCount in C++", TheirsAsync)];

    public override IReadOnlyList<string> Notes => [$"pairs and checksum, the same for all: {_result}"];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("C++ ÷ Sharing", round["ScanCount in C++"].Seconds / round["Sharing"].Seconds),
        ("C++ ÷ Sharing, one thread", round["ScanCount in C++"].Seconds / round["Sharing, one thread"].Seconds),
        ("GiB of our process at most", round["Sharing"].More["peak"]),
    ];

    public override async Task PrepareAsync(string folder, bool quick)
    {
        _people = quick ? 20_000 : 100_000;
        (_books, _rival) = (Path.Combine(folder, "books"), Path.Combine(folder, "scancount"));
        RadarBookFile.Write(_books, _people);
        await Rival.RunAsync("g++", "-O3", "-march=native", "-o", _rival, Path.Combine(AppContext.BaseDirectory, "rival_scancount.cpp"));
    }

    /// <summary>The work of our process.</summary>
    public static Task JoinAsync(string books, int threads)
    {
        using var index = new ContactIndex(MostHolders);
        index.Load(RadarBookFile.Read(books));
        GC.Collect();
        var (pairs, sum, started) = (0L, 0L, Stopwatch.GetTimestamp());
        index.AllPairs(
            new SharedContactsRule(),
            (person, friends) =>
            {
                var some = 0L;
                foreach (var friend in friends)
                {
                    some += (person * 31L) + friend;
                }

                Interlocked.Add(ref pairs, friends.Length);
                Interlocked.Add(ref sum, some);
            },
            threads, CancellationToken.None);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0000} {pairs} {sum} {Process.GetCurrentProcess().PeakWorkingSet64}"));
        return Task.CompletedTask;
    }

    Task<Cost> OursAsync(bool alone) => RunAsync(Environment.ProcessPath!, "work", "radar", _books, alone ? "1" : "0");

    Task<Cost> TheirsAsync() => RunAsync(_rival, _books);

    async Task<Cost> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var said = (await process.StandardOutput.ReadToEndAsync()).Trim().Split(' ');
        await process.WaitForExitAsync();
        var result = $"{said[1]} pairs, {said[2]}";
        _result = _result.Length == 0 || _result == result ? result : throw new InvalidOperationException($"{program} found {result}, and not {_result}.");
        var seconds = double.Parse(said[0], CultureInfo.InvariantCulture);
        return new(seconds, seconds) { More = new Dictionary<string, double>(StringComparer.Ordinal) { ["peak"] = said.Length > 3 ? double.Parse(said[3], CultureInfo.InvariantCulture) / (1 << 30) : 0 } };
    }
}
