using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Spectre.Console;

namespace Sharing.Admin;

/// <summary><c>sharing-admin check</c>: is everything there, and is it what it should be?</summary>
static class CheckCommand
{
    public static Command Make()
    {
        var place = new PlaceOptions();
        var fast = new Option<bool>("--fast") { Description = "Look at records and names only; hash no bytes." };
        var json = new Option<bool>("--json") { Description = "One JSON object instead of words." };
        var check = new Command(
            "check",
            "Checks the database, holds the records of all contents against each other and against the store, and hashes every content again. What is damaged is "
            + "put aside (in the folder 'quarantine', or under another record); the server brings it again from its origin, if it can. Exit codes: 0 all is well, 1 something was found, 2 it could not be checked.")
        {
            place.Data, place.PostgreSql, place.Schema, place.S3, fast, json,
        };
        check.Aliases.Add("scrub");
        check.SetCheckedAction((parsed, cancellationToken) =>
            RunAsync(PlaceOptions.Open(parsed.GetValue(place.Data), place.DatabaseOf(parsed), place.BucketOf(parsed)), parsed.GetValue(fast), parsed.GetValue(json), cancellationToken));
        return check;
    }

    static async Task<int> RunAsync(ServiceProvider place, bool fast, bool json, CancellationToken cancellationToken)
    {
        await using var services = place;
        var database = await ((IRecordCheck)services.GetRequiredKeyedService<IRecordStore>("driver")).CheckAsync(cancellationToken);
        var findings = await ActivatorUtilities.CreateInstance<ContentAudit>(services).RunAsync(cancellationToken).ToListAsync(cancellationToken);
        ScrubOutcome? scrubbed = fast || database.Count > 0 ? null : await ScrubAsync(services, json, cancellationToken);
        var wrong = database.Count + findings.Count(finding => finding.Kind != ContentFindingKind.Unreferenced)
            + (scrubbed is { } found ? found.Mended + found.Damaged + found.Strays : 0);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new CheckReport(wrong == 0, database, findings, scrubbed), AdminJson.Default.CheckReport));
        }
        else
        {
            Tell(database, findings, scrubbed);
        }

        return wrong == 0 ? Acting.Ok : Acting.Found;
    }

    static async Task<ScrubOutcome> ScrubAsync(IServiceProvider services, bool quiet, CancellationToken cancellationToken)
    {
        var scrub = services.GetRequiredService<ContentScrub>();
        if (quiet || Console.IsOutputRedirected)
        {
            return await scrub.ScrubAllAsync(static _ => { }, progress: null, cancellationToken);
        }

        var total = 0L;
        await foreach (var info in services.GetRequiredService<IContentStore>().ListAsync(cancellationToken))
        {
            total += info.Length;
        }

        return await AnsiConsole.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(progress =>
            {
                var task = progress.AddTask("Hashing", maxValue: Math.Max(1, total));
                return scrub.ScrubAllAsync(static _ => { }, new Advance(task), cancellationToken);
            });
    }

    static void Tell(IReadOnlyList<string> database, List<ContentFinding> findings, ScrubOutcome? scrubbed)
    {
        foreach (var line in database)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[red]Database[/]  {line}");
        }

        foreach (var (kind, content, what) in findings)
        {
            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[{(kind == ContentFindingKind.Unreferenced ? "grey" : "red")}]{kind}[/]  {content}: {what}");
        }

        AnsiConsole.WriteLine($"Database: {(database.Count == 0 ? "in order" : $"{database.Count} faults")}.");
        AnsiConsole.WriteLine($"Records:  {findings.Count(finding => finding.Kind != ContentFindingKind.Unreferenced)} faults, {findings.Count(finding => finding.Kind == ContentFindingKind.Unreferenced)} contents that nobody refers to.");
        AnsiConsole.WriteLine(scrubbed is not { } found
            ? "Bytes:    not looked at."
            : $"Bytes:    {found.Sound} contents sound, {found.Mended} mended, {found.Damaged} damaged and put aside, {found.Missing} missing, {found.Strays} foreign things put aside.");
    }
}
