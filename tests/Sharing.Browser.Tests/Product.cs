using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sharing.Browser.Tests;

/// <summary>A small product with the pages in it, below a path base and under a prefix; Anna is always signed in.</summary>
static class Product
{
    public static async Task<WebApplication> StartAsync(Action<SharingBuilder> configure)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSharing(configure);
        var app = builder.Build();
        app.UsePathBase("/base");
        app.UseRouting();
        app.Use((context, next) =>
        {
            context.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, "anna")], "test"));
            return next(context);
        });
        app.MapGet("/acme.css", () => Results.Text("body { background: rgb(1 2 3); }", "text/css"));
        app.MapSharing("/share");
        app.MapSharingPages("/share");
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
