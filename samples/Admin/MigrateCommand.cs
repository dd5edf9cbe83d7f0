using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.PostgreSql;
using Sharing.S3;
using Spectre.Console;

namespace Sharing.Admin;

/// <summary><c>sharing-admin migrate</c>: a data folder's records into a database, its contents into an S3 store, or both.</summary>
static class MigrateCommand
{
    public static Command Make()
    {
        var place = new PlaceOptions();
        place.Data.Required = true;
        place.PostgreSql.Description = "Brings the records into this PostgreSQL database.";
        place.S3.Description = place.S3.Description!.Replace("The bucket of the S3 store that keeps the contents, if one does:", "Brings the contents into this bucket of an S3 store:", StringComparison.Ordinal);
        var dry = new Option<bool>("--dry-run") { Description = "Only count what is to be brought." };
        var migrate = new Command(
            "migrate",
            "Brings the records of a data folder into a PostgreSQL database and compares them all, or its contents into an S3 store and hashes them all, or both. Nobody may use either meanwhile. "
            + "Broken off, it is gone on with by running it again. The folder stays as it is. Exit codes: 0 all was brought, 1 all but damaged contents, 2 it was not.")
        {
            place.Data, place.PostgreSql, place.Schema, place.S3, dry,
        };
        migrate.Validators.Add(result =>
        {
            if (result.GetValue(place.PostgreSql) is null && result.GetValue(place.S3) is null)
            {
                result.AddError("Say where to: --postgresql, --s3, or both.");
            }
        });
        migrate.SetCheckedAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(place.Data)!, place.DatabaseOf(parsed) is { } database ? database with { ApplySchema = !parsed.GetValue(dry) } : null, place.BucketOf(parsed), parsed.GetValue(dry), cancellationToken));
        return migrate;
    }

    static async Task<int> RunAsync(DirectoryInfo data, PostgreSqlOptions? database, S3Options? bucket, bool dry, CancellationToken cancellationToken)
    {
        await using var from = PlaceOptions.Open(data, null, null);
        var records = from.GetRequiredKeyedService<IRecordStore>("driver");
        await using var to = database is null ? null : new PostgreSqlRecordStore(database);
        var move = to is null ? null : new RecordMove(records, to) { IsMoreToCome = bucket is not null };
        if (move is not null)
        {
            await MoveRecordsAsync(move, dry, cancellationToken);
        }

        var damaged = bucket is null ? 0 : await MoveContentsAsync(PlaceOptions.PathIn(data, isNeeded: true, "content"), bucket, to ?? records, dry, cancellationToken);
        if (!dry)
        {
            await (move?.EndAsync(cancellationToken) ?? Task.CompletedTask);
            Console.WriteLine($"Start the hosts with {(database is null ? "the S3 store" : bucket is null ? "the database" : "both")}; keep '{data.FullName}'{(bucket is null ? ": the contents are in it" : database is null ? ": the records are in it" : " until you are content")}.");
        }

        return damaged == 0 ? Acting.Ok : Acting.Found;
    }

    static async Task MoveRecordsAsync(RecordMove move, bool dry, CancellationToken cancellationToken)
    {
        if (await move.IsDoneAsync(cancellationToken))
        {
            Console.WriteLine("The records were brought before.");
            return;
        }

        if (dry)
        {
            var (records, there) = await move.LookAsync(cancellationToken);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{records} records, {there} of them there already."));
            return;
        }

        var count = await WithBarAsync("Records", async () => (await move.LookAsync(cancellationToken)).Records, bar => move.RunAsync(bar, cancellationToken));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} records were brought, and are the same in both."));
    }

    /// <returns>How many were damaged before.</returns>
    static async Task<int> MoveContentsAsync(string folder, S3Options place, IRecordStore records, bool dry, CancellationToken cancellationToken)
    {
        await using var from = new FolderContentStore(folder);
        await using var to = new S3ContentStore(place, records);
        var move = new ContentMove(from, to);
        if (dry)
        {
            var (contents, bytes, there) = await move.LookAsync(cancellationToken);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{contents} contents, {there} of them there already; {bytes} bytes are to be brought."));
            return 0;
        }

        var (brought, damaged) = await WithBarAsync("Contents", async () => (await move.LookAsync(cancellationToken)).Bytes, bar => move.RunAsync(bar, cancellationToken));
        foreach (var id in damaged)
        {
            Console.WriteLine($"{id} is damaged in the folder, and was not brought.");
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{brought} contents are there, each hashed where it is now; {damaged.Count} were damaged before."));
        return damaged.Count;
    }

    static async Task<T> WithBarAsync<T>(string what, Func<Task<long>> count, Func<IProgress<long>?, Task<T>> act) => Console.IsOutputRedirected
        ? await act(null)
        : await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress => await act(new Advance(progress.AddTask(what, maxValue: Math.Max(1, await count())))));
}
