using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.AspNetCore;

/// <summary>Stands before every page: no form without its token, and faults as pages that a person can read.</summary>
sealed partial class PageFilter(IAntiforgery antiforgery, PersonalData personal, IOptions<PagesOptions> options, ILogger<PageFilter> logger) : IEndpointFilter
{
    const int MaxForm = 128 * 1024;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        http.Response.Headers[Trace.Header] = Trace.IdOf(http);
        try
        {
            return HttpMethods.IsPost(http.Request.Method) && await RefusalAsync(http) is { } refusal ? refusal
                : await PersonalEndpoints.IsRefusedAsync(http, personal) ? ProblemPage.Result(http, ProblemCodes.NotAllowed, PersonalEndpoints.Refusal)
                : await next(context);
        }
        catch (SharingException e) when (e.Code == ProblemCodes.SignInRequired)
        {
            return ToSignIn(http);
        }
        catch (SharingException e)
        {
            if (Problems.Of(e.Code).Status >= 500)
            {
                Failed(logger, http.Request.Path, Trace.IdOf(http), e);
            }

            Problems.SayWhen(http, e);
            return ProblemPage.Result(http, e.Code, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            return ProblemPage.Result(http, e.StatusCode == 413 ? ProblemCodes.TooLarge : ProblemCodes.InvalidInput, null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Failed(logger, http.Request.Path, Trace.IdOf(http), e);
            return ProblemPage.Result(http, ProblemCodes.Internal, null);
        }
    }

    /// <summary>What a form that cannot be taken is answered: first sign in (a token is bound to who is signed in), then a token.</summary>
    async ValueTask<IResult?> RefusalAsync(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<OpenForm>() is not null)
        {
            return SharingFilter.MaySend(http.Request) ? null : ProblemPage.Result(http, ProblemCodes.NotAllowed, "Pages of other sites may not do that.");
        }

        if (http.Caller() is null)
        {
            return ToSignIn(http);
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxForm;
        }

        return await IsOursAsync(http) ? null : SharingPage.Bare(
            "Please try again",
            $"""
            <section class="card plain"><h1>Please try again</h1>
            <p>This form was open for very long, or you signed in again meanwhile. Nothing was changed.</p>
            <p><a class="button" href="{BackTo(http)}">Back to the page</a></p></section>
            """,
            400);
    }

    async ValueTask<bool> IsOursAsync(HttpContext http)
    {
        try
        {
            return await antiforgery.IsRequestValidAsync(http);
        }
        catch (AntiforgeryValidationException e)
        {
            return e.InnerException is BadHttpRequestException tooLarge ? throw tooLarge : false;
        }
    }

    IResult ToSignIn(HttpContext http) => PagesSite.SignIn(http, options.Value, BackTo(http)) is { } address
        ? new SeeOther(address)
        : ProblemPage.Result(http, ProblemCodes.SignInRequired, null);

    /// <summary>The page to come back to: this one, or the one that a form was on.</summary>
    static string BackTo(HttpContext http)
    {
        var path = http.Request.PathBase.ToUriComponent() + http.Request.Path.ToUriComponent();
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            return path + http.Request.QueryString.ToUriComponent();
        }

        var (me, people) = (PagesSite.Page(http, "/me"), PagesSite.Page(http, "/people"));
        return path.StartsWith(me + "/", StringComparison.Ordinal) ? me
            : path.StartsWith(people + "/", StringComparison.Ordinal) ? people
            : path[..path.LastIndexOf('/')];
    }

    [LoggerMessage(3002, LogLevel.Error, "The page {Path} failed ({TraceId})")]
    static partial void Failed(ILogger logger, PathString path, string traceId, Exception error);
}

/// <summary>Redirect after post: the browser goes on with GET, and going back repeats nothing.</summary>
sealed class SeeOther(string address) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = 303;
        httpContext.Response.Headers.Location = address;
        httpContext.Response.Headers.CacheControl = "no-store";
        httpContext.Response.Headers.XContentTypeOptions = "nosniff";
        return Task.CompletedTask;
    }
}
