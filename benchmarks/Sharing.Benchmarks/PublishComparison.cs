using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.Offline;
using Sharing.Social;
using Sharing.Tour;
using Sharing.Trials;

namespace Sharing.Benchmarks;

/// <summary>Publishing out of the outbox, every step of it synced to disk, against a client that people use, and against bare loops of requests at real servers.</summary>
sealed class PublishComparison : Comparison, IDisposable
{
    const int AtOnce = 32, AtServers = 24;
    const string Sink = "to a sink", PerPython = "Mastodon.py", Bluesky = "to an AT Protocol server", BareBluesky = "bare loop, AT Protocol", Fediverse = "to a server of the fediverse", BareFediverse = "bare loop, fediverse", BesideHanging = "beside a network that hangs";

    static readonly PersonId s_anna = PersonId.Parse("anna");

    HttpClient _http = null!;
    string _folder = "";
    int _posts, _atServers, _deliveries, _rounds;
    NodeServer _sink = null!;
    NodeServer _fred = null!;
    AtProtoNetwork _network = null!;

    public override string Name => "publish";

    public override string About => string.Create(CultureInfo.InvariantCulture, $"{_posts:N0} posts to a server on this machine that speaks Mastodon's API and does nothing else: the outbox on SQLite (each post's intent and outcome synced to disk), {AtOnce} at once, against Mastodon.py, which writes nothing down. ")
        + string.Create(CultureInfo.InvariantCulture, $"{_atServers:N0} posts to a real AT Protocol server and {_deliveries:N0} to a real server of the fediverse (Fedify), {AtServers} at once, against a loop of the same requests, signed in or signed as they must be, that writes nothing down");

    public override double Target => 1;

    public override int Judged => 3;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides =>
        [(Sink, SinkAsync), (PerPython, PythonAsync), (Bluesky, BlueskyAsync), (BareBluesky, BareBlueskyAsync), (Fediverse, FediverseAsync), (BareFediverse, BareFediverseAsync), (BesideHanging, BesideHangingAsync)];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round)
    {
        yield return ("posts a second ÷ Mastodon.py ÷ 6", round[PerPython].Seconds / round[Sink].Seconds / 6);
        yield return ("posts a second ÷ bare loop ÷ 0.95, AT Protocol", round[BareBluesky].Seconds / round[Bluesky].Seconds / 0.95);
        yield return ("posts a second ÷ bare loop ÷ 0.95, fediverse", round[BareFediverse].Seconds / round[Fediverse].Seconds / 0.95);
        yield return ("posts a second", _posts / round[Sink].Seconds);
        yield return ("posts a second, Mastodon.py", _posts / round[PerPython].Seconds);
        yield return ("posts a second, AT Protocol", _atServers / round[Bluesky].Seconds);
        yield return ("posts a second, fediverse", _deliveries / round[Fediverse].Seconds);
        yield return ("ms that the last post comes later beside a network that hangs", 1000 * (round[BesideHanging].Seconds - round[Sink].Seconds));
        yield return ("processor time of a post in ms", 1000 * round[Sink].CpuSeconds / _posts);
        yield return ("processor time of a post in ms, Mastodon.py", 1000 * round[PerPython].CpuSeconds / _posts);
    }

    public override async Task PrepareAsync(string folder, bool quick)
    {
        SQLitePCL.Batteries_V2.Init();
        _http = new();
        (_folder, _posts, _atServers, _deliveries) = (folder, quick ? 500 : 10_000, quick ? 50 : 300, quick ? 100 : 1000);
        await Rival.ShellAsync($"bash '{Path.Combine(AppContext.BaseDirectory, "networks", "install.sh")}' '{Path.Combine(Path.GetTempPath(), "sharing-test-networks")}' && cp '{Path.Combine(AppContext.BaseDirectory, "rival_sink.mjs")}' '{Path.Combine(Path.GetTempPath(), "sharing-test-networks")}'");
        _sink = await NodeServer.StartAsync("rival_sink.mjs", []);
        _fred = await NodeServer.StartAsync("activitypub.mjs", ["fred"]);
        _network = await AtProtoNetwork.StartAsync(appView: false);
    }

    public void Dispose() => _http.Dispose();

    public override async ValueTask EndAsync()
    {
        await _sink.DisposeAsync();
        await _fred.DisposeAsync();
        await _network.DisposeAsync();
        Dispose();
    }

    async Task<Cost> SinkAsync()
    {
        await using var services = Services(static sharing => sharing.AddMastodon(), AtOnce);
        return await PublishAsync(services, "mastodon", new(_sink.Said + "/"), null, "token", _posts, AtOnce);
    }

    /// <summary>The same posts, while a second network takes connections and never answers.</summary>
    async Task<Cost> BesideHangingAsync()
    {
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        await using var services = Services(static sharing => sharing.AddMastodon().AddWebhooks(), AtOnce);
        await services.GetRequiredService<IAccounts>().ConnectAsync(s_anna, "webhook", new AccountToken("whsec_c2hhcmluZy1zaGFyaW5nLXNoYXJpbmc=", new(string.Create(CultureInfo.InvariantCulture, $"http://{hanging.LocalEndpoint}/hook"))));
        using var ended = new CancellationTokenSource();
        var outbox = services.GetRequiredService<Outbox>();
        var hang = new TaskCompletionSource();
        var lanes = Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            await hang.Task;
            while (await outbox.RunOnceAsync("webhook", ended.Token))
            {
            }
        })));
        var cost = await PublishAsync(services, "mastodon", new(_sink.Said + "/"), null, "token", _posts, AtOnce, hang.SetResult);
        await ended.CancelAsync();
        await ((Task)lanes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return cost;
    }

    async Task<Cost> PythonAsync()
    {
        using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "rival_publish.py"), _sink.Said, _posts.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var said = (await python.StandardOutput.ReadToEndAsync()).Split(' ');
        await python.WaitForExitAsync();
        return new(double.Parse(said[0], CultureInfo.InvariantCulture), double.Parse(said[1], CultureInfo.InvariantCulture));
    }

    async Task<Cost> BlueskyAsync()
    {
        await using var services = Services(static sharing => sharing.AddBluesky(static options => (options.PointsAnHour, options.PointsADay) = (int.MaxValue, int.MaxValue)), AtServers);
        return await PublishAsync(services, "bluesky", _network.Address, await _network.AddAsync("ours"), "secret", _atServers, AtServers);
    }

    async Task<Cost> BareBlueskyAsync()
    {
        var handle = await _network.AddAsync("bare");
        var (did, token) = ("", "");
        async Task SignInAsync()
        {
            using var answer = await _http.PostAsJsonAsync(new Uri(_network.Address, "xrpc/com.atproto.server.createSession"), new { identifier = handle, password = "secret" });
            var session = (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
            (did, token) = (session["did"]!.ToString(), session["accessJwt"]!.ToString());
        }

        return await LoopAsync(_atServers, SignInAsync, async i =>
        {
            var post = PostOf(i);
            var key = Tid.Of(post.At, post.Key, 0);
            var record = new JsonObject
            {
                ["$type"] = "app.bsky.feed.post", ["text"] = post.Text, ["createdAt"] = BlueskyRecords.Time(post.At),
                ["embed"] = new JsonObject { ["$type"] = "app.bsky.embed.external", ["external"] = new JsonObject { ["uri"] = post.Link.ToString(), ["title"] = "film.mkv", ["description"] = "origin.example.org" } },
            };
            JsonObject Write(string type, JsonObject value) => new() { ["$type"] = "com.atproto.repo.applyWrites#create", ["collection"] = type, ["rkey"] = key, ["value"] = value };
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_network.Address, "xrpc/com.atproto.repo.applyWrites"))
            {
                Content = Xrpc.Json(new() { ["repo"] = did, ["writes"] = new JsonArray(Write("app.bsky.feed.post", record), Write(ResourceRecord.Type, ResourceRecord.Of(post, did, key))) }),
                Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
            };
            using var made = await _http.SendAsync(request);
            made.EnsureSuccessStatusCode();
        });
    }

    async Task<Cost> FediverseAsync()
    {
        await using var app = await ActorAsync();
        var (deliveries, documents, records) = (app.Services.GetRequiredService<Deliveries>(), app.Services.GetRequiredService<ActivityDocuments>(), app.Services.GetRequiredService<IRecordStore>());
        for (var i = 0; i < _deliveries; i++)
        {
            var batch = new RecordBatch();
            await deliveries.ScheduleAsync(batch, "anna", new(_fred.Said + "/inbox"), documents.Activity(new("anna", PostOf(i), DateTimeOffset.UnixEpoch)), default);
            await records.CommitAsync(batch);
        }

        return await MeasureAsync(() => Task.WhenAll(Enumerable.Range(0, AtServers).Select(_ => Task.Run(async () =>
        {
            while (await deliveries.RunOnceAsync())
            {
            }
        }))));
    }

    async Task<Cost> BareFediverseAsync()
    {
        await using var app = await ActorAsync();
        var documents = app.Services.GetRequiredService<ActivityDocuments>();
        var actor = (await app.Services.GetRequiredService<Actors>().FindAsync("anna", default))!;
        using var lent = documents.LendKey(actor);
        var inbox = new Uri(_fred.Said + "/inbox");
        return await LoopAsync(_deliveries, static () => Task.CompletedTask, async i =>
        {
            var body = Encoding.UTF8.GetBytes(documents.Activity(new("anna", PostOf(i), DateTimeOffset.UnixEpoch)).ToJsonString());
            using var request = new HttpRequestMessage(HttpMethod.Post, inbox) { Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/activity+json") } } };
            HttpSignatures.SignByDraft(request, inbox.Authority, body, documents.KeyIdOf(actor), lent.Key, TimeProvider.System.GetUtcNow());
            using var taken = await _http.SendAsync(request);
            taken.EnsureSuccessStatusCode();
        });
    }

    /// <summary>A host whose actor the other server can look up.</summary>
    async Task<WebApplication> ActorAsync()
    {
        var port = ServerProcess.FreePort();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        Add(builder.Services, sharing => sharing.AddActivityPub(options => options.PublicAddress = new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}/"))), AtServers);
        var app = builder.Build();
        app.MapSharingFederation();
        await app.StartAsync();
        await ((IAccountSignIn)app.Services.GetServices<ISocialPublisher>().Single(static one => one.Traits.Network == "fediverse")).SignInAsync(new() { Owner = s_anna, Network = "fediverse" }, default);
        return app;
    }

    ServiceProvider Services(Action<SharingBuilder> add, int atOnce)
    {
        var services = new ServiceCollection().AddLogging();
        Add(services, add, atOnce);
        return services.BuildServiceProvider();
    }

    void Add(IServiceCollection services, Action<SharingBuilder> add, int atOnce) => services.AddSharing(sharing =>
    {
        sharing.UseSqlite(Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"publish{_rounds++}.db"))).WithBackgroundWork(false)
            .WithFetching(static fetching =>
            {
                fetching.Configured.Add("127.0.0.1");
                fetching.Configured.Add("localhost");
            })
            .AddPosts(offline => offline.ConcurrentPublishes = atOnce);
        add(sharing);
    });

    static Post PostOf(int i) => new()
    {
        Key = string.Create(CultureInfo.InvariantCulture, $"{Guid.NewGuid():N}{i}"), Author = s_anna, Text = string.Create(CultureInfo.InvariantCulture, $"film {i}"), Link = new(string.Create(CultureInfo.InvariantCulture, $"https://share.example.org/d/{i}")),
        Audience = Audience.Everyone, At = TimeProvider.System.GetUtcNow(), Resource = new() { Address = new("https://origin.example.org/film.mkv"), Name = "film.mkv" },
    };

    /// <summary>Shares, unmeasured, and then measures until all of it is published.</summary>
    static async Task<Cost> PublishAsync(ServiceProvider services, string network, Uri server, string? name, string token, int count, int atOnce, Action? begin = null)
    {
        var (posts, outbox) = (services.GetRequiredService<IPosts>(), services.GetRequiredService<Outbox>());
        await services.GetRequiredService<IAccounts>().ConnectAsync(s_anna, network, new AccountToken(token, server, name));
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancellationToken) => await posts.ShareAsync(
            s_anna, new() { Resource = new() { Address = new("https://origin.example.org/film.mkv"), Name = "film.mkv" }, Audience = Audience.Everyone, Text = string.Create(CultureInfo.InvariantCulture, $"film {i}"), Key = string.Create(CultureInfo.InvariantCulture, $"{i}") }, cancellationToken));
        var sent = 0;
        begin?.Invoke();
        var cost = await MeasureAsync(() => Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            while (await outbox.RunOnceAsync(network))
            {
                Interlocked.Increment(ref sent);
            }
        }))));
        var page = await posts.ListAsync(s_anna, null, 100);
        return sent >= count && page.Posts.All(post => post.Ledger!.Any(line => line.Network == network && line.State == PublishState.Sent)) ? cost
            : throw new InvalidOperationException($"{sent} of {count} were published: {page.Posts.SelectMany(static post => post.Ledger!).FirstOrDefault(line => line.Network == network && line.State != PublishState.Sent)}");
    }

    static Task<Cost> LoopAsync(int count, Func<Task> begin, Func<int, Task> post) => MeasureAsync(async () =>
    {
        await begin();
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtServers }, async (i, _) => await post(i));
    });

    static async Task<Cost> MeasureAsync(Func<Task> work)
    {
        using var self = Process.GetCurrentProcess();
        var (began, cpu) = (Stopwatch.GetTimestamp(), self.TotalProcessorTime);
        await work();
        self.Refresh();
        return new(Stopwatch.GetElapsedTime(began).TotalSeconds, (self.TotalProcessorTime - cpu).TotalSeconds);
    }
}
