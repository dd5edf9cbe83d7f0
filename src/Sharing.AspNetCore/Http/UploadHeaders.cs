using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sharing.Core;

namespace Sharing.AspNetCore;

/// <summary>The headers of tus 1.0.0.</summary>
static class UploadHeaders
{
    public const string Version = "1.0.0";
    public const string MediaType = "application/offset+octet-stream";
    public const string Resumable = "Tus-Resumable";
    public const string Method = "X-HTTP-Method-Override";
    public const string Offset = "Upload-Offset";
    public const string Length = "Upload-Length";
    public const string Metadata = "Upload-Metadata";
    public const string Checksum = "Upload-Checksum";
    public const string Result = "Upload-Result";
    public const string Expires = "Upload-Expires";

    /// <summary>What scripts of other sites may read, where the host's policy lets them ask at all.</summary>
    const string Exposed = $"{Offset}, {Length}, {Metadata}, {Expires}, {Result}, Location, {Resumable}, Tus-Version, Tus-Extension, Tus-Max-Size, Tus-Checksum-Algorithm";

    /// <summary>What every answer has.</summary>
    public static void WriteVersion(this HttpResponse response)
    {
        response.Headers[Resumable] = Version;
        response.Headers.AccessControlExposeHeaders = Exposed;
    }

    /// <summary>What this server can do.</summary>
    public static void WriteAbilities(this HttpResponse response, long maxLength)
    {
        response.WriteVersions();
        response.Headers["Tus-Extension"] = "creation,creation-with-upload,termination,checksum,expiration";
        response.Headers["Tus-Max-Size"] = Text(maxLength);
        response.Headers["Tus-Checksum-Algorithm"] = string.Join(',', UploadChecksum.Algorithms);
    }

    public static void WriteVersions(this HttpResponse response) => response.Headers["Tus-Version"] = Version;

    /// <summary>How an upload stands.</summary>
    public static void Write(this HttpResponse response, Upload upload)
    {
        response.Headers[Offset] = Text(upload.Offset);
        if (!upload.IsComplete)
        {
            response.Headers[Expires] = upload.Expires.ToString("R", CultureInfo.InvariantCulture);
        }

        if (upload.Result is { } result)
        {
            response.Headers[Result] = Uri.EscapeDataString(result);
        }
    }

    public static void WriteFacts(this HttpResponse response, Upload upload)
    {
        response.Headers[Length] = Text(upload.Length);
        if (upload.Metadata.Header.Length > 0)
        {
            response.Headers[Metadata] = upload.Metadata.Header;
        }
    }

    /// <summary>A header that is a number of bytes.</summary>
    public static long Number(this HttpRequest request, string header) =>
        request.Headers[header] is [{ } text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new SharingException(ProblemCodes.InvalidInput, $"{header} is one number of bytes.");

    /// <summary>Whether the body is of the media type of tus.</summary>
    public static bool HasUploadBytes(this HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase);

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
