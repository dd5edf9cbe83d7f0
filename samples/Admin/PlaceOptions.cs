using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Sharing.PostgreSql;
using Sharing.S3;

namespace Sharing.Admin;

/// <summary>Where the data are, as the command line says it.</summary>
sealed class PlaceOptions
{
    public Option<DirectoryInfo?> Data { get; } = new("--data") { Description = "The data folder of the server or terminal. Not needed where records and contents are both elsewhere." };

    public Option<string?> PostgreSql { get; } = new("--postgresql") { Description = "The connection string of the PostgreSQL database that keeps the records, if one does." };

    public Option<string> Schema { get; } = new("--schema") { Description = "The schema in that database.", DefaultValueFactory = static _ => "sharing" };

    public Option<string?> S3 { get; } = new("--s3") { Description = "The bucket of the S3 store that keeps the contents, if one does: https://host/bucket. Keys are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY." };

    public PostgreSqlOptions? DatabaseOf(ParseResult parsed) => parsed.GetValue(PostgreSql) is { } connection
        ? new() { ConnectionString = connection, Schema = parsed.GetRequiredValue(Schema), ApplySchema = false }
        : null;

    public S3Options? BucketOf(ParseResult parsed) => parsed.GetValue(S3) is { } address ? S3Options.Parse(address) : null;

    /// <summary>Opens them with every system that may keep something about people there.</summary>
    /// <exception cref="IOException">There are none.</exception>
    public ServiceProvider OpenAll(ParseResult parsed) => Open(
        parsed.GetValue(Data), DatabaseOf(parsed), BucketOf(parsed),
        static sharing => sharing.AddSharedData().AddApps().AddPhotos().AddMessages().AddActivityPub().AddFeeds());

    /// <summary>Opens them, with nothing at work in the background.</summary>
    /// <exception cref="IOException">There are none.</exception>
    public static ServiceProvider Open(DirectoryInfo? data, PostgreSqlOptions? database, S3Options? bucket, Action<SharingBuilder>? more = null)
    {
        var (records, contents) = (PathIn(data, database is null, "sharing.db"), PathIn(data, bucket is null, "content"));
        return new ServiceCollection().AddLogging()
            .AddSharing(sharing =>
            {
                _ = database is null ? sharing.UseSqlite(records) : sharing.UsePostgreSql(database);
                _ = bucket is null ? sharing.UseContentFolder(contents) : sharing.UseS3(bucket);
                sharing.AddOffline().WithBackgroundWork(false);
                more?.Invoke(sharing);
            })
            .BuildServiceProvider();
    }

    /// <summary>What is in the folder, if it is needed.</summary>
    /// <exception cref="IOException">It is not.</exception>
    public static string PathIn(DirectoryInfo? data, bool isNeeded, string name)
    {
        if (!isNeeded)
        {
            return "";
        }

        var path = Path.Combine(data?.FullName ?? throw new IOException($"Where '{name}' is, is not said: --data."), name);
        return Path.Exists(path) ? path : throw new IOException($"'{data.FullName}' holds no data of Sharing: there is no {name} in it.");
    }
}
