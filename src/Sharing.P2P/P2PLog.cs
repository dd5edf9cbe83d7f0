using Microsoft.Extensions.Logging;

namespace Sharing.P2P;

/// <summary>The log messages of sharing between terminals: ids 1700 to 1799.</summary>
static partial class P2PLog
{
    [LoggerMessage(1701, LogLevel.Information, "Share {Share}: the index could not be told: {Reason}")]
    public static partial void AnnouncingFailed(ILogger logger, ShareId share, string reason);

    [LoggerMessage(1710, LogLevel.Debug, "Share {Share}: terminal {Device} did not answer: {Reason}")]
    public static partial void PartnerUnreached(ILogger logger, ShareId share, string device, string reason);

    [LoggerMessage(1711, LogLevel.Information, "Index server {Server} did not answer, the next one is asked: {Reason}")]
    public static partial void IndexFailed(ILogger logger, Uri server, string reason);

    [LoggerMessage(1712, LogLevel.Warning, "The ticket keys of data server {Server} could not be fetched: {Reason}")]
    public static partial void KeysFailed(ILogger logger, Uri server, string reason);
}
