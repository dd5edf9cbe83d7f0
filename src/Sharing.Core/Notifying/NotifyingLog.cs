using Microsoft.Extensions.Logging;

namespace Sharing.Core;

/// <summary>The log messages of notifications: ids 1900 to 1999.</summary>
static partial class NotifyingLog
{
    [LoggerMessage(1900, LogLevel.Warning, "The mail {Key} was not taken (for good: {IsFinal})")]
    public static partial void MailFailed(ILogger logger, string key, bool isFinal, Exception error);
}
