using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Spectre.Console;

namespace Sharing.Admin;

/// <summary><c>sharing-admin stats</c>: how much there is of what.</summary>
static class StatsCommand
{
    public static Command Make()
    {
        var place = new PlaceOptions();
        var stats = new Command("stats", "Counts records by kind, contents and what is still coming, and their bytes. Looks at every record once.") { place.Data, place.PostgreSql, place.Schema, place.S3 };
        stats.SetCheckedAction((parsed, cancellationToken) =>
            RunAsync(PlaceOptions.Open(parsed.GetValue(place.Data), place.DatabaseOf(parsed), place.BucketOf(parsed)), cancellationToken));
        return stats;
    }

    static async Task<int> RunAsync(ServiceProvider place, CancellationToken cancellationToken)
    {
        await using var services = place;
        SortedDictionary<string, (long Count, long Bytes)> counts = new(StringComparer.Ordinal);
        void Count(string what, long bytes) => counts[what] = counts.TryGetValue(what, out var before) ? (before.Count + 1, before.Bytes + bytes) : (1, bytes);
        await foreach (var record in services.GetRequiredKeyedService<IRecordStore>("driver").ScanAsync(RecordRange.All, cancellationToken))
        {
            Count("record " + record.Key.Kind, record.Json.Length);
        }

        var store = services.GetRequiredService<IContentStore>();
        await foreach (var info in store.ListAsync(cancellationToken))
        {
            Count("contents", info.Length);
        }

        await foreach (var _ in ((IPartialListing)store).ListPartialsAsync(cancellationToken))
        {
            Count("contents that are still coming", 0);
        }

        var table = new Table { Border = TableBorder.Simple }.AddColumn("").AddColumn(new TableColumn("how many").RightAligned()).AddColumn(new TableColumn("bytes").RightAligned());
        foreach (var (what, (count, bytes)) in counts)
        {
            table.AddRow(what, count.ToString("N0", CultureInfo.InvariantCulture), bytes == 0 ? "" : bytes.ToString("N0", CultureInfo.InvariantCulture));
        }

        AnsiConsole.Write(table);
        return Acting.Ok;
    }
}
