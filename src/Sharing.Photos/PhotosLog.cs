using Microsoft.Extensions.Logging;

namespace Sharing.Photos;

/// <summary>The log messages of photos: ids 1800 to 1899.</summary>
static partial class PhotosLog
{
    [LoggerMessage(1800, LogLevel.Warning, "No previews are made of {Format} here: {Why}")]
    public static partial void NoPreviews(ILogger logger, PictureFormat format, string why);

    [LoggerMessage(1801, LogLevel.Information, "No preview of {Content}: {Fault}. {Message}")]
    public static partial void Refused(ILogger logger, ContentId content, PictureFault fault, string message);

    [LoggerMessage(1802, LogLevel.Warning, "A notifier failed with {Key}; it is tried again.")]
    public static partial void NotTold(ILogger logger, string key, Exception fault);
}
