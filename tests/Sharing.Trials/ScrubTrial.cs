using Sharing.Deployment;
using Sharing.Trials.PostgreSql;
using Sharing.Trials.Rot;
using Sharing.Trials.S3;

namespace Sharing.Trials;

/// <summary>The trial "rot" with the records in PostgreSQL and the contents in S3: something in the bucket or in the database changes, or one of them is older than the other. Nobody gets a
/// wrong body, one scrub finds it, and it is brought again from its origin.</summary>
sealed class ScrubTrial : ITrial, IAsyncDisposable
{
    PostgresServer? _postgres;
    S3Stub? _bucket;
    RotHost? _host;
    SharedMutation? _mutation;

    public string Name => "scrub";

    public int Count => 2000;

    public async Task<TrialOutcome> RunAsync(int trial, Random random, CancellationToken cancellationToken)
    {
        if (_host is null)
        {
            _postgres ??= await PostgresServer.StartAsync(cancellationToken);
            _bucket = await S3Stub.StartAsync(TimeProvider.System, new Random(1));
            var (database, bucket) = (await _postgres.CreateDatabaseAsync(cancellationToken), _bucket.Options("host"));
            _mutation = new(_bucket);
            _host = await RotHost.StartAsync(random, cancellationToken, sharing => sharing.UsePostgreSql(database).UseS3(bucket));
        }

        try
        {
            return await RotTrial.RunAsync(_host, random, _mutation!.Draw, cancellationToken);
        }
        catch
        {
            await EndHostAsync(); // the next trial is not to suffer from this one
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndHostAsync();
        await (_postgres?.DisposeAsync() ?? default);
    }

    async ValueTask EndHostAsync()
    {
        if (_host is { } host)
        {
            _host = null;
            await host.DisposeAsync();
            await _bucket!.DisposeAsync();
        }
    }
}
