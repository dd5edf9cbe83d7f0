using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sharing.Core;

namespace Sharing.AspNetCore;

/// <summary>What the host keeps about the visitor: to take out, and to erase.</summary>
static class PersonalPages
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/me/data", ShowAsync).ExcludeFromDescription();
        group.MapGet("/me/data/export", static (HttpContext context, PersonalData personal, TimeProvider time) => PersonalEndpoints.Export(context, personal, time)).ExcludeFromDescription();
        group.MapPost("/me/data/erase", EraseAsync).ExcludeFromDescription().WithMetadata(new WhileErasingMetadata());
    }

    static async Task<IResult> ShowAsync(HttpContext context, PersonalData personal) => Show(context, await personal.StateAsync(context.SignedIn(), context.RequestAborted), null);

    static async Task<IResult> EraseAsync(HttpContext context, PersonalData personal)
    {
        var actor = context.SignedIn();
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (form["sure"] != "yes")
        {
            return Show(context, await personal.StateAsync(actor, context.RequestAborted), "Please tick the box first: erasing cannot be taken back.");
        }

        await personal.EraseAsync(actor, context.RequestAborted);
        return new SeeOther(PagesSite.Page(context, "/me/data"));
    }

    static IResult Show(HttpContext context, ErasureState? erasure, string? error)
    {
        Html erase = erasure switch
        {
            { Done: null } => (Html)$"""
                <section class="card" aria-labelledby="erase"><h2 id="erase">You are being erased</h2>
                <p>It began on {Day(erasure.Since)}. Until it is done you can look, but change nothing.</p>
                <p class="muted">Left to do: {string.Join(", ", erasure.WaitsFor)}. Networks that have posts of yours are waited for, at most for three days.</p></section>
                """,
            _ => (Html)$"""
                <section class="card" aria-labelledby="erase"><h2 id="erase">Erase everything</h2>
                <p>Your posts are withdrawn, also at the networks where they went. Your photos, files, messages, lists, friends and accounts are deleted here. What you said in other people's threads stays there as an empty place.</p>
                <p>Take out your data first. What friends have already fetched stays with them.</p>
                <form class="stack" method="post" action="{PagesSite.Page(context, "/me/data/erase")}">{SharingPage.AntiforgeryField(context)}
                <label class="choice"><input type="checkbox" name="sure" value="yes" required><span>I know that this cannot be taken back</span></label>
                <button class="button danger">Erase me</button></form></section>
                """,
        };
        Html done = erasure?.Done is { } at ? $"""<p class="notice" role="status">Everything of yours was erased on {Day(at)}.</p>""" : Html.None;
        return SharingPage.Result(
            context, "Your data",
            $"""
            <h1>Your data</h1>{done}{Notice.Error(error)}
            <section class="card" aria-labelledby="export"><h2 id="export">Take out everything</h2>
            <p>One ZIP archive of all that is kept about you here: your files under their own names, byte by byte, and lists of everything else as JSON.</p>
            <p><a class="button" href="{PagesSite.Page(context, "/me/data/export")}">Download my data</a></p></section>
            {erase}
            """,
            error is null ? 200 : 400);
    }

    static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
