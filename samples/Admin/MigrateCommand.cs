using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.PostgreSql;
using Spectre.Console;

namespace Sharing.Admin;

/// <summary><c>sharing-admin migrate</c>: the records of a data folder into a database.</summary>
static class MigrateCommand
{
    public static Command Make()
    {
        var place = new PlaceOptions();
        place.PostgreSql.Required = true;
        var dry = new Option<bool>("--dry-run") { Description = "Only count what is to be brought." };
        var migrate = new Command(
            "migrate",
            "Brings the records of a data folder into a PostgreSQL database, and compares them all. Nobody may use either meanwhile. Broken off, it is gone on with by running it again. "
            + "The folder stays as it is; contents stay in it. Exit codes: 0 all was brought, 2 it was not.")
        {
            place.Data, place.PostgreSql, place.Schema, dry,
        };
        migrate.SetCheckedAction((parsed, cancellationToken) =>
            RunAsync(parsed.GetRequiredValue(place.Data), place.DatabaseOf(parsed)! with { ApplySchema = !parsed.GetValue(dry) }, parsed.GetValue(dry), cancellationToken));
        return migrate;
    }

    static async Task<int> RunAsync(DirectoryInfo data, PostgreSqlOptions database, bool dry, CancellationToken cancellationToken)
    {
        await using var from = PlaceOptions.Open(data, null);
        await using var to = new PostgreSqlRecordStore(database);
        var move = new RecordMove(from.GetRequiredService<IRecordStore>(), to);
        if (dry)
        {
            var (records, there) = await move.LookAsync(cancellationToken);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{records} records, {there} of them there already."));
            return Acting.Ok;
        }

        var count = Console.IsOutputRedirected
            ? await move.RunAsync(progress: null, cancellationToken)
            : await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async progress =>
            {
                var (records, _) = await move.LookAsync(cancellationToken);
                return await move.RunAsync(new Advance(progress.AddTask("Records", maxValue: Math.Max(1, records))), cancellationToken);
            });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} records were brought, and are the same in both. Start the hosts with the database; keep '{data.FullName}': the contents are in it."));
        return Acting.Ok;
    }
}
