using Microsoft.Extensions.Logging;

namespace Sharing.Core;

static partial class RoutesLog
{
    [LoggerMessage(1101, LogLevel.Information, "Transfer {Key}: {Source} knows the content {Content}; {Kept} groups proven, {Dropped} differ and are fetched again")]
    public static partial void Adopted(ILogger logger, string key, string source, ContentId content, long kept, long dropped);

    [LoggerMessage(1102, LogLevel.Warning, "Transfer {Key}: {Source} changed its bytes (time {Changes}); starting over with the new ones")]
    public static partial void OriginChanged(ILogger logger, string key, string source, int changes);

    [LoggerMessage(1103, LogLevel.Information, "Transfer {Key}: {Source} failed")]
    public static partial void SourceFailed(ILogger logger, string key, string source, Exception error);

    [LoggerMessage(1104, LogLevel.Warning, "Transfer {Key}: its state could not be made durable; the next try fetches a little more")]
    public static partial void CheckpointFailed(ILogger logger, string key, Exception error);
}
