using Sharing.Core;
using Sharing.Deployment;
using Sharing.PostgreSql;
using Sharing.S3;
using Sharing.Trials.PostgreSql;
using Sharing.Trials.Restart;
using Sharing.Trials.S3;

namespace Sharing.Trials.Several;

/// <summary>Three hosts on one PostgreSQL database and one bucket, each a process of the server sample; and whoever speaks to them.</summary>
sealed class HostsFleet : IAsyncDisposable
{
    public static readonly PersonId Anna = PersonId.Parse("anna"), Ben = PersonId.Parse("ben"), Cara = PersonId.Parse("cara");

    public const int Hosts = 3;

    readonly string _folder = Directory.CreateTempSubdirectory("sharing-hosts-").FullName;
    readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromSeconds(30) };
    readonly PostgresServer _postgres;
    readonly S3Server _s3;
    readonly ServerChild[] _hosts;
    readonly ServerConnection[] _connections;

    HostsFleet(string server, PostgresServer postgres, S3Server s3, string database, S3Options bucket)
    {
        (_postgres, _s3) = (postgres, s3);
        Records = new(new() { ConnectionString = database });
        Contents = new(bucket, Records);
        string[] settings =
        [
            .. RestartWitness.People("People", "anna", "ben", "cara"), $"--Sharing:PostgreSql={database}", $"--Sharing:S3={bucket.Endpoint}{bucket.Bucket}", $"--Sharing:S3AccessKey={bucket.AccessKey}",
            $"--Sharing:S3SecretKey={bucket.SecretKey}", "--Sharing:Roles:0=social", "--Sharing:Roles:1=data", "--Sharing:Roles:2=messages", "--Sharing:SweepInterval=00:00:01",
        ];
        _hosts = [.. Enumerable.Range(0, Hosts).Select(i => new ServerChild(server, Path.Combine(_folder, $"host{i}"), settings))];
        _connections = [.. _hosts.Select(host => new ServerConnection(_http, host.Address, static (person, _) => ValueTask.FromResult(person is { } one ? RestartWitness.TokenOf(one.Value) : null)))];
    }

    /// <summary>The records and the contents, past the hosts.</summary>
    public PostgreSqlRecordStore Records { get; }

    public S3ContentStore Contents { get; }

    public IReadOnlyList<ServerConnection> Connections => _connections;

    public static async Task<HostsFleet> StartAsync(string server, CancellationToken cancellationToken)
    {
        var postgres = await PostgresServer.StartAsync(cancellationToken);
        var s3 = await S3Server.StartAsync();
        var fleet = new HostsFleet(server, postgres, s3, await postgres.CreateDatabaseAsync(cancellationToken), await s3.CreateBucketAsync());
        await Task.WhenAll(fleet._hosts.Select(host => host.StartAsync(cancellationToken)));
        return fleet;
    }

    public Task<int> KillAsync(int host) => _hosts[host].KillAsync();

    /// <summary>Asks a host to end, and has the next start be of another version.</summary>
    public async Task<int> ReplaceAsync(int host, string server)
    {
        var stopped = await _hosts[host].StopAsync();
        _hosts[host].Become(server);
        return stopped;
    }

    public Task StartAsync(int host, CancellationToken cancellationToken) => _hosts[host].StartAsync(cancellationToken);

    /// <summary>Asks some host, and another one if that fails, until one has answered.</summary>
    public async Task<T> AnywhereAsync<T>(Random random, Func<ServerConnection, Task<T>> act, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await act(_connections[random.Next(_connections.Length)]);
            }
            catch (Exception fault) when (IsAway(fault) && !cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(20, cancellationToken);
            }
        }
    }

    /// <summary>Whether nothing is known of what became of a request.</summary>
    public static bool IsAway(Exception fault) =>
        fault is HttpRequestException or IOException or TaskCanceledException or SharingException { Code: ProblemCodes.Busy or ProblemCodes.UploadInterrupted or ProblemCodes.Conflict or ProblemCodes.Internal };

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await Contents.DisposeAsync();
        await Records.DisposeAsync();
        await _s3.DisposeAsync();
        await _postgres.DisposeAsync();
        _http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
