using Microsoft.Extensions.Logging;

namespace Sharing.P2P;

/// <summary>The log messages of sharing between terminals: ids 1700 to 1799.</summary>
static partial class P2PLog
{
    [LoggerMessage(1701, LogLevel.Information, "Share {Share}: the index could not be told: {Reason}")]
    public static partial void AnnouncingFailed(ILogger logger, ShareId share, string reason);
}
