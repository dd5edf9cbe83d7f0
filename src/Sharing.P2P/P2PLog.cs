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

    [LoggerMessage(1730, LogLevel.Information, "Share {Share} could not be delivered: {Reason}")]
    public static partial void DeliveryFailed(ILogger logger, ShareId share, string reason);

    [LoggerMessage(1731, LogLevel.Information, "Share {Share}: its server cannot be reached: {Reason}")]
    public static partial void ServerUnreached(ILogger logger, ShareId share, string reason);

    [LoggerMessage(1732, LogLevel.Information, "Share {Share}: the sharer's terminal cannot be reached: {Reason}")]
    public static partial void OriginUnreached(ILogger logger, ShareId share, string reason);

    [LoggerMessage(1733, LogLevel.Information, "Share {Share}: its ticket could not be renewed: {Reason}")]
    public static partial void RenewingFailed(ILogger logger, ShareId share, string reason);

    [LoggerMessage(1734, LogLevel.Warning, "Seeding: {Reason}")]
    public static partial void SeedingFailed(ILogger logger, string reason);

    [LoggerMessage(1735, LogLevel.Information, "The folder {Folder} cannot be watched, and is looked at from time to time: {Reason}")]
    public static partial void NotWatched(ILogger logger, string folder, string reason);

    [LoggerMessage(1736, LogLevel.Information, "{File} is shared as {Share}")]
    public static partial void FileShared(ILogger logger, string file, ShareId share);

    [LoggerMessage(1737, LogLevel.Warning, "{File} is not shared: {Reason}; tried again at {Again}")]
    public static partial void FileFailed(ILogger logger, string file, string reason, DateTimeOffset again);

    [LoggerMessage(1738, LogLevel.Warning, "Shared folders: {Reason}")]
    public static partial void FoldersFailed(ILogger logger, string reason);

    [LoggerMessage(1770, LogLevel.Error, "Content {Content} could not be hashed for clients of other makers: {Reason}")]
    public static partial void HashingFailed(ILogger logger, ContentId content, string reason);
}
