using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Sharing.AspNetCore;
using Sharing.Core;

namespace Sharing.Server;

/// <summary>Stands before the pages of members: takes no form without its token, nor one that another site's page sends, and shows faults as pages.</summary>
sealed class MemberFilter(IAntiforgery antiforgery, PersonalData personal) : IEndpointFilter
{
    const int MaxForm = 16 * 1024;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            return HttpMethods.IsPost(http.Request.Method) && await RefusalAsync(http) is { } refusal ? refusal : await next(context);
        }
        catch (SharingException e)
        {
            return Plain(http, "That is not possible", e.Message, e.Code == ProblemCodes.NotAllowed ? 403 : 400);
        }
    }

    async ValueTask<IResult?> RefusalAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxForm;
        }

        return !http.Request.Headers["Sec-Fetch-Site"].All(static site => site is "same-origin" or "none") ? Plain(http, "That is not possible", "Pages of other sites may not do that.", 403)
            : !await SignInPages.IsOursAsync(antiforgery, http) ? Plain(http, "Please try again", "This form was open for very long, or you signed in again meanwhile. Nothing was changed.", 400)
            : http.Person() is { } person && await personal.IsBeingErasedAsync(person, http.RequestAborted) ? Plain(http, "That is not possible", "You asked for everything of yours to be erased, and that is under way.", 403)
            : null;
    }

    static IResult Plain(HttpContext http, string heading, string text, int status) => SharingPage.Result(
        http, heading, $"""<section class="card plain"><h1>{heading}</h1><p>{text}</p><p><a class="button" href="{http.At("/")}">To the first page</a></p></section>""", status);
}

/// <summary>What the pages of members have in common.</summary>
static class MemberHtml
{
    /// <summary>The member whose session a request is of; a token has none.</summary>
    public static PersonId? Person(this HttpContext context) =>
        context.User.HasClaim(static claim => claim.Type == Sessions.Claim) && PersonId.TryParse(context.User.FindFirstValue(ClaimTypes.NameIdentifier), out var person) ? person : null;

    /// <summary>The address of a page of this host, from its path.</summary>
    public static string At(this HttpContext context, string path) => context.Request.PathBase.ToUriComponent() + path;

    /// <summary>A value of a form that was sent; what is not there is empty.</summary>
    public static async Task<Func<string, string>> FormAsync(this HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return name => (string?)form[name] ?? "";
    }

    public static Html Error(string? text) => text is null ? Html.None : $"""<p class="notice bad" role="alert">{text}</p>""";

    public static Html Done(string? text) => text is null ? Html.None : $"""<p class="notice" role="status">{text}</p>""";

    /// <summary>A secret that is shown once, to be copied.</summary>
    public static Html Once(string label, string secret, string text) => $"""
        <section class="card" aria-labelledby="once-is"><h2 id="once-is">{label}</h2><p>{text}</p>
        <div class="stack"><label for="once">{label}</label><input id="once" readonly value="{secret}"></div></section>
        """;

    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);
}
