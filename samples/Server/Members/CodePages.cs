using Sharing.AspNetCore;

namespace Sharing.Server;

/// <summary>Signing in by a code that is mailed. What is answered is the same whether somebody has the address here or not.</summary>
static class CodePages
{
    const string Lasting = "There were too many questions from your network. Please try again in an hour.";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/sign-in/mail", AskAsync);
        group.MapPost("/sign-in/code", EnterAsync);
    }

    /// <summary>The first form: whose code it is to be.</summary>
    public static Html Ask(HttpContext context, string back) => $"""
        <form class="stack" method="post" action="{context.At("/sign-in/mail")}">{SharingPage.AntiforgeryField(context)}<input type="hidden" name="returnUrl" value="{back}">
        <label for="mail">Your mail address</label><input id="mail" name="mail" type="email" autocomplete="username" maxlength="254" required autofocus>
        <button class="button">Send me a code</button></form>
        """;

    static async Task<IResult> AskAsync(HttpContext context, SignInCodes codes)
    {
        var form = await context.FormAsync();
        return Member.MailOf(form("mail")) is { } mail && !await codes.AskAsync(mail, context.Connection.RemoteIpAddress, context.RequestAborted)
            ? Form(context, form("mail"), form("returnUrl"), Lasting, StatusCodes.Status429TooManyRequests)
            : Form(context, form("mail"), form("returnUrl"), null);
    }

    static async Task<IResult> EnterAsync(HttpContext context, SignInCodes codes, MemberBook book, Sessions sessions)
    {
        var form = await context.FormAsync();
        if (Member.MailOf(form("mail")) is { } mail && await codes.EnterAsync(mail, form("code"), context.RequestAborted) == Guess.Right
            && await book.FindAsync(mail, context.RequestAborted) is { } member && await sessions.SignInAsync(context, member))
        {
            await book.KnowAsync(member, context.RequestAborted);
            return Results.LocalRedirect(SignInPages.LocalOr(context, form("returnUrl")));
        }

        return Form(context, form("mail"), form("returnUrl"), "That code is wrong, too old, or was used. Please ask for another one.", StatusCodes.Status400BadRequest);
    }

    static IResult Form(HttpContext context, string mail, string returnUrl, string? error, int status = 200) => SharingPage.Result(
        context, "Sign in",
        $"""
        <section class="card plain"><h1>Sign in</h1>{MemberHtml.Error(error)}{MemberHtml.Done(error is null ? "If that address is known here, a code is on its way. It may take a minute." : null)}
        <form class="stack" method="post" action="{context.At("/sign-in/code")}">{SharingPage.AntiforgeryField(context)}<input type="hidden" name="mail" value="{mail}"><input type="hidden" name="returnUrl" value="{SignInPages.LocalOr(context, returnUrl)}">
        <label for="code">Code from the mail</label><input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="20" required autofocus>
        <p class="muted">Six digits, good for ten minutes.</p><button class="button">Sign in</button></form>
        <p><a href="{context.At("/sign-in")}">Another address, or another code</a></p></section>
        """,
        status);
}
