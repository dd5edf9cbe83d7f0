using Npgsql;

namespace Sharing.PostgreSql;

/// <summary>How sessions are opened: what the connection string says, and what it does not.</summary>
static class PostgreSqlConnection
{
    // What the versions rest on; and rows are always looked for by their key and in its order, however few there were when a statement was planned.
    const string Records = @"-c default_transaction_isolation=read\ committed -c enable_seqscan=off -c enable_bitmapscan=off -c enable_sort=off";

    // NOTIFY would wait for the disk like a commit, and whoever commits for it.
    const string News = "-c synchronous_commit=off";

    public static NpgsqlDataSource ForRecords(string connectionString) => Build(connectionString, Records, static text =>
    {
        text.NoResetOnClose = true; // no state of these sessions is ever changed
        text.MaxAutoPrepare = text.MaxAutoPrepare == 0 ? 20 : text.MaxAutoPrepare;
    });

    /// <summary>One session that tells and one that hears, and is asked whether it lives.</summary>
    public static NpgsqlDataSource ForNews(string connectionString) => Build(connectionString, News, static text => (text.Pooling, text.KeepAlive) = (false, text.KeepAlive == 0 ? 30 : text.KeepAlive));

    static NpgsqlDataSource Build(string connectionString, string options, Action<NpgsqlConnectionStringBuilder> complete)
    {
        var text = new NpgsqlConnectionStringBuilder(connectionString);
        text.Options = $"{options} {text.Options}".Trim();
        text.ApplicationName ??= "Sharing";
        if (text.Host?.Contains(',', StringComparison.Ordinal) == true)
        {
            text.TargetSessionAttributes ??= "primary"; // a standby may be behind what was told to be committed
        }

        complete(text);
        return new NpgsqlDataSourceBuilder(text.ConnectionString).Build();
    }
}
