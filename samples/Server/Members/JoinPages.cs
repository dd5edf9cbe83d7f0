using Sharing.AspNetCore;

namespace Sharing.Server;

/// <summary>Where links lead that are good once. Opening one changes nothing, as scanners of mail open them, too: the form does.</summary>
static class JoinPages
{
    const string NotGood = "This link is not good any more: it was used, or it is too old. Ask for another one.";

    /// <summary>Takes the secret from behind the # into the form, and out of the address bar. Without it, it is pasted.</summary>
    const string Script = """
        const field = document.querySelector("#token");
        if (field && location.hash.length > 1) {
          field.value = location.hash.slice(1);
          history.replaceState(null, "", location.pathname);
        }
        """;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/join.js", static (HttpContext context) =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return Results.Text(Script, "text/javascript");
        });
        foreach (var page in (string[])[OneTimeLinks.Setup, OneTimeLinks.Join])
        {
            group.MapGet("/" + page, (HttpContext context) => Form(context, page, null));
            group.MapPost("/" + page, (HttpContext context, OneTimeLinks links, MemberBook book, Sessions sessions) => JoinAsync(context, page, links, book, sessions));
        }

        group.MapGet("/" + OneTimeLinks.Enter, static (HttpContext context) => Form(context, OneTimeLinks.Enter, null));
        group.MapPost("/" + OneTimeLinks.Enter, EnterAsync);
    }

    static async Task<IResult> JoinAsync(HttpContext context, string page, OneTimeLinks links, MemberBook book, Sessions sessions)
    {
        var form = await context.FormAsync();
        if (Member.NameOf(form("name")) is not { } name)
        {
            return Form(context, page, "A name has 1 to 100 characters, on one line.");
        }

        if (Member.MailOf(form("mail")) is not { } mail)
        {
            return Form(context, page, "That is no mail address.");
        }

        try
        {
            if (await links.JoinAsync(page, form("token").Trim(), name, mail, context.RequestAborted) is not { } member)
            {
                return Form(context, page, NotGood);
            }

            await book.KnowAsync(member, context.RequestAborted);
            return await sessions.SignInAsync(context, member) ? Results.LocalRedirect(context.At("/")) : Form(context, page, NotGood);
        }
        catch (SharingException e) when (e.Code == ProblemCodes.InvalidInput)
        {
            return Form(context, page, e.Message);
        }
    }

    static async Task<IResult> EnterAsync(HttpContext context, OneTimeLinks links, MemberBook book, Sessions sessions)
    {
        var form = await context.FormAsync();
        if (await links.EnterAsync(form("token").Trim(), context.RequestAborted) is not { } member || !await sessions.SignInAsync(context, member))
        {
            return Form(context, OneTimeLinks.Enter, NotGood);
        }

        await book.KnowAsync(member, context.RequestAborted);
        return Results.LocalRedirect(context.At("/"));
    }

    static IResult Form(HttpContext context, string page, string? error)
    {
        var (heading, button) = page switch
        {
            OneTimeLinks.Setup => ("The first administrator", "Become the administrator"),
            OneTimeLinks.Join => ("Join", "Join"),
            _ => ("Sign in by a link", "Sign in"),
        };
        Html about = page == OneTimeLinks.Enter ? Html.None : (Html)$"""
            <label for="name">Your name, as others see it</label><input id="name" name="name" autocomplete="name" maxlength="100" required>
            <label for="mail">Your mail address</label><input id="mail" name="mail" type="email" autocomplete="email" maxlength="254" required>
            """;
        return SharingPage.Result(
            context, heading,
            $"""
            <section class="card plain"><h1>{heading}</h1>{MemberHtml.Error(error)}
            <form class="stack" method="post" action="{context.At("/" + page)}">{SharingPage.AntiforgeryField(context)}{about}
            <label for="token">What stands behind the # in your link</label><input id="token" name="token" autocomplete="off" maxlength="200" required>
            <button class="button">{button}</button></form></section><script type="module" src="{context.At("/join.js")}"></script>
            """,
            error is null ? 200 : 400);
    }
}
