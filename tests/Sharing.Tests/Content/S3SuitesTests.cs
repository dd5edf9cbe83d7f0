using Sharing.Offline;
using Sharing.PostgreSql;
using Sharing.S3;
using Sharing.Testing;
using Sharing.Tests.Hosting;
using Sharing.Tests.Library;
using Sharing.Tests.Records;
using Sharing.Tests.Uploads;

namespace Sharing.Tests.Content;

// The suites of whatever keeps bytes, with the bytes in a bucket and the records in PostgreSQL: as several hosts have them.

public abstract class PostgreSqlAndS3TusTests(PostgresFixture postgres, S3Fixture servers, bool lax) : TusSuite
{
    UploadHost _host = null!;

    protected override async Task<TusUnderTest> CreateAsync()
    {
        var (place, bucket) = (await postgres.PlaceAsync(), await servers.BucketAsync(lax));
        _host = await UploadHost.InMemoryAsync(sharing => sharing.UsePostgreSql(place).UseS3(bucket));
        return new(_host.Http, _host.Endpoint, _host.BytesOfAsync);
    }

    protected override ValueTask CleanUpAsync() => _host.DisposeAsync();
}

public sealed class S3TusTests(PostgresFixture postgres, S3Fixture servers) : PostgreSqlAndS3TusTests(postgres, servers, lax: false);

public sealed class LaxS3TusTests(PostgresFixture postgres, S3Fixture servers) : PostgreSqlAndS3TusTests(postgres, servers, lax: true);

public abstract class PostgreSqlAndS3LibraryTests(PostgresFixture postgres, S3Fixture servers, bool lax) : LibrarySuite
{
    PostgreSqlOptions _place = null!;
    S3Options _bucket = null!;

    private protected override async Task PrepareAsync() => (_place, _bucket) = (await postgres.PlaceAsync(), await servers.BucketAsync(lax));

    private protected override void Configure(SharingBuilder sharing, string folder) => sharing.UsePostgreSql(_place).UseS3(_bucket);

    private protected override IOfflineStore StoreOf(SharingHost host) => host.Get<IOfflineStore>();
}

public sealed class S3LibraryTests(PostgresFixture postgres, S3Fixture servers) : PostgreSqlAndS3LibraryTests(postgres, servers, lax: false);

public sealed class LaxS3LibraryTests(PostgresFixture postgres, S3Fixture servers) : PostgreSqlAndS3LibraryTests(postgres, servers, lax: true);
