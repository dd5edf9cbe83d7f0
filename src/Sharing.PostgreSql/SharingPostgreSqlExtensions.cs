using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Sharing.PostgreSql;

namespace Sharing;

/// <summary>Puts records into PostgreSQL.</summary>
public static class SharingPostgreSqlExtensions
{
    /// <summary>Keeps all records in a PostgreSQL database, which any number of hosts may share.</summary>
    /// <param name="sharing">The builder.</param>
    /// <param name="connectionString">How to reach it, as Npgsql reads it.</param>
    /// <param name="schema">The schema that holds the tables, laid out when it is not there. One for each tenant.</param>
    /// <exception cref="InvalidOperationException">Other records were chosen before.</exception>
    /// <exception cref="ArgumentException">The connection string or the schema's name does not fit.</exception>
    public static SharingBuilder UsePostgreSql(this SharingBuilder sharing, string connectionString, string schema = "sharing") =>
        sharing.UsePostgreSql(new PostgreSqlOptions { ConnectionString = connectionString, Schema = schema });

    /// <inheritdoc cref="UsePostgreSql(SharingBuilder, string, string)"/>
    /// <param name="sharing">The builder.</param>
    /// <param name="options">Where they are.</param>
    public static SharingBuilder UsePostgreSql(this SharingBuilder sharing, PostgreSqlOptions options)
    {
        var text = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        if (sharing.Choose("records", $"PostgreSQL at {text.Host}, database {text.Database}, schema {options.Schema}"))
        {
            sharing.Services.TryAddKeyedSingleton<IRecordStore>("driver", (provider, _) => new PostgreSqlRecordStore(options, provider.GetService<TimeProvider>()));
        }

        return sharing;
    }
}
