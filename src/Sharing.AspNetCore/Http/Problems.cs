using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>Problem details (RFC 9457) with a stable type for each code. "Not there" and "not yours" are the same bytes.</summary>
static class Problems
{
    /// <summary>Each code's status and title: the list that the documentation is made from.</summary>
    public static IReadOnlyDictionary<string, (int Status, string Title)> All { get; } = new SortedDictionary<string, (int, string)>(StringComparer.Ordinal)
    {
        [ProblemCodes.NotFound] = (404, "There is no such thing here."),
        [ProblemCodes.SignInRequired] = (401, "Please sign in."),
        [ProblemCodes.NotAllowed] = (403, "That is not allowed."),
        [ProblemCodes.InvalidInput] = (400, "Something that was sent does not fit."),
        [ProblemCodes.TooLarge] = (413, "That is too large."),
        [ProblemCodes.UnsupportedMediaType] = (415, "The body is not of a media type that is taken here."),
        [ProblemCodes.PreconditionFailed] = (412, "It is another version than the one asked for."),
        [ProblemCodes.RangeNotSatisfiable] = (416, "The range is not within the content."),
        [ProblemCodes.KeyReused] = (422, "The idempotency key was used for something else."),
        [ProblemCodes.Conflict] = (409, "Somebody else changed it meanwhile."),
        [ProblemCodes.LimitReached] = (429, "That is more than the limit."),
        [ProblemCodes.FetchFailed] = (422, "The address cannot be fetched."),
        [ProblemCodes.OriginChanged] = (502, "The origin's bytes keep changing."),
        [ProblemCodes.NoSource] = (502, "No source can deliver it."),
        [ProblemCodes.ContentMismatch] = (502, "The bytes are not what was promised."),
        [ProblemCodes.ContentDamaged] = (503, "The bytes have been damaged here."),
        [ProblemCodes.Busy] = (503, "Too many are being served; please come again."),
        [ProblemCodes.ReadOnly] = (503, "Nothing can be changed at present."),
        [ProblemCodes.NoSpace] = (507, "There is no room left."),
        [ProblemCodes.QuotaExceeded] = (507, "There is no room left for you."),
        [ProblemCodes.WrongOffset] = (409, "The upload stands elsewhere."),
        [ProblemCodes.UploadInterrupted] = (409, "The upload was interrupted."),
        [ProblemCodes.UploadExpired] = (410, "The upload has expired."),
        [ProblemCodes.ChecksumMismatch] = (460, "The bytes do not fit their checksum."),
        [ProblemCodes.RoleNotHere] = (404, "There is no such thing here."),
        [ProblemCodes.NotConfined] = (503, "This host cannot do that at present."),
        [ProblemCodes.Internal] = (500, "Something went wrong here."),
    };

    public static (int Status, string Title) Of(string code) => All.TryGetValue(code, out var known) ? known : All[ProblemCodes.InvalidInput];

    public static IResult Result(string code, string? detail = null) => new ProblemResult(code, detail);

    /// <summary>The answer to a fault; where it tells how long, it says when to come again.</summary>
    public static IResult Result(HttpContext context, SharingException fault)
    {
        SayWhen(context, fault);
        return Result(fault.Code, fault.Message);
    }

    public static void SayWhen(HttpContext context, SharingException fault)
    {
        if (fault.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(Math.Max(1, wait.TotalSeconds)).ToString("F0", CultureInfo.InvariantCulture);
        }
    }

    public static async Task WriteAsync(HttpContext context, string code, string? detail)
    {
        if (ProblemPage.IsWanted(context))
        {
            await ProblemPage.Result(context, code, null).ExecuteAsync(context);
            return;
        }

        var (status, title) = Of(code);
        // One and the same body, whatever the reason; and what is wrong with a disk is the operator's business.
        var hidden = status is 404 or 401 or 422 or 500 or 503 && code is not ProblemCodes.KeyReused || code is ProblemCodes.NoSpace;
        var headers = context.Response.Headers;
        (headers.ContentLength, headers.ContentDisposition, headers.ETag, headers.AcceptRanges) = (null, default, default, default); // of what it was to be
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/problem+json";
        headers.CacheControl = "no-store";
        if (status == 401)
        {
            headers.WWWAuthenticate = "Bearer";
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        var body = new ProblemBody(ProblemBody.TypePrefix + code, title, status, hidden ? null : detail);
        await JsonSerializer.SerializeAsync(context.Response.Body, body, WireJson.Default.ProblemBody, context.RequestAborted);
    }

    sealed class ProblemResult(string code, string? detail) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => Of(code).Status;

        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, code, detail);
    }
}
