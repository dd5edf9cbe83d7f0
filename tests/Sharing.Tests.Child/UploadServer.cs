using System.Globalization;
using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sharing.AspNetCore;
using Sharing.Core;

namespace Sharing.Tests.Child;

/// <summary>A server that takes uploads for <see cref="KeptThings"/>. Whoever sends "Authorization: Bearer NAME" is that person.</summary>
public static class UploadServer
{
    /// <param name="configure">Adds to what is kept in memory.</param>
    /// <param name="port">0: any.</param>
    /// <param name="services">Registers beforehand.</param>
    /// <param name="pathBase">What comes before all paths.</param>
    /// <param name="site">Another site whose pages may ask; <c>null</c>: none.</param>
    /// <param name="roles">What it serves besides.</param>
    public static WebApplication Build(
        Action<SharingBuilder> configure, int port = 0, Action<IServiceCollection>? services = null, string pathBase = "", string? site = null, SharingRoles roles = SharingRoles.None)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 1000; // uploads have a limit of their own
            kestrel.Listen(IPAddress.Loopback, port);
        });
        services?.Invoke(builder.Services);
        builder.Services.AddCors();
        builder.Services.AddSharing(sharing =>
        {
            configure(sharing.AddUploads<KeptThings>().WithFetching(fetching => fetching.Services.Add("127.0.0.1")));
        });
        builder.Services.AddSharingOpenApi();
        var app = builder.Build();
        app.UsePathBase(pathBase);
        app.UseRouting();
        if (site is not null)
        {
            app.UseCors(cors => cors.WithOrigins(site).AllowAnyHeader().AllowAnyMethod());
        }

        app.Use((context, next) =>
        {
            context.User = PrincipalOf(context.Request.Headers.Authorization.ToString());
            return next(context);
        });
        app.MapOpenApi();
        app.MapSharing(roles: roles);
        return app;
    }

    public static Task<int> RunAsync(string folder, string port) => RunAsync(Build(sharing => sharing.UseFolder(folder), int.Parse(port, CultureInfo.InvariantCulture)));

    /// <summary>A message server, where whoever is named is there.</summary>
    public static Task<int> RunMessagesAsync(string folder, string port) => RunAsync(
        Build(sharing => sharing.UseFolder(folder).AddMessages().UseNetworkIds<AnyNetworkId>(), int.Parse(port, CultureInfo.InvariantCulture), roles: SharingRoles.Messages));

    static async Task<int> RunAsync(WebApplication built)
    {
        await using var app = built;
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await app.WaitForShutdownAsync();
        return 0;
    }

    static ClaimsPrincipal PrincipalOf(string header) => header.StartsWith("Bearer ", StringComparison.Ordinal) && header.Length > 7
        ? new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, header[7..])], "test"))
        : new();
}
