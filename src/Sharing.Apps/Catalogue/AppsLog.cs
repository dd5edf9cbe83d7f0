using Microsoft.Extensions.Logging;

namespace Sharing.Apps;

static partial class AppsLog
{
    [LoggerMessage(6001, LogLevel.Warning, "The catalogue {Catalog} could not be asked for {App}")]
    public static partial void CatalogFailed(ILogger logger, string catalog, AppId app, Exception error);

    [LoggerMessage(6002, LogLevel.Warning, "The F-Droid repository {Address} could not be brought up to date; what was read before answers")]
    public static partial void RepositoryFailed(ILogger logger, Uri address, Exception error);
}
