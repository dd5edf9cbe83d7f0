using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Spectre.Console;

namespace Sharing.Admin;

/// <summary><c>sharing-admin person</c>: takes out, or has erased, all that is kept about somebody.</summary>
static class PersonCommand
{
    public static Command Make() => new("person", "Takes out, or has erased, all that is kept about a person.") { Export(), Erase() };

    static Argument<string> Person() => new("PERSON") { Description = "The person's id" };

    static Command Export()
    {
        var (place, person) = (new PlaceOptions(), Person());
        var to = new Option<FileInfo>("--to") { Description = "The ZIP archive to make; it must not be there yet.", Required = true };
        var export = new Command("export", "Writes a ZIP archive of all that is kept about a person: files under their own names, lists of everything else as JSON.")
        {
            person, place.Data, place.PostgreSql, place.Schema, place.S3, to,
        };
        export.SetCheckedAction(async (parsed, cancellationToken) =>
        {
            var file = parsed.GetRequiredValue(to);
            await using var services = place.OpenAll(parsed);
            await using (var archive = new FileStream(file.FullName, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await services.GetRequiredService<PersonalData>().ExportAsync(IdOf(parsed.GetRequiredValue(person)), archive, cancellationToken);
            }

            AnsiConsole.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{file.FullName}");
            return Acting.Ok;
        });
        return export;
    }

    static Command Erase()
    {
        var (place, person) = (new PlaceOptions(), Person());
        var sure = new Option<bool>("--yes") { Description = "You know that it cannot be taken back. Without it, only how far it is is said." };
        var erase = new Command(
            "erase", "Has a person erased: the server does it, when it runs, part by part, and withdraws what went to networks. Called again, it says how far that is. Exit code 1: not done yet.")
        {
            person, place.Data, place.PostgreSql, place.Schema, place.S3, sure,
        };
        erase.SetCheckedAction(async (parsed, cancellationToken) =>
        {
            await using var services = place.OpenAll(parsed);
            var (personal, id) = (services.GetRequiredService<PersonalData>(), IdOf(parsed.GetRequiredValue(person)));
            var state = await personal.StateAsync(id, cancellationToken);
            if (parsed.GetValue(sure) && state is not { Done: null })
            {
                state = await personal.EraseAsync(id, cancellationToken);
            }

            Console.WriteLine(state switch
            {
                null => "Nobody has asked for it. Say --yes to have it done.",
                { Done: { } at } => string.Create(CultureInfo.InvariantCulture, $"Erased on {at:u}."),
                _ => string.Create(CultureInfo.InvariantCulture, $"Under way since {state.Since:u}; something may be left in: {string.Join(", ", state.WaitsFor)}. The server goes on with it when it runs."),
            });
            return state is { Done: not null } ? Acting.Ok : Acting.Found;
        });
        return erase;
    }

    static PersonId IdOf(string text) => PersonId.TryParse(text, out var id) ? id : throw new ArgumentException("That can be nobody's id.");
}
