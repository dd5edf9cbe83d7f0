using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sharing.Deployment;
using Sharing.Tour;

namespace Sharing.Benchmarks;

/// <summary>The same mixed work done by one host, by two and by three, on one database and one bucket: what a request costs must not grow with the hosts.</summary>
sealed class HostsComparison : Comparison
{
    const int Clients = 16;
    const int PictureBytes = 64 * 1024;

    static readonly TourPerson s_anna = new("anna", "Anna"), s_ben = new("ben", "Ben");

    static readonly HttpClient s_http = new(new SocketsHttpHandler { UseProxy = false });

    PostgresServer _postgres = null!;
    S3Server _s3 = null!;
    string _folder = "";
    int _requests;

    public override string Name => "hosts";

    public override string About => string.Create(CultureInfo.InvariantCulture, $"{_requests:N0} requests of {Clients} clients, each at the next host: 30 % messages sent, 30 % pages of an inbox, 20 % pages of photos, 15 % photos of 64 KiB read, 5 % uploaded; PostgreSQL 15 and Swift on the same machine. ")
        + "CPU: of the hosts and of PostgreSQL, while the requests run";

    public override double Target => 1;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides => [.. Enumerable.Range(1, 3).Select(hosts => (Side(hosts), (Func<Task<Cost>>)(() => RunAsync(hosts))))];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round)
    {
        double One(int hosts) => round[Side(hosts)].CpuSeconds / _requests * 1000;
        yield return ("CPU per request: 1 host × 1.1 ÷ 3 hosts", 1.1 * One(1) / One(3));
        yield return ("CPU per request: 1 host × 1.1 ÷ 2 hosts", 1.1 * One(1) / One(2));
        for (var hosts = 1; hosts <= 3; hosts++)
        {
            yield return ($"CPU per request, {Side(hosts)}, in ms", One(hosts));
            yield return ($"of these the hosts' own, {Side(hosts)}, in ms", round[Side(hosts)].More["own"] / _requests * 1000);
        }
    }

    public override async Task PrepareAsync(string folder, bool quick)
    {
        (_folder, _requests) = (folder, quick ? 2000 : 12_000);
        (_postgres, _s3) = (await PostgresServer.StartAsync(), await S3Server.StartAsync());
    }

    public override async ValueTask EndAsync()
    {
        await _s3.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    static string Side(int hosts) => hosts == 1 ? "1 host" : $"{hosts} hosts";

    /// <summary>On a new database and a new bucket, with hosts that have warmed up: each has had as many requests as the others of all sides.</summary>
    async Task<Cost> RunAsync(int count)
    {
        var (database, bucket) = (await _postgres.CreateDatabaseAsync(), await _s3.CreateBucketAsync());
        string[] settings =
        [
            .. s_anna.Configuration(0), .. s_ben.Configuration(1), "--Sharing:Roles:0=social", "--Sharing:Roles:1=photos", "--Sharing:Roles:2=messages", $"--Sharing:PostgreSql={database}",
            $"--Sharing:S3={bucket.Endpoint}{bucket.Bucket}", $"--Sharing:S3AccessKey={bucket.AccessKey}", $"--Sharing:S3SecretKey={bucket.SecretKey}",
        ];
        var hosts = Enumerable.Range(0, count).Select(host => new ServerProcess(Path.Combine(_folder, $"host{host}"), settings)).ToArray();
        try
        {
            await Task.WhenAll(hosts.Select(static host => host.StartAsync()));
            var photos = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => UploadAsync(hosts[0].Address, number)));
            await LoadAsync(hosts, photos, _requests / 3 * count);
            var (own, theirs, started) = (hosts.Sum(static host => CpuOf(host.Id)), _postgres.Cpu(), Stopwatch.GetTimestamp());
            await LoadAsync(hosts, photos, _requests);
            (own, theirs) = (hosts.Sum(static host => CpuOf(host.Id)) - own, _postgres.Cpu() - theirs);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            return new(seconds, own + theirs, _requests / seconds) { More = new Dictionary<string, double>(StringComparer.Ordinal) { ["own"] = own } };
        }
        finally
        {
            foreach (var host in hosts)
            {
                await host.DisposeAsync();
            }
        }
    }

    static Task LoadAsync(ServerProcess[] hosts, string[] photos, int requests)
    {
        var next = 0;
        return Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            var random = new Random(client);
            for (var number = Interlocked.Increment(ref next); number <= requests; number = Interlocked.Increment(ref next))
            {
                var at = hosts[number % hosts.Length].Address;
                await (random.Next(100) switch
                {
                    < 30 => AskAsync(at, s_anna, HttpMethod.Post, "v1/messages", Json($$"""{"resource":{"name":"x","addresses":["https://films.example/x"]},"to":["ben"],"text":"No. {{number}}"}""")),
                    < 60 => AskAsync(at, s_ben, HttpMethod.Get, "v1/inbox?device=laptop&count=20"),
                    < 80 => AskAsync(at, s_anna, HttpMethod.Get, "v1/photos?count=20"),
                    < 95 => AskAsync(at, s_anna, HttpMethod.Get, $"v1/photos/{photos[random.Next(photos.Length)]}/content"),
                    _ => UploadAsync(at, random.Next(), s_ben),
                });
            }
        }));
    }

    static async Task<string> UploadAsync(Uri at, int seed, TourPerson? person = null)
    {
        var bytes = new byte[PictureBytes];
        new Random(seed).NextBytes(bytes);
        var content = new ByteArrayContent(bytes) { Headers = { ContentType = new("application/offset+octet-stream") } };
        using var answer = await SendAsync(at, person ?? s_anna, HttpMethod.Post, "v1/uploads/photos", content, ("Tus-Resumable", "1.0.0"), ("Upload-Length", $"{bytes.Length}"), ("Upload-Metadata", $"filename {Convert.ToBase64String("a.bin"u8)}"));
        return answer.Headers.GetValues("Upload-Result").Single();
    }

    static async Task AskAsync(Uri at, TourPerson person, HttpMethod method, string path, HttpContent? content = null)
    {
        using var answer = await SendAsync(at, person, method, path, content);
        await answer.Content.CopyToAsync(Stream.Null);
    }

    static async Task<HttpResponseMessage> SendAsync(Uri at, TourPerson person, HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(at, path)) { Content = content, Headers = { Authorization = new("Bearer", person.Token) } };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        var answer = await s_http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.IsSuccessStatusCode ? answer : throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    static double CpuOf(int process)
    {
        using var one = Process.GetProcessById(process);
        return one.TotalProcessorTime.TotalSeconds;
    }
}
