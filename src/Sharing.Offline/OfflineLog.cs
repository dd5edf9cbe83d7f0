using Microsoft.Extensions.Logging;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>The log messages of sharing downloads: ids 2000 to 2099.</summary>
static partial class OfflineLog
{
    /// <summary>What is expected to happen needs no stack trace.</summary>
    public static Exception? Unexpected(Exception error) => error is SharingException or HttpRequestException or TimeoutException ? null : error;

    [LoggerMessage(2001, LogLevel.Information, "Post {Post}: no reply from {Network} (attempt {Attempt}): {Reason}")]
    public static partial void PublishUncertain(ILogger logger, PostId post, string network, int attempt, string reason, Exception? error);

    [LoggerMessage(2002, LogLevel.Information, "Library: {Resource} stored, {Length} bytes as {Content}")]
    public static partial void Stored(ILogger logger, ResourceId resource, long length, ContentId content);

    [LoggerMessage(2003, LogLevel.Information, "Library: fetching {Resource} failed (attempt {Attempt}): {Reason}")]
    public static partial void FetchFailed(ILogger logger, ResourceId resource, int attempt, string reason, Exception? error);

    [LoggerMessage(2004, LogLevel.Information, "Library: {Resource} deleted, its time is over")]
    public static partial void Expired(ILogger logger, ResourceId resource);

    [LoggerMessage(2005, LogLevel.Information, "Download {Download} failed: {Reason}")]
    public static partial void DownloadFailed(ILogger logger, string download, string reason, Exception? error);

    [LoggerMessage(2006, LogLevel.Information, "Post {Post}: {Network} did not say what people made of it: {Reason}")]
    public static partial void ResponsesNotRead(ILogger logger, PostId post, string network, string reason);

    [LoggerMessage(2007, LogLevel.Information, "{Network} did not say who follows whom: {Reason}")]
    public static partial void FollowsNotRead(ILogger logger, string network, string reason);
}
