using Microsoft.Extensions.Logging;

namespace Sharing.Core;

/// <summary>The log messages of contents: ids 1300 to 1399.</summary>
static partial class ContentLog
{
    [LoggerMessage(1300, LogLevel.Error, "The content {Content} has been damaged on the disk: {What}")]
    public static partial void Damaged(ILogger logger, ContentId content, string what);

    [LoggerMessage(1301, LogLevel.Error, "The content {Content} cannot be read")]
    public static partial void Unreadable(ILogger logger, ContentId content, Exception fault);

    [LoggerMessage(1302, LogLevel.Error, "The damaged content {Content} could not be put aside")]
    public static partial void NotPutAside(ILogger logger, ContentId content, Exception fault);

    [LoggerMessage(1303, LogLevel.Warning, "The content {Content} is gone from the store; it is being brought again: {Repaired}")]
    public static partial void Lost(ILogger logger, ContentId content, bool repaired);

    [LoggerMessage(1304, LogLevel.Warning, "{Count} things that are no contents were put aside")]
    public static partial void Strays(ILogger logger, int count);

    [LoggerMessage(1305, LogLevel.Information, "Scrubbed: {Sound} contents sound, {Mended} mended, {Damaged} damaged, {Missing} missing")]
    public static partial void Scrubbed(ILogger logger, long sound, long mended, long damaged, long missing);

    [LoggerMessage(1306, LogLevel.Information, "The content {Content} is given no more: {Path} has changed")]
    public static partial void FileChanged(ILogger logger, ContentId content, string path);
}
