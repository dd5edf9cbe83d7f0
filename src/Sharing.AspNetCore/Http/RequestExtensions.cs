using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>What endpoints read from a request.</summary>
static class RequestExtensions
{
    const int MaxBody = 512 * 1024;

    /// <summary>The person calling, or <c>null</c>.</summary>
    public static PersonId? Caller(this HttpContext context) =>
        context.RequestServices.GetRequiredService<IOptions<CallerOptions>>().Value.Person(context.User);

    /// <summary>Whether another host of the same operator is calling.</summary>
    public static bool IsHost(this HttpContext context) =>
        context.RequestServices.GetRequiredService<IOptions<CallerOptions>>().Value.IsHost(context.User);

    /// <summary>The person calling, who must have signed in.</summary>
    public static PersonId SignedIn(this HttpContext context) =>
        context.Caller() ?? throw new SharingException(ProblemCodes.SignInRequired, "Please sign in.");

    /// <summary>What is said to a caller about something that he cannot see: to one who has not signed in, that he should.</summary>
    public static IResult Missing(this HttpContext context) =>
        Problems.Result(context.Caller() is null ? ProblemCodes.SignInRequired : ProblemCodes.NotFound);

    /// <summary>An IPv4 address as such, also where a socket for both kinds saw it.</summary>
    public static IPAddress Unmapped(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>A part of the path as an id; what cannot be one names nothing.</summary>
    public static T Id<T>(this HttpContext context, string name = "id")
        where T : struct, IParsable<T> => T.TryParse(PathValue.Of(context, name), null, out var id)
            ? id
            : throw new SharingException(context.Caller() is null ? ProblemCodes.SignInRequired : ProblemCodes.NotFound, "");

    /// <summary>The caller's key for this request.</summary>
    public static string? Key(this HttpContext context) => context.Request.Headers[ServerConnection.KeyHeader] switch
    {
        [] or [""] => null,
        [{ } key] => Uri.UnescapeDataString(key),
        _ => throw new SharingException(ProblemCodes.InvalidInput, "A request has one idempotency key."),
    };

    /// <summary>A value of the query that is <c>true</c> or <c>false</c>; left out, it is <c>false</c>.</summary>
    public static bool Flag(string? value) => value switch
    {
        null or "false" => false,
        "true" => true,
        _ => throw new SharingException(ProblemCodes.InvalidInput, "A flag is 'true' or 'false'."),
    };

    /// <summary>How many entries of a list are asked for; left out, 20.</summary>
    public static int Count(string? value) => value is null ? 20 : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;

    /// <summary>The body as a value.</summary>
    public static async Task<T> BodyAsync<T>(this HttpContext context, JsonTypeInfo<T> type)
    {
        if (!context.Request.HasJsonContentType())
        {
            throw new SharingException(ProblemCodes.UnsupportedMediaType, "The body must be application/json.");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBody;
        }

        try
        {
            return await JsonSerializer.DeserializeAsync(context.Request.Body, type, context.RequestAborted)
                ?? throw new SharingException(ProblemCodes.InvalidInput, "The body is null.");
        }
        catch (ArgumentException e)
        {
            throw new SharingException(ProblemCodes.InvalidInput, "The body does not fit.", e);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw new SharingException(ProblemCodes.InvalidInput, "The body broke off.", e);
        }
    }

    /// <summary>An answer as JSON.</summary>
    public static IResult Answer<T>(this T value, JsonTypeInfo<T> type, int status = 200) => Results.Json(value, type, statusCode: status);

    /// <summary>An answer as JSON, or that there is none.</summary>
    public static IResult AnswerOrMissing<T>(this HttpContext context, T? value, JsonTypeInfo<T> type, int status = 200)
        where T : class => value is null ? context.Missing() : value.Answer(type, status);
}
