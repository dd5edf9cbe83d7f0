using Sharing.S3;
using Sharing.Tour;

namespace Sharing.Deployment;

/// <summary>Three hosts, their roles apart, each role on two of them; nginx in front, PostgreSQL and an S3 store behind. All of it on this machine: a host is its processes.</summary>
public sealed class ThreeHosts : IStage
{
    // Which server of the story is where. What is not named here for two keeps nothing that another host would need: an index in memory, and the data servers that show it.
    static readonly Dictionary<string, int[]> s_places = new(StringComparer.Ordinal)
    {
        ["social"] = [0, 1], ["download"] = [1, 2], ["photos"] = [2, 0], ["index"] = [0], ["data-apart"] = [1], ["data-spread"] = [2],
    };

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sharing-deployment-");
    readonly PostgresServer _postgres;
    readonly Nginx _nginx;
    readonly List<(ServerProcess Process, string Name)>[] _hosts = [[], [], []];
    readonly Dictionary<string, Fleet> _fleets = new(StringComparer.Ordinal);
    readonly Writer _writer = new();
    int? _dead;
    int _next = 2;

    ThreeHosts(PostgresServer postgres, S3Server s3, Nginx nginx) => (_postgres, S3, _nginx) = (postgres, s3, nginx);

    /// <summary>The store of all contents.</summary>
    public S3Server S3 { get; }

    /// <summary>Starts what stands around the hosts.</summary>
    public static async Task<ThreeHosts> StartAsync(Board board)
    {
        board.Chapter("PostgreSQL, an S3 store, nginx");
        var stage = new ThreeHosts(await PostgresServer.StartAsync(), await S3Server.StartAsync(), new());
        board.Tell($"PostgreSQL and S3 ({stage.S3.Address}) are up. Host 1: social, photos. Host 2: social, download. Host 3: download, photos. Each server has a database and a bucket of its own, and an address at nginx.");
        return stage;
    }

    /// <inheritdoc/>
    public IServer Server(string name, IEnumerable<string> settings, params IServer[] indexes)
    {
        var (places, front) = (s_places[name], Nginx.Reserve());
        string[] all = [.. settings, .. _writer.People, $"--Sharing:PostgreSql={_postgres.ConnectionString(name)}", .. Bucket(name), $"--Sharing:RadarKeyFile={_folder}/radar.key"];
        ServerProcess[] own = places.Length > 1 && all.Any(static setting => setting.EndsWith("=data", StringComparison.Ordinal)) ? [.. places.Select(host => Index(name, host, front))] : [];
        Uri[] asked = [.. indexes.Select(static index => index.Address), .. own.Select(static index => index.Address)];
        var fleet = new Fleet(this, name, front, [.. places.Select(host => On(host, name, new(Place(host, name), all, front) { Indexes = asked }))], own);
        _nginx.Add(front, fleet.Processes);
        return _fleets[name] = fleet;
    }

    /// <inheritdoc/>
    public async Task DisturbAsync(Board board)
    {
        await ReviveAsync(board);
        var host = _next;
        _next = (_next + 2) % 3;
        await Task.WhenAll(_hosts[host].Select(static one => one.Process.KillAsync()));
        _dead = host;
        board.Tell($"Host {host + 1} is killed: {Names(host)}.");
        board.Check("H1", _hosts[host].TrueForAll(static one => !one.Process.IsRunning), $"host {host + 1} was killed in the middle, and people went on");
    }

    /// <summary>Shows what became of everything.</summary>
    public async Task ShowAsync(Board board)
    {
        board.Chapter("What became of it");
        await ReviveAsync(board);
        var (sent, failed) = (_writer.Sent, _writer.Failed);
        for (var host = 0; host < 3; host++)
        {
            foreach (var (process, _) in _hosts[host])
            {
                await process.StopAsync();
                await process.StartAsync();
            }

            await Task.Delay(TimeSpan.FromSeconds(2)); // until nginx has seen that they are back
        }

        board.Check("H4", _writer.Failed == failed && _writer.Sent > sent, $"each process was asked to end and started again, one after the other: {_writer.Sent - sent} messages meanwhile, {_writer.Failed - failed} failures");
        await _writer.StopAsync();
        foreach (var at in _fleets["download"].Processes)
        {
            var texts = await _writer.ReadAsync(at);
            board.Check("H2", _writer.Sent > 0 && texts.Count == _writer.Sent && texts.Distinct(StringComparer.Ordinal).Count() == texts.Count,
                $"through all of it Dora wrote to Emil, {_writer.Sent} times: at {at.Authority} he has {texts.Count} messages, each once ({_writer.Failed} tries failed and were repeated)");
        }

        foreach (var name in new[] { "social", "download", "photos" })
        {
            await _fleets[name].KillAsync(); // they scrub, too, and two cannot at once
            var (code, said) = await Admin.CheckAsync(_postgres.ConnectionString(name), S3.Bucket(name));
            await _fleets[name].StartAsync();
            board.Check("H3", code == 0, $"{name}: {said}");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        foreach (var fleet in _fleets.Values.ToArray())
        {
            await fleet.DisposeAsync();
        }

        await _nginx.DisposeAsync();
        await S3.DisposeAsync();
        await _postgres.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Makes a server's database and bucket, and its address.</summary>
    internal async Task MakePlacesAsync(string name)
    {
        await _postgres.CreateDatabaseAsync(name);
        await S3.CreateBucketAsync(name);
    }

    /// <summary>It can be reached from now on.</summary>
    internal async Task OpenAsync(Fleet fleet)
    {
        await _nginx.StartAsync();
        if (fleet.Name == "download")
        {
            _writer.Start(fleet.Address);
        }
    }

    internal void Forget(Fleet fleet)
    {
        _fleets.Remove(fleet.Name);
        _hosts.ToList().ForEach(host => host.RemoveAll(one => one.Name == fleet.Name));
    }

    async Task ReviveAsync(Board board)
    {
        if (_dead is { } dead)
        {
            await Task.WhenAll(_hosts[dead].Where(static one => !one.Process.IsRunning).Select(static one => one.Process.StartAsync()));
            board.Tell($"Host {dead + 1} is up again.");
            _dead = null;
        }
    }

    ServerProcess Index(string name, int host, Uri front) => On(host, name, new(Place(host, $"{name}-index"),
        ["--Sharing:Roles:0=index", "--Sharing:PeersOnThisMachine=true", $"--Sharing:DataServers:0={front}", $"--Sharing:ConfiguredHosts:0={front.Authority}"]));

    ServerProcess On(int host, string name, ServerProcess process)
    {
        _hosts[host].Add((process, name));
        return process;
    }

    IEnumerable<string> Bucket(string name)
    {
        var bucket = S3.Bucket(name);
        return [$"--Sharing:S3={bucket.Endpoint}{bucket.Bucket}", $"--Sharing:S3AccessKey={bucket.AccessKey}", $"--Sharing:S3SecretKey={bucket.SecretKey}"];
    }

    string Place(int host, string name) => Path.Combine(_folder.FullName, $"host{host + 1}", name);

    string Names(int host) => string.Join(", ", _hosts[host].Select(static one => one.Name).Distinct());
}
