using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Sharing.AspNetCore;

/// <summary>Problems as a person would want them. Nothing of the visitor's is in it: "not there" and "not yours" are the same bytes.</summary>
static class ProblemPage
{
    /// <summary>Whether a problem of this request is read by a person: a link that people follow, opened in a browser.</summary>
    public static bool IsWanted(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<FollowedByPeople>() is not null
        && context.RequestServices.GetService<PagesSite>() is { IsMapped: true }
        && context.Request.GetTypedHeaders().Accept.Any(a => a.MediaType == "text/html" && a.Quality is not 0);

    public static IResult Result(HttpContext context, string code, string? detail)
    {
        var (status, title) = Problems.Of(code);
        var (heading, text) = code switch
        {
            ProblemCodes.SignInRequired => ("Please sign in", "What you followed is not open to everyone. Sign in to see whether it was shared with you."),
            ProblemCodes.NotFound or ProblemCodes.RoleNotHere => (
                "There is nothing here", "What you are looking for is not here any more, or it was not shared with you."),
            ProblemCodes.FetchFailed or ProblemCodes.NoSource or ProblemCodes.OriginChanged => (
                "It cannot be downloaded now",
                "The place that it comes from does not deliver it, and the offline library does not have it yet. Please try again later."),
            ProblemCodes.ReadOnly or ProblemCodes.NoSpace => ("Nothing can be saved at present", "Please try again later."),
            ProblemCodes.Internal => ("Something went wrong here", "It is not your fault. Please try again later."),
            _ => (title, detail ?? ""),
        };
        Html sentence = text.Length > 0 ? $"<p>{text}</p>" : Html.None;
        return SharingPage.Bare(
            heading, $"""<section class="card plain"><h1>{heading}</h1>{sentence}<p>{Way(context, code)}</p></section>""", status);
    }

    static Html Way(HttpContext context, string code)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<PagesOptions>>().Value;
        var here = context.Request.PathBase.ToUriComponent() + context.Request.Path.ToUriComponent();
        return code == ProblemCodes.SignInRequired && PagesSite.SignIn(context, options, here) is { } address
            ? (Html)$"""<a class="button" href="{address}">Sign in</a>"""
            : $"""<a class="button" href="{PagesSite.Page(context, "/")}">To the first page</a>""";
    }
}

/// <summary>Marks an endpoint whose address people follow in browsers, so that its problems are pages there.</summary>
sealed class FollowedByPeople;
