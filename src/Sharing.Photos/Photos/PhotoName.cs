using System.Globalization;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>What photos and folders are called (row F2). A name is shown to friends: it has no controls, no line ends and no marks of direction.</summary>
static class PhotoName
{
    public const int Most = 200;

    /// <summary>A name that somebody chose, made fit to be shown; <c>null</c>: nothing is left of it, or it is too long.</summary>
    public static string? From(string? text)
    {
        if (text is null or { Length: > Most * 4 })
        {
            return null;
        }

        var name = ShownText.OneLine(text).Trim();
        return name.Length is > 0 and <= Most ? name : null;
    }

    /// <summary>By when it was taken, by the camera's clock, or else uploaded, in UTC.</summary>
    public static string Of(DateTime? taken, DateTimeOffset uploaded) => (taken ?? uploaded.UtcDateTime).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
