using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sharing.Core;
using Sharing.Deployment;
using Sharing.Photos;
using Sharing.Sqlite;
using Sharing.Tour;

namespace Sharing.Benchmarks;

/// <summary>A server that has a million contents of a hundred thousand people, beside one that has fifty times less: what does not grow with what is there takes as long on both.</summary>
sealed class MillionComparison : Comparison
{
    const int PhotosEach = 10;

    static readonly TourPerson s_first = new(Person(0), "The first");

    readonly List<(string Name, Func<Task<Cost>> Run)> _sides = [];
    readonly List<string> _notes = [];
    int _large, _due;

    public override string Name => "million";

    public override string About => $"{_large:N0} photos (as many contents, 8 bytes each, a file for each) of {_large / PhotosEach:N0} people, and {_large / 50:N0} of {_large / 50 / PhotosEach:N0}, in SQLite and a folder. start: the server sample until it is ready; "
        + $"sweep: {_due:N0} photos have had their time, and go with their files (two sweeps, no grace, and the work that lets pictures go in between; the scrub is off); idle sweep: nothing is due; page: somebody's photos, over HTTP, 200 times";

    public override double Target => 1;

    public override int Judged => 4;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides => _sides;

    public override IReadOnlyList<string> Notes => _notes;

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round)
    {
        double Of(string what) => round[$"{what}, few"].Seconds / round[$"{what}, many"].Seconds;
        yield return ("start: 5 s ÷ start, many", 5 / round["start, many"].Seconds);
        yield return ("sweep: few × 1.5 ÷ many", 1.5 * Of("sweep"));
        yield return ("idle sweep: few + 10 ms ÷ many", (round["idle sweep, few"].Seconds + 0.01) / round["idle sweep, many"].Seconds);
        yield return ("page: few × 1.5 ÷ many", 1.5 * Of("page"));
        yield return ("start: few ÷ many", Of("start"));
    }

    public override async Task PrepareAsync(string folder, bool quick)
    {
        (_large, _due) = quick ? (50_000, 100) : (1_000_000, 1000);
        SQLitePCL.Batteries_V2.Init();
        foreach (var (size, photos) in new[] { ("few", _large / 50), ("many", _large) })
        {
            var place = new Place(Path.Combine(folder, size), photos);
            await place.FillAsync();
            _sides.Add(($"start, {size}", place.StartAsync));
            _sides.Add(($"page, {size}", place.PageAsync));
            _sides.Add(($"idle sweep, {size}", () => place.SweepAsync(0)));
            _sides.Add(($"sweep, {size}", () => place.SweepAsync(_due)));
            _notes.Add($"{size}: {await place.WholeAsync()}");
        }
    }

    static string Person(int number) => string.Create(CultureInfo.InvariantCulture, $"person-{number:d7}");

    /// <summary>A data folder.</summary>
    sealed class Place(string folder, int photos)
    {
        const int AtOnce = 500;

        int _gone;

        string Database => Path.Combine(folder, "sharing.db");

        /// <summary>What the server writes for a photo of eight bytes, without the work of uploading it.</summary>
        public async Task FillAsync()
        {
            Directory.CreateDirectory(folder);
            await using (var services = Services())
            {
                _ = services.GetRequiredService<IContentStore>(); // it makes its folders
            }

            await using var records = new SqliteRecordStore(new() { Path = Database });
            await Parallel.ForEachAsync(Enumerable.Range(0, photos).Chunk(AtOnce), async (some, cancellationToken) =>
            {
                var batch = new RecordBatch();
                foreach (var number in some)
                {
                    Put(batch, number);
                }

                await records.CommitAsync(batch, cancellationToken);
            });
        }

        /// <summary>The server sample, until it is ready; then it is killed.</summary>
        public async Task<Cost> StartAsync()
        {
            await using var server = Server();
            var started = Stopwatch.GetTimestamp();
            await server.StartAsync();
            return new(Stopwatch.GetElapsedTime(started).TotalSeconds, 0);
        }

        public async Task<Cost> PageAsync()
        {
            await using var server = Server();
            await server.StartAsync();
            using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", s_first.Token) } };
            for (var warm = 0; warm < 50; warm++)
            {
                await GetAsync();
            }

            var started = Stopwatch.GetTimestamp();
            for (var page = 0; page < 200; page++)
            {
                await GetAsync();
            }

            return new(Stopwatch.GetElapsedTime(started).TotalSeconds, 0);

            async Task GetAsync()
            {
                var text = await http.GetStringAsync(new Uri(server.Address, "v1/photos?count=50"));
                if (text.Split("\"fileName\"").Length + text.Split("\"length\":8").Length < PhotosEach)
                {
                    throw new InvalidOperationException("Photos are lacking: " + text);
                }
            }
        }

        /// <summary>So many photos come to their end; two sweeps, as an hour of the server's life has several.</summary>
        public async Task<Cost> SweepAsync(int due)
        {
            await using var services = Services();
            var sweep = services.GetServices<IHostedService>().OfType<SweepService>().Single();
            while (!await sweep.SweepOnceAsync()) // the first one after a start looks at everything
            {
                await Task.Delay(100); // a server that was killed held the lease
            }

            var records = services.GetRequiredService<IRecordStore>();
            for (var number = 0; number < due; number++)
            {
                var (id, then) = (Photo(_gone + number), DateTimeOffset.UtcNow.AddSeconds(-1));
                var key = RecordKey.Of("photo", id);
                var photo = await records.GetAsync(key) ?? throw new InvalidOperationException("A photo is not there.");
                var text = Encoding.UTF8.GetString(photo.Json.Span).Replace($"\"until\":\"{Time(Until(_gone + number))}\"", $"\"until\":\"{Time(then)}\"", StringComparison.Ordinal);
                await records.CommitAsync(new RecordBatch().Put(key, Encoding.UTF8.GetBytes(text), photo.Version)
                    .Delete(RecordKey.Of("photo-due", Milliseconds(Until(_gone + number)), id), RecordBatch.Any).Put(RecordKey.Of("photo-due", Milliseconds(then), id), Json($"\"{id}\""), RecordBatch.Any));
            }

            // Everything that a host does in the background, but for its own sweeps.
            var loops = services.GetServices<IHostedService>().Where(static service => service is not SweepService).ToArray();
            await Task.WhenAll(loops.Select(static loop => loop.StartAsync(CancellationToken.None)));
            var started = Stopwatch.GetTimestamp();
            await sweep.SweepOnceAsync();
            while (due > 0 && await records.ScanAsync(RecordRange.Under("work")).AnyAsync())
            {
                await Task.Delay(10);
            }

            await sweep.SweepOnceAsync();
            var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
            for (var number = 0; number < due; number++)
            {
                if (File.Exists(FileOf(_gone + number)) || await records.GetAsync(RecordKey.Of("content", Content(_gone + number))) is not null)
                {
                    throw new InvalidOperationException("A photo that was due is still there.");
                }
            }

            await Task.WhenAll(loops.Select(static loop => loop.StopAsync(CancellationToken.None)));
            _gone += due;
            return new(took, 0);
        }

        /// <summary>What is done seldom, and grows with what is there.</summary>
        public async Task<string> WholeAsync()
        {
            await using var services = Services();
            var started = Stopwatch.GetTimestamp();
            await services.GetServices<IHostedService>().OfType<SweepService>().Single().SweepOnceAsync();
            var whole = Stopwatch.GetElapsedTime(started).TotalSeconds;
            started = Stopwatch.GetTimestamp();
            var found = await ActivatorUtilities.CreateInstance<ContentAudit>(services).RunAsync().CountAsync();
            return string.Create(CultureInfo.InvariantCulture, $"the sweep that looks at everything (once after a start, and once a day) {whole:0.0} s; check without hashing {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s, {found} faults; database {new FileInfo(Database).Length / 1e6:N0} MB");
        }

        ServerProcess Server() => new(folder, [.. s_first.Configuration(0), "--Sharing:Roles:0=social", "--Sharing:Roles:1=photos"]);

        ServiceProvider Services() => new ServiceCollection().AddLogging(static logging => logging.ClearProviders())
            .AddSharing(sharing => sharing.UseFolder(folder).AddSocialNetwork().AddPhotos(static photos => photos.PublicAddress = new("http://localhost/"))
                .WithSweep(static sweep => sweep.Grace = TimeSpan.Zero).WithScrub(static scrub => scrub.Period = TimeSpan.Zero))
            .BuildServiceProvider();

        void Put(RecordBatch batch, int number)
        {
            var (person, photo, content, made, until) = (Person(number % (photos / PhotosEach)), Photo(number), Content(number), Made(number), Until(number));
            Directory.CreateDirectory(Path.GetDirectoryName(FileOf(number))!);
            File.WriteAllBytes(FileOf(number), BitConverter.GetBytes((long)number));
            batch.Put(RecordKey.Of("content", content), Json("""{"length":8,"references":1,"state":"live"}"""), RecordBatch.Any)
                .Put(RecordKey.Of("reference", content, $"picture/{content}"), Json($$"""{"since":"{{Time(made)}}"}"""), RecordBatch.Any)
                .Put(RecordKey.Of("picture", content), Json($$"""{"content":{"id":"{{content}}","length":8},"photos":1,"state":"notAPicture","crc32":1}"""), RecordBatch.Any)
                .Put(RecordKey.Of("photo", photo), Json($$"""{"owner":"{{person}}","name":"{{photo}}","fileName":"photo.bin","content":{"id":"{{content}}","length":8},"created":"{{Time(made)}}","until":"{{Time(until)}}"}"""), RecordBatch.Any)
                .Put(RecordKey.Of("photo-of", person, (long.MaxValue - made.ToUnixTimeMilliseconds()).ToString("d19", CultureInfo.InvariantCulture), photo), Json($"\"{photo}\""), RecordBatch.Any)
                .Put(RecordKey.Of("photo-age", person, Milliseconds(made), photo), Json($"\"{photo}\""), RecordBatch.Any)
                .Put(RecordKey.Of("photo-due", Milliseconds(until), photo), Json($"\"{photo}\""), RecordBatch.Any);
            if (number < photos / PhotosEach)
            {
                batch.Put(RecordKey.Of("space", person), Json($$"""{"bytes":{{8 * PhotosEach}}}"""), RecordBatch.Any);
            }
        }

        string FileOf(int number) => Path.Combine(folder, "content", "content", Content(number)[..2], Content(number));

        static DateTimeOffset Made(int number) => s_now.AddSeconds(-number);

        static DateTimeOffset Until(int number) => s_now.AddDays(30).AddSeconds(number);

        static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture);

        static string Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString("d19", CultureInfo.InvariantCulture);

        static string Photo(int number) => number.ToString("x32", CultureInfo.InvariantCulture);

        static byte[] Json(string text) => Encoding.UTF8.GetBytes(text);

        static string Content(int number)
        {
            Span<byte> hash = stackalloc byte[Blake3.HashSize];
            Blake3.Hash(BitConverter.GetBytes((long)number), hash);
            return Convert.ToHexStringLower(hash);
        }

        static readonly DateTimeOffset s_now = DateTimeOffset.UtcNow;
    }
}
