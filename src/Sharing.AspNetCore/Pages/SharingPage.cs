using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Sharing.AspNetCore;

/// <summary>A page in the look of the pages: for a host's own, such as the one for signing in.</summary>
public static class SharingPage
{
    /// <summary>Sent with every page: files of this host only, nothing inline, in nobody's frame.</summary>
    const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        + "frame-ancestors 'none'";

    /// <summary>A page with header, navigation and the visitor's name.</summary>
    /// <param name="context">The request.</param>
    /// <param name="title">What the page is, for its title; the product's name is added.</param>
    /// <param name="body">What is in it, with an <c>h1</c>.</param>
    /// <param name="status">The HTTP status.</param>
    public static IResult Result(HttpContext context, string title, Html body, int status = 200) => new Page(title, body, status, IsBare: false);

    /// <summary>A page with frames in it, of this host and of one other origin at most.</summary>
    internal static IResult Framing(string title, Html body, string? other) => new Page(title, body, 200, IsBare: false) { Frames = $"; media-src 'self'; frame-src 'self' {other}".TrimEnd() };

    /// <summary>The hidden field that a form must have which posts to this host.</summary>
    public static Html AntiforgeryField(HttpContext context)
    {
        var tokens = context.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context);
        return $"""<input type="hidden" name="{tokens.FormFieldName}" value="{tokens.RequestToken}">""";
    }

    /// <summary>The hidden fields of a form: its token and some values.</summary>
    internal static Html Fields(HttpContext context, params IEnumerable<(string Name, string Value)> values) =>
        $"""{AntiforgeryField(context)}{Html.Each(values, value => $"""<input type="hidden" name="{value.Name}" value="{value.Value}">""")}""";

    /// <summary>A page with nothing in it of the visitor's, so that two answers can be the same bytes.</summary>
    internal static IResult Bare(string title, Html body, int status) => new Page(title, body, status, IsBare: true);

    sealed record Page(string Title, Html Body, int Status, bool IsBare) : IResult
    {
        public string Frames { get; init; } = "";

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var who = IsBare || httpContext.Caller() is not { } caller
                ? null
                : await PersonNames.OneAsync(httpContext, caller, httpContext.RequestAborted);
            var options = httpContext.RequestServices.GetRequiredService<IOptions<PagesOptions>>().Value;
            var markup = Encoding.UTF8.GetBytes(Document(httpContext, options, who).ToString());
            var response = httpContext.Response;
            response.StatusCode = Status;
            response.ContentType = "text/html; charset=utf-8";
            response.ContentLength = markup.Length;
            response.Headers.ContentSecurityPolicy = Policy + Frames;
            response.Headers.XContentTypeOptions = "nosniff";
            response.Headers.CacheControl = "no-store";
            response.Headers["Referrer-Policy"] = "same-origin";
            response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
            if (!HttpMethods.IsHead(httpContext.Request.Method))
            {
                await response.Body.WriteAsync(markup, httpContext.RequestAborted);
            }
        }

        Html Document(HttpContext context, PagesOptions options, string? who)
        {
            var assets = context.RequestServices.GetRequiredService<PageAssets>();
            return $"""
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>{Title} · {options.ProductName}</title>
                <link rel="icon" href="{assets.Address(context, "icon.svg")}" type="image/svg+xml">
                <link rel="stylesheet" href="{assets.Address(context, "sharing.css")}">
                {Stylesheet(context, options)}
                <script type="module" src="{assets.Address(context, "sharing.js")}"></script>
                </head>
                <body>
                <a class="skip" href="#main">Skip to the content</a>
                <header class="top"><div class="wide">
                <a class="product" href="{PagesSite.Page(context, "/")}">{assets.Glyph(context, "product")}<span>{options.ProductName}</span></a>
                {(who is null ? Html.None : Navigation(context, options))}
                {(IsBare ? Html.None : Account(context, options, who))}
                </div></header>
                <main id="main" class="wide" tabindex="-1">
                {Body}
                </main>
                </body>
                </html>

                """;
        }

        static Html Stylesheet(HttpContext context, PagesOptions options) => options.Stylesheet is { } path
            ? $"""<link rel="stylesheet" href="{PagesSite.Host(context, path)}">"""
            : Html.None;

        static Html Navigation(HttpContext context, PagesOptions options)
        {
            var site = PagesSite.Of(context);
            return $"""
                <nav aria-label="Main">
                {(site.HasNetwork ? Link(context, "/", "Feed") : Html.None)}
                {(site.HasPosts ? Link(context, "/me", "My posts") : Html.None)}
                {(site.HasNetwork ? Link(context, "/people", "People") : Html.None)}
                {(site.HasMessages ? Html.Each([("/inbox", "Inbox"), ("/catalog", "Catalogue")], link => Link(context, link.Item1, link.Item2)) : Html.None)}
                {(site.HasPhotos ? Link(context, "/photos", "Photos") : Html.None)}
                {(site.HasApps ? Link(context, "/apps", "Apps") : Html.None)}
                {(site.HasTransfers ? Link(context, "/transfers", "Transfers") : Html.None)}
                {Html.Each(options.Links.Where(link => link.Claim is null || context.User.HasClaim(claim => claim.Type == link.Claim && (link.Value is null || claim.Value == link.Value))), link => LinkTo(context, PagesSite.Host(context, link.Path), link.Name))}
                </nav>
                """;
        }

        static Html Link(HttpContext context, string path, string name) => LinkTo(context, PagesSite.Page(context, path), name);

        static Html LinkTo(HttpContext context, string address, string name)
        {
            var here = context.Request.PathBase.ToUriComponent() + context.Request.Path.ToUriComponent();
            var isHere = here == address || (address != PagesSite.Page(context, "/") && address != PagesSite.Page(context, "/me") && here.StartsWith(address + "/", StringComparison.Ordinal));
            Html current = isHere ? $""" aria-current="page" """ : Html.None;
            return $"""<a href="{address}"{current}>{name}</a>""";
        }

        static Html Account(HttpContext context, PagesOptions options, string? who) => who switch
        {
            null when PagesSite.SignIn(context, options, PagesSite.Page(context, "/")) is { } address
                && context.Request.Path != options.SignInPath => $"""<a class="button quiet" href="{address}">Sign in</a>""",
            null => Html.None,
            _ when options.SignOutPath is { } path => $"""
                <form class="account" method="post" action="{PagesSite.Host(context, path)}">{AntiforgeryField(context)}
                {Who(context, who)}<button class="button quiet">Sign out</button></form>
                """,
            _ => $"""<div class="account">{Who(context, who)}</div>""",
        };

        static Html Who(HttpContext context, string who) => PagesSite.Of(context).HasData
            ? (Html)$"""<a class="who" href="{PagesSite.Page(context, "/me/data")}" title="Your data">{who}</a>"""
            : $"""<span class="who">{who}</span>""";
    }
}
