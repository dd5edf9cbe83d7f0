using Microsoft.Extensions.Logging;

namespace Sharing.Apps;

static partial class AppsLog
{
    [LoggerMessage(6001, LogLevel.Warning, "The catalogue {Catalog} could not be asked for {App}")]
    public static partial void CatalogFailed(ILogger logger, string catalog, AppId app, Exception error);
}
