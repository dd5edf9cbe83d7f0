using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sharing.Tests.Child.Ssrf;

/// <summary>A public web server at the strangers' command: it redirects to whatever its path says, in as many steps as it says.</summary>
static class PublicWeb
{
    static readonly int[] Statuses = [301, 302, 303, 307, 308];

    public static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{PublicInternet.Web}:80", $"http://[{PublicInternet.Web6}]:80");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ResponseHeaderEncodingSelector = _ => Encoding.UTF8);
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        return app;
    }

    /// <summary>An address at a host that leads on to another in so many steps.</summary>
    public static string Hop(string host, int steps, string target) =>
        string.Create(CultureInfo.InvariantCulture, $"http://{host}/hop/{steps}/{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(target))}");

    /// <summary>An address that leads back to itself, by a connection of its own: the name is asked for again.</summary>
    public static string Again(string host, int serial) => string.Create(CultureInfo.InvariantCulture, $"http://{host}/again/{serial}");

    /// <summary>An address that breaks off, so that it is tried again: the name is asked for again.</summary>
    public static string Break(string host, int serial) => string.Create(CultureInfo.InvariantCulture, $"http://{host}/break/{serial}");

    static async Task AnswerAsync(HttpContext context)
    {
        var response = context.Response;
        switch (context.Request.Path.Value!.Split('/'))
        {
            case ["", "hop", var left, var target]:
                var steps = int.Parse(left, CultureInfo.InvariantCulture);
                response.StatusCode = Statuses[steps % Statuses.Length];
                response.Headers.Location = steps > 1
                    ? string.Create(CultureInfo.InvariantCulture, $"http://{context.Request.Host}/hop/{steps - 1}/{target}")
                    : Encoding.UTF8.GetString(Convert.FromHexString(target)).Trim();
                break;
            case ["", "again", _]:
                response.StatusCode = StatusCodes.Status302Found;
                response.Headers.Connection = "close";
                response.Headers.Location = context.Request.Path.Value;
                break;
            case ["", "break", _]:
                context.Abort();
                break;
            case ["", "hang", ..]:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            default:
                response.ContentLength = 2;
                await response.WriteAsync("{}", context.RequestAborted);
                break;
        }
    }
}
