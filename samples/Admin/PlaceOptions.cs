using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Sharing.PostgreSql;

namespace Sharing.Admin;

/// <summary>Where the data are, as the command line says it.</summary>
sealed class PlaceOptions
{
    public Option<DirectoryInfo> Data { get; } = new("--data") { Description = "The data folder of the server or terminal.", Required = true };

    public Option<string?> PostgreSql { get; } = new("--postgresql") { Description = "The connection string of the PostgreSQL database that keeps the records, if one does." };

    public Option<string> Schema { get; } = new("--schema") { Description = "The schema in that database.", DefaultValueFactory = static _ => "sharing" };

    public PostgreSqlOptions? DatabaseOf(ParseResult parsed) => parsed.GetValue(PostgreSql) is { } connection
        ? new() { ConnectionString = connection, Schema = parsed.GetRequiredValue(Schema), ApplySchema = false }
        : null;

    /// <summary>Opens them, with nothing at work in the background.</summary>
    /// <exception cref="IOException">There are none.</exception>
    public static ServiceProvider Open(DirectoryInfo data, PostgreSqlOptions? database)
    {
        if (!(database is null ? File.Exists(Path.Combine(data.FullName, "sharing.db")) : Directory.Exists(Path.Combine(data.FullName, "content"))))
        {
            throw new IOException($"'{data.FullName}' holds no data of Sharing: there is no {(database is null ? "sharing.db" : "content")} in it.");
        }

        return new ServiceCollection().AddLogging()
            .AddSharing(sharing => (database is null ? sharing.UseFolder(data.FullName) : sharing.UsePostgreSql(database).UseContentFolder(Path.Combine(data.FullName, "content")))
                .AddOffline().WithBackgroundWork(false))
            .BuildServiceProvider();
    }
}
