using System.CommandLine;
using System.Globalization;
using Npgsql;
using Sharing.PostgreSql;

namespace Sharing.Admin;

/// <summary><c>sharing-admin schema</c>: the tables of a PostgreSQL database.</summary>
static class SchemaCommand
{
    public static Command Make()
    {
        var place = new PlaceOptions();
        place.PostgreSql.Required = true;
        var from = new Option<int>("--from") { Description = "The steps that are there; 0: nothing is." };
        var apply = new Command("apply", "Lays the tables out, or brings them to the latest step, all or nothing. Hosts may be running.") { place.PostgreSql, place.Schema };
        apply.SetCheckedAction((parsed, cancellationToken) => AtAsync(parsed, place, static (schema, connection, token) => schema.ApplyAsync(connection, token), cancellationToken));
        var status = new Command("status", "Tells at which step they are. Exit codes: 0 at the latest, 1 not, 2 it could not be looked at.") { place.PostgreSql, place.Schema };
        status.SetCheckedAction((parsed, cancellationToken) => AtAsync(parsed, place, static (_, _, _) => Task.CompletedTask, cancellationToken));
        var script = new Command("script", "Prints what 'apply' would run, for an administrator who runs it himself.") { place.Schema, from };
        script.SetCheckedAction((parsed, _) =>
        {
            Console.Write(new PostgreSqlSchema(parsed.GetRequiredValue(place.Schema)).Script(parsed.GetValue(from)));
            return Task.FromResult(Acting.Ok);
        });
        return new("schema", "The tables of a PostgreSQL database.") { apply, script, status };
    }

    static async Task<int> AtAsync(
        ParseResult parsed, PlaceOptions place, Func<PostgreSqlSchema, NpgsqlConnection, CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        var schema = new PostgreSqlSchema(parsed.GetRequiredValue(place.Schema));
        await using var connection = new NpgsqlConnection(parsed.GetValue(place.PostgreSql));
        await connection.OpenAsync(cancellationToken);
        await act(schema, connection, cancellationToken);
        var (step, oldest) = await schema.StatusAsync(connection, cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Step {step} of {PostgreSqlSchema.Latest}; for hosts that know {oldest} or more."));
        return step >= PostgreSqlSchema.Latest ? Acting.Ok : Acting.Found;
    }
}
