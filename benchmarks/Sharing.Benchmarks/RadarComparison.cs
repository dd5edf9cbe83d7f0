using System.Diagnostics;
using System.Globalization;
using Sharing.Apps;

namespace Sharing.Benchmarks;

/// <summary>All pairs of people with at least two contacts in common, by the radar's index and by the textbook's ScanCount in C++.</summary>
sealed class RadarComparison : Comparison
{
    const int MostHolders = 1000;

    readonly Dictionary<string, double> _once = new(StringComparer.Ordinal);
    int _people;
    string _folder = "", _result = "";

    public override string Name => "radar";

    public override string About => $"all pairs with 2 contacts in common, {_people:N0} people with 200 contacts each, those that more than {MostHolders:N0} hold left out; joining alone, without reading the books. Ours on all cores; g++ -O3 on one";

    public override double Target => 1.5;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides =>
        [("Sharing", () => OursAsync(_people)), ("Sharing, one thread", () => OursAsync(_people, alone: true)), ("ScanCount in C++", () => ScanCountAsync(_people))];

    public override IReadOnlyList<string> Notes =>
    [
        $"pairs and checksum, the same for all: {_result}",
        .. _once.Count > 0 ? ["measured once: PostgreSQL's self-join with an index (two workers, 2 GB of work_mem) at 20,000 people, and 1,000,000 people"] : Array.Empty<string>(),
    ];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("C++ ÷ Sharing", round["ScanCount in C++"].Seconds / round["Sharing"].Seconds),
        ("C++ ÷ Sharing, one thread", round["ScanCount in C++"].Seconds / round["Sharing, one thread"].Seconds),
        ("GiB of our process at most", round["Sharing"].More["peak"]),
        .. _once.Select(static pair => (pair.Key, pair.Value)),
    ];

    public override async Task PrepareAsync(string folder, bool quick)
    {
        (_folder, _people) = (folder, quick ? 20_000 : 100_000);
        await Rival.RunAsync("g++", "-O3", "-march=native", "-o", Path.Combine(_folder, "scancount"), Path.Combine(AppContext.BaseDirectory, "rival_scancount.cpp"));
        if (!quick)
        {
            await OnceAsync();
        }

        _result = "";
        RadarBookFile.Write(Books(_people), _people);
    }

    async Task OnceAsync()
    {
        const int Few = 20_000, Many = 1_000_000;
        RadarBookFile.Write(Books(Few), Few);
        RadarBookFile.WriteTable(Path.Combine(_folder, "table"), Books(Few));
        var few = await OursAsync(Few);
        _once["PostgreSQL ÷ Sharing at 20,000"] = (await RunAsync("bash", Path.Combine(AppContext.BaseDirectory, "rival_join.sh"), Path.Combine(_folder, "table"), _folder)).Seconds / few.Seconds;
        _result = "";
        RadarBookFile.Write(Books(Many), Many);
        var many = await OursAsync(Many);
        _once["C++ ÷ Sharing at 1,000,000"] = (await ScanCountAsync(Many)).Seconds / many.Seconds;
        _once["seconds at 1,000,000"] = many.Seconds;
        _once["GiB of our process at 1,000,000"] = many.More["peak"];
        File.Delete(Books(Many));
    }

    /// <summary>The work of our process.</summary>
    public static async Task JoinAsync(string books, int threads)
    {
        using var index = new ContactIndex(MostHolders);
        await index.LoadAsync(RadarBookFile.Read(books).ToAsyncEnumerable());
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
    }

    string Books(int people) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"books-{people}"));

    Task<Cost> OursAsync(int people, bool alone = false) => RunAsync(Environment.ProcessPath!, "work", "radar", Books(people), alone ? "1" : "0");

    Task<Cost> ScanCountAsync(int people) => RunAsync(Path.Combine(_folder, "scancount"), Books(people));

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
