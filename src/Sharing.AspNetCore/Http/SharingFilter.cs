using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sharing.Core;

namespace Sharing.AspNetCore;

/// <summary>Stands before every endpoint: refuses what other sites' pages send with a visitor's cookies, and turns faults into problems.</summary>
sealed partial class SharingFilter(PersonalData personal, ILogger<SharingFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers[Trace.Header] = Trace.IdOf(http);
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Headers.CacheControl = "no-store"; // who may see something can change at any moment
        if (!MaySend(http.Request))
        {
            return Problems.Result(ProblemCodes.NotAllowed, "Pages of other sites may not do that.");
        }

        try
        {
            if (await PersonalEndpoints.IsRefusedAsync(http, personal))
            {
                return Problems.Result(ProblemCodes.NotAllowed, PersonalEndpoints.Refusal);
            }

            var answer = await next(context);
            if (answer is IResult result)
            {
                await result.ExecuteAsync(http); // here, where its faults are caught, too
                return Results.Empty;
            }

            return answer;
        }
        catch (Exception e) when (http.Response.HasStarted)
        {
            if (e is not OperationCanceledException)
            {
                Failed(logger, http.Request.Path, Trace.IdOf(http), e);
            }

            http.Abort(); // what was broken off must not look whole
            return Results.Empty;
        }
        catch (SharingException e)
        {
            if (Problems.Of(e.Code).Status >= 500 && e.Code != ProblemCodes.QuotaExceeded)
            {
                Failed(logger, http.Request.Path, Trace.IdOf(http), e);
            }

            return Problems.Result(http, e);
        }
        catch (BadHttpRequestException e)
        {
            return Problems.Result(e.StatusCode == 413 ? ProblemCodes.TooLarge : ProblemCodes.InvalidInput, "The request is malformed.");
        }
        catch (JsonException e)
        {
            return Problems.Result(ProblemCodes.InvalidInput, DetailOf(e));
        }
        catch (HttpRequestException e)
        {
            Failed(logger, http.Request.Path, Trace.IdOf(http), e);
            return Problems.Result(ProblemCodes.Busy, "A server that this one asks does not answer at present.");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Failed(logger, http.Request.Path, Trace.IdOf(http), e);
            return Problems.Result(ProblemCodes.Internal);
        }
    }

    /// <summary>Whether a request may change something: a browser says which site's page sends it; other clients say nothing. With a token it may from
    /// anywhere: a page of another site can send one only where the host's CORS policy lets it.</summary>
    public static bool MaySend(HttpRequest request) => IsSafe(request)
        || request.Headers.Authorization.Count > 0 || request.Headers["Sec-Fetch-Site"].All(static site => site is "same-origin" or "none");

    /// <summary>Whether a request changes nothing: its method does not, and it names no other one.</summary>
    public static bool IsSafe(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)) && request.Headers[UploadHeaders.Method].Count == 0;

    static string DetailOf(JsonException e) => e.Path is null ? "The body is not JSON."
        : Lacking().Match(e.Message) is { Success: true } lacking ? $"The body lacks {lacking.Groups[1].Value} at {e.Path}."
        : $"The body does not fit at {e.Path}.";

    /// <summary>The members that System.Text.Json names in its message; the type before them is nobody's business.</summary>
    [GeneratedRegex(@"missing required properties including: (.+?)\.")]
    private static partial Regex Lacking();

    [LoggerMessage(3001, LogLevel.Error, "{Path} failed ({TraceId})")]
    static partial void Failed(ILogger logger, PathString path, string traceId, Exception error);
}
