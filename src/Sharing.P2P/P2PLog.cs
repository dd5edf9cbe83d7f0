using Microsoft.Extensions.Logging;

namespace Sharing.P2P;

/// <summary>The log messages of sharing between terminals: ids 1700 to 1799.</summary>
static partial class P2PLog
{
    [LoggerMessage(1701, LogLevel.Information, "Share {Share}: the index could not be told: {Reason}")]
    public static partial void AnnouncingFailed(ILogger logger, ShareId share, string reason);

    [LoggerMessage(1770, LogLevel.Error, "Content {Content} could not be hashed for clients of other makers: {Reason}")]
    public static partial void HashingFailed(ILogger logger, ContentId content, string reason);
}
