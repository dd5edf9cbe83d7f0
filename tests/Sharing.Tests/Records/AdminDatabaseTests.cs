using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sharing.PostgreSql;
using Sharing.Tests.Content;

namespace Sharing.Tests.Records;

/// <summary>The program, run as an operator runs it who moves to PostgreSQL.</summary>
public sealed class AdminDatabaseTests(PostgresFixture postgres) : PostgresDatabaseTests(postgres)
{
    readonly TemporaryFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact(Timeout = 120_000)]
    public async Task Records_move_from_a_folder_into_a_database_and_are_found_in_order()
    {
        await using (var services = new ServiceCollection().AddLogging().AddSharing(sharing => sharing.UseFolder(_folder.Path)).BuildServiceProvider())
        {
            var content = await services.GetRequiredService<IContentStore>().PutAsync(new MemoryStream(new byte[200_000]), cancellationToken: Cancel);
            for (var i = 0; i < 250; i++)
            {
                var batch = new RecordBatch().Put(RecordKey.Of("thing", i.ToString(CultureInfo.InvariantCulture)), "{\"ü\": 1.50}"u8.ToArray(), RecordBatch.Absent);
                Assert.True(i > 0 || await services.GetRequiredService<Core.ContentReferences>().AddAsync(batch, content, "test", Cancel));
                await services.GetRequiredService<IRecordStore>().CommitAsync(batch, Cancel);
            }
        }

        string[] there = ["--data", _folder.Path, "--postgresql", Database];
        Assert.Equal((2, "", true), await AdminCheckTests.RunAsync(["migrate", .. there, "--dry-run"]) is var (code, _, wrong) ? (code, "", wrong.Contains("schema apply", StringComparison.Ordinal)) : default);
        Assert.Equal(0, (await AdminCheckTests.RunAsync("schema", "apply", "--postgresql", Database)).Code);
        Assert.Contains($"Step {PostgreSqlSchema.Latest} of {PostgreSqlSchema.Latest}", (await AdminCheckTests.RunAsync("schema", "status", "--postgresql", Database)).Output, StringComparison.Ordinal);
        var looked = await AdminCheckTests.RunAsync(["migrate", .. there, "--dry-run"]);
        Assert.Contains("records, 0 of them there already", looked.Output, StringComparison.Ordinal);
        var moved = await AdminCheckTests.RunAsync(["migrate", .. there]);
        Assert.True(moved.Code == 0, moved.Errors);
        Assert.StartsWith(looked.Output.Split(' ')[0] + " records were brought", moved.Output, StringComparison.Ordinal);
        await using (var records = new PostgreSqlRecordStore(new() { ConnectionString = Database }))
        {
            Assert.Equal("{\"ü\": 1.50}", Encoding.UTF8.GetString((await records.GetAsync(RecordKey.Of("thing", "7"), Cancel))!.Json.Span));
        }

        var check = await AdminCheckTests.RunAsync(["check", .. there]);
        Assert.True(check.Code == 0, check.Output + check.Errors);
        Assert.Contains("1 contents sound", check.Output, StringComparison.Ordinal);
        var again = await AdminCheckTests.RunAsync(["migrate", .. there]);
        Assert.Equal(2, again.Code);
        Assert.Contains("There are records already", again.Errors, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_an_administrator_is_printed_can_be_run()
    {
        var script = await AdminCheckTests.RunAsync("schema", "script", "--schema", "club");
        await Server.ExecuteAsync("SET ROLE app; " + script.Output, Database, Cancel);
        Assert.Equal(0, (await AdminCheckTests.RunAsync("schema", "status", "--schema", "club", "--postgresql", Database)).Code);
        Assert.Equal(1, (await AdminCheckTests.RunAsync("schema", "status", "--postgresql", Database)).Code);
    }
}
