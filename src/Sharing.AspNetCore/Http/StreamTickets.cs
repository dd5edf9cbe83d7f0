using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>Tickets for EventSource, which cannot send a bearer token: each opens one path, for one person, for a minute. Sealed by the host's data
/// protection, kept nowhere.</summary>
static class StreamTickets
{
    const string Parameter = "ticket";

    static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    public static StreamTicket Make(HttpContext context, PersonId person, string path, DateTimeOffset now)
    {
        var expires = now + Life;
        var text = string.Create(CultureInfo.InvariantCulture, $"{expires.ToUnixTimeMilliseconds()}\n{path}\n{person}");
        return new(Protector(context).Protect(text), expires);
    }

    /// <summary>Who watches: the caller, or the person of a ticket for this path; <c>null</c>: not signed in.</summary>
    public static PersonId? Watcher(this HttpContext context) => context.Caller() ?? OfTicket(context);

    /// <summary>The person who watches, who must have signed in.</summary>
    public static PersonId SignedInWatcher(this HttpContext context) => context.Watcher() ?? context.SignedIn();

    static PersonId? OfTicket(HttpContext context)
    {
        if (context.Request.Query[Parameter] is not [{ Length: > 0 } ticket] || context.RequestServices.GetService<IDataProtectionProvider>() is null)
        {
            return null;
        }

        try
        {
            return Protector(context).Unprotect(ticket).Split('\n', 3) is [var expires, var path, var person]
                && long.Parse(expires, CultureInfo.InvariantCulture) > context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds()
                && path == (context.Request.PathBase + context.Request.Path).Value
                    ? PersonId.Parse(person)
                    : null;
        }
        catch (CryptographicException)
        {
            return null; // not one of ours
        }
    }

    static IDataProtector Protector(HttpContext context) =>
        context.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector("Sharing.StreamTicket");
}
