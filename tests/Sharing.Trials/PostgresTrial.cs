using System.Text.Json.Nodes;
using Sharing.Deployment;
using Sharing.Trials.PostgreSql;

namespace Sharing.Trials;

/// <summary>Two hosts commit to one PostgreSQL server that is stopped, killed, restarted again and again, made read-only, or has no connection left (row D1).</summary>
sealed class PostgresTrial : ITrial, IAsyncDisposable
{
    PostgresServer? _server;

    public string Name => "postgres";

    public int Count => 500;

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        _server ??= await PostgresServer.StartAsync(cancellationToken);
        var (trouble, facts) = (Enum.GetValues<PostgresTrouble>()[trial % Enum.GetValues<PostgresTrouble>().Length], new JsonObject());
        await using var course = new PostgresCourse(_server, await _server.CreateDatabaseAsync(cancellationToken), trouble, random, facts);
        return new(await course.RunAsync(cancellationToken), facts);
    }

    public async ValueTask DisposeAsync() => await (_server?.DisposeAsync() ?? default);
}
