using Microsoft.Extensions.Logging;

namespace Sharing.Core;

static partial class RecordsLog
{
    [LoggerMessage(1001, LogLevel.Error, "A piece of work of the queue {Queue} failed; it comes back")]
    public static partial void WorkFailed(ILogger logger, string queue, Exception error);

    [LoggerMessage(1002, LogLevel.Error, "A sweep failed; the next one goes on")]
    public static partial void SweepFailed(ILogger logger, Exception error);
}
