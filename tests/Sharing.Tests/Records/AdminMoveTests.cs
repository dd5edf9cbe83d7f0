using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.PostgreSql;
using Sharing.S3;
using Sharing.Tests.Content;

namespace Sharing.Tests.Records;

/// <summary>The program, run as an operator runs it who moves everything: records to PostgreSQL, contents to S3.</summary>
public sealed class AdminMoveTests(PostgresFixture postgres, S3Fixture servers) : PostgresDatabaseTests(postgres)
{
    readonly TemporaryFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    static byte[] Bytes(int seed)
    {
        var bytes = new byte[seed * 30_000];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    [Fact(Timeout = 180_000)]
    public async Task Everything_moves_and_a_move_that_was_broken_off_goes_on()
    {
        List<ContentInfo> contents = [];
        await using (var services = new ServiceCollection().AddLogging().AddSharing(sharing => sharing.UseFolder(_folder.Path)).BuildServiceProvider())
        {
            var (store, records) = (services.GetRequiredService<IContentStore>(), services.GetRequiredService<IRecordStore>());
            for (var i = 0; i < 8; i++)
            {
                contents.Add(await store.PutAsync(new MemoryStream(Bytes(i)), cancellationToken: Cancel)); // the first is a record
                await records.ChangeAsync(async batch => await services.GetRequiredService<ContentReferences>().AddAsync(batch, contents[i], "test", Cancel), Cancel);
            }
        }

        var damaged = contents[7].Id.ToString();
        var file = Path.Combine(_folder.Path, "content", "content", damaged[..2], damaged);
        await using (var stream = File.OpenWrite(file))
        {
            stream.Position = 100_000;
            stream.WriteByte((byte)(Bytes(7)[100_000] ^ 1));
        }

        var bucket = await servers.BucketAsync();
        (string, string)[] keys = [("AWS_ACCESS_KEY_ID", bucket.AccessKey!), ("AWS_SECRET_ACCESS_KEY", bucket.SecretKey!)];
        string[] place = ["--data", _folder.Path, "--postgresql", Database, "--s3", $"{bucket.Endpoint}{bucket.Bucket}"];
        Assert.Equal(0, (await AdminCheckTests.RunAsync("schema", "apply", "--postgresql", Database)).Code);
        var looked = await AdminCheckTests.RunAsync(keys, ["migrate", .. place, "--dry-run"]);
        Assert.Contains("7 contents, 0 of them there already", looked.Output, StringComparison.Ordinal);

        // Broken off: the records are there, and two contents.
        await using (var database = new PostgreSqlRecordStore(new() { ConnectionString = Database }))
        {
            await using (var sqlite = new Sqlite.SqliteRecordStore(new() { Path = _folder.Join("sharing.db") }))
            {
                await new RecordMove(sqlite, database) { IsMoreToCome = true }.RunAsync(cancellationToken: Cancel);
            }

            await using var store = new S3ContentStore(bucket, database);
            await store.PutAsync(new MemoryStream(Bytes(1)), cancellationToken: Cancel);
            await store.PutAsync(new MemoryStream(Bytes(2)), cancellationToken: Cancel);
        }

        var moved = await AdminCheckTests.RunAsync(keys, ["migrate", .. place]);
        Assert.True(moved.Code == 1, moved.Output + moved.Errors);
        Assert.Contains("The records were brought before.", moved.Output, StringComparison.Ordinal);
        Assert.Contains($"{damaged} is damaged in the folder", moved.Output, StringComparison.Ordinal);
        Assert.Contains("6 contents are there, each hashed where it is now; 1 were damaged", moved.Output, StringComparison.Ordinal);

        string[] there = ["--postgresql", Database, "--s3", $"{bucket.Endpoint}{bucket.Bucket}"];
        var check = await AdminCheckTests.RunAsync(keys, ["scrub", .. there]);
        Assert.True(check.Code == 1, check.Output + check.Errors); // what was damaged is missing
        Assert.Contains("7 contents sound, 0 mended, 0 damaged and put aside, 1 missing", check.Output, StringComparison.Ordinal);
        var stats = await AdminCheckTests.RunAsync(keys, ["stats", .. there]);
        Assert.Matches(@"contents\s+7\s", stats.Output);
        Assert.Contains("Say where to", (await AdminCheckTests.RunAsync("migrate", "--data", _folder.Path)).Errors, StringComparison.Ordinal);

        await using var host = new ServiceCollection().AddLogging().AddSharing(sharing => sharing.UsePostgreSql(Database).UseS3(bucket)).BuildServiceProvider();
        for (var i = 0; i < 7; i++)
        {
            await using var reader = await host.GetRequiredService<IContentStore>().OpenAsync(contents[i].Id, Cancel);
            var read = new byte[Bytes(i).Length];
            Assert.Equal(read.Length, await reader!.ReadUpToAsync(ContentArea.Data, 0, read, Cancel));
            Assert.Equal(Bytes(i), read);
        }
    }
}
