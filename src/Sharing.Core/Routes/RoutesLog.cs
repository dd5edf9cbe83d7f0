using Microsoft.Extensions.Logging;

namespace Sharing.Core;

/// <summary>The log messages of transfers: ids 1200 to 1299.</summary>
static partial class RoutesLog
{
    [LoggerMessage(1201, LogLevel.Information, "Transfer {Key}: {Source} knows the content {Content}; {Kept} groups proven, {Dropped} differ and are fetched again")]
    public static partial void Adopted(ILogger logger, string key, string source, ContentId content, long kept, long dropped);

    [LoggerMessage(1202, LogLevel.Warning, "Transfer {Key}: {Source} changed its bytes (time {Changes}); starting over with the new ones")]
    public static partial void OriginChanged(ILogger logger, string key, string source, int changes);

    [LoggerMessage(1203, LogLevel.Information, "Transfer {Key}: {Source} failed: {Reason}")]
    public static partial void SourceFailed(ILogger logger, string key, string source, string reason);

    [LoggerMessage(1204, LogLevel.Warning, "Transfer {Key}: its state could not be made durable; the next try fetches a little more")]
    public static partial void CheckpointFailed(ILogger logger, string key, Exception error);
}
