using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Photos;

namespace Sharing.AspNetCore;

/// <summary>Remembers for a while that a visitor has shown a mail address to be his. Sealed by the host's data protection, kept in his browser alone.</summary>
static class EntryCookie
{
    const string Name = "sharing-entry";

    static readonly TimeSpan Life = TimeSpan.FromHours(12);

    /// <summary>Who stands before an entry link: as whom he has signed in, and the address that he has shown to be his.</summary>
    public static GrantVisitor Visitor(this HttpContext context) => new(context.Caller(), AddressOf(context));

    public static void Keep(HttpContext context, string address)
    {
        var until = Now(context) + Life;
        context.Response.Cookies.Append(Name, Protector(context).Protect(string.Create(CultureInfo.InvariantCulture, $"{until.ToUnixTimeMilliseconds()}\n{address}")), new()
        {
            HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, MaxAge = Life, Path = PagesSite.Page(context, "/g"), IsEssential = true,
        });
    }

    static string? AddressOf(HttpContext context)
    {
        if (context.Request.Cookies[Name] is not { Length: > 0 } text)
        {
            return null;
        }

        try
        {
            return Protector(context).Unprotect(text).Split('\n') is [var until, var address]
                && long.Parse(until, CultureInfo.InvariantCulture) > Now(context).ToUnixTimeMilliseconds() ? address : null;
        }
        catch (CryptographicException)
        {
            return null; // not one of ours
        }
    }

    static DateTimeOffset Now(HttpContext context) => context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

    static IDataProtector Protector(HttpContext context) => context.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector("Sharing.EntryCookie");
}
