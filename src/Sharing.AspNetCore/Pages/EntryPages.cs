using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sharing.Photos;

namespace Sharing.AspNetCore;

/// <summary>Where the links in mail lead: a door that opens for the one whom the grant is for, and the page behind it, with the photos to look at and to take (rows F9 and F11).</summary>
/// <remarks>Reading changes nothing: a code is typed into a form, and only that consumes it. It is never in an address, so in no log and no Referer.</remarks>
static class EntryPages
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/g/{id}", ShowAsync).ExcludeFromDescription();
        group.MapPost("/g/{id}", KnockAsync).ExcludeFromDescription().WithMetadata(new OpenForm());
        group.MapMethods("/g/{id}/all.zip", ["GET", "HEAD"], ArchiveAsync).ExcludeFromDescription();
        group.MapMethods("/g/{id}/{photo}", ["GET", "HEAD"], PhotoAsync).ExcludeFromDescription();
    }

    static async Task<IResult> ShowAsync(HttpContext context, IPhotoEntries entries, string? said)
    {
        var id = IdOf(context);
        return id is not null && await entries.OpenAsync(context.Visitor(), id.Value, context.RequestAborted) is { } view
            ? SharingPage.Result(context, "Photos for you", await PhotosAsync(context, view))
            : Door(context, said);
    }

    /// <summary>What is sent at the door: a code, or that one is wanted. The answer is the same whether there is such a grant or not.</summary>
    static async Task<IResult> KnockAsync(HttpContext context, IEntryCodes codes)
    {
        var (form, id, said) = (await context.Request.ReadFormAsync(context.RequestAborted), IdOf(context), (string?)"sent");
        if (form["code"] is [{ Length: > 0 and <= 40 } code])
        {
            said = "wrong";
            if (id is not null && await codes.EnterAsync(id.Value, code, context.RequestAborted) is { } address)
            {
                EntryCookie.Keep(context, address);
                said = null;
            }
        }
        else if (id is not null)
        {
            await codes.SendAsync(id.Value, context.RequestAborted);
        }

        return new SeeOther(PagesSite.Page(context, $"/g/{PathValue.Of(context, "id")}{(said is null ? "" : $"?said={said}")}"));
    }

    static async Task<IResult> PhotoAsync(HttpContext context, IPhotoEntries entries, string? preview) =>
        IdOf(context) is { } id && PhotoId.TryParse(PathValue.Of(context, "photo"), out var photo)
        && await entries.OpenPhotoAsync(context.Visitor(), id, photo, PhotoEndpoints.SizeOf(preview), context.RequestAborted) is { } bytes ? new GrantedResult(bytes) : Closed(context);

    static async Task<IResult> ArchiveAsync(HttpContext context, IPhotoEntries entries) =>
        IdOf(context) is { } id && await entries.OpenArchiveAsync(context.Visitor(), id, PhotoEndpoints.Chosen(context), context.RequestAborted) is { } bytes ? new GrantedResult(bytes) : Closed(context);

    static IResult Closed(HttpContext context) => ProblemPage.Result(context, context.Caller() is null ? ProblemCodes.SignInRequired : ProblemCodes.NotFound, null);

    static GrantId? IdOf(HttpContext context) => GrantId.TryParse(PathValue.Of(context, "id"), out var id) ? id : null;

    /// <summary>What everybody sees but the one whom it is for; the same whether there is such a grant or not.</summary>
    static IResult Door(HttpContext context, string? said)
    {
        var here = PagesSite.Page(context, $"/g/{PathValue.Of(context, "id")}");
        var options = context.RequestServices.GetRequiredService<IOptions<PagesOptions>>().Value;
        var isSignedIn = context.Caller() is not null;
        Html signIn = !isSignedIn && PagesSite.SignIn(context, options, here) is { } address
            ? (Html)$"""<p>If you have an account here, sign in.</p><p><a class="button" href="{address}">Sign in</a></p>""" : Html.None;
        Html notice = said switch
        {
            "sent" => $"""<p class="notice" role="status">If these photos are for a mail address, a code is on its way there. It may take a minute.</p>""",
            "wrong" => $"""<p class="notice bad" role="alert">That code is wrong, too old, or was used. Please ask for another one.</p>""",
            _ => Html.None,
        };
        return SharingPage.Bare("Photos for somebody", $"""
            <section class="card plain"><h1>Who are you?</h1>
            <p>These photos open for the friend alone whom they were shown to. {(isSignedIn ? "They were not shown to you, or not any more." : "")}</p>{notice}{signIn}
            <p>If you came here from a mail, have a code sent to the address that the mail went to.</p>
            <form method="post"><button class="button quiet">Send me a code</button></form>
            <form class="stack" method="post"><label for="code">Code from the mail</label>
            <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="20" required><button class="button">Open</button></form></section>
            """, isSignedIn ? StatusCodes.Status404NotFound : StatusCodes.Status401Unauthorized);
    }

    static async Task<Html> PhotosAsync(HttpContext context, GrantView view)
    {
        var here = PagesSite.Page(context, $"/g/{view.Id}");
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var from = await PersonNames.OneAsync(context, view.From, context.RequestAborted);
        Html ends = view.Expires is { } end ? (Html)$"""<span>Open until {Figures.Until(end)} ({Figures.In(end, now)})</span>""" : Html.None;
        Html without = view.Metadata switch
        {
            CopyMetadata.NoLocation => (Html)$"""<span>Without the place where they were taken</span>""",
            CopyMetadata.None => $"""<span>The pictures alone, without what cameras write into them</span>""",
            _ => Html.None,
        };
        Html all = view.Photos.Count == 0 ? (Html)$"""<p class="muted">There are no photos here any more.</p>""" : $"""
            <form method="get" action="{here}/all.zip"><div class="buttons"><a class="button" href="{here}/all.zip" download>Download all ({Figures.Size(view.Photos.Sum(static photo => photo.Length))})</a>
            <button class="button quiet">Download the chosen ones</button></div>
            <ul class="photos">{Html.Each(view.Photos, photo => Tile(here, photo))}</ul></form>
            """;
        return $"""
            <h1>{(view.Folder ?? "Photos for you")}</h1>
            <p class="facts line"><span>From <strong>{from}</strong></span><span>{Figures.Some(view.Photos.Count, "photo")}</span>{ends}{without}</p>{all}{Script(context)}
            """;
    }

    static Html Tile(string here, GrantedPhoto photo) => $"""
        <li><a href="{here}/{photo.Id}" download>{Picture($"{here}/{photo.Id}", photo)}</a>
        <label><input type="checkbox" name="photo" value="{photo.Id}"><span class="name">{photo.Name}</span></label><span class="facts">{Figures.Size(photo.Length)}</span></li>
        """;

    /// <summary>A preview; how large it is, is said beforehand, so that nothing moves when it comes. Where there is none yet the browser makes one of its own from the original, for itself (row F13).</summary>
    public static Html Picture(string address, GrantedPhoto photo)
    {
        var preview = $"{address}?preview={PreviewSizes.List}";
        if (photo.Previews == PreviewState.Pending)
        {
            return $"""<span data-pending="{preview}" data-original="{address}" data-length="{photo.Length}" data-name="{photo.Name}">{photo.Name}: the preview is being made</span>""";
        }

        if (photo.Previews != PreviewState.Ready)
        {
            return $"""<span>{photo.Name}: no preview</span>""";
        }

        var (wide, high) = (photo.Width ?? PreviewSizes.List, photo.Height ?? PreviewSizes.List);
        var scale = Math.Min(1.0, (double)PreviewSizes.List / Math.Max(wide, high));
        return $"""<img src="{preview}" width="{Math.Max(1, (int)Math.Round(wide * scale))}" height="{Math.Max(1, (int)Math.Round(high * scale))}" alt="{photo.Name}" data-hash="{photo.ThumbHash}" loading="lazy" decoding="async">""";
    }

    /// <summary>What draws placeholders.</summary>
    public static Html Script(HttpContext context) => $"""<script type="module" src="{context.RequestServices.GetRequiredService<PageAssets>().Address(context, "thumbs.js")}"></script>""";
}

/// <summary>Marks a form that who has not signed in may send; it must come from a page of this site.</summary>
sealed class OpenForm;
