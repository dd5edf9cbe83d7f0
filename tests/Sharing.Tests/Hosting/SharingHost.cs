using System.Net;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.Tests.Hosting;

/// <summary>A Sharing server on loopback. A bearer token is a person's id in hex, or "host", or rubbish, which signs nobody in.</summary>
sealed class SharingHost : IAsyncDisposable
{
    const string HostToken = "host";

    readonly WebApplication _app;

    SharingHost(WebApplication app) => (_app, Address) = (app, new Uri(app.Urls.First() + "/"));

    public Uri Address { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<SharingHost> StartAsync(Action<SharingBuilder> configure, Action<IServiceCollection>? services = null, SharingRoles roles = SharingRoles.Social | SharingRoles.Download)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        services?.Invoke(builder.Services);
        builder.Services.AddSharing(sharing =>
        {
            sharing.WithFetching(fetching =>
            {
                fetching.Configured.Add("127.0.0.1");
                fetching.Attempts = 1;
                fetching.PeersOnThisMachine = true;
            }).WithHosts(user => user.IsInRole(HostToken));
            configure(sharing);
        });
        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.User = PrincipalOf(context.Request.Headers.Authorization.ToString());
            return next(context);
        });
        app.MapSharing(roles: roles);
        await app.StartAsync();
        return new(app);
    }

    public static string TokenOf(PersonId person) => Convert.ToHexString(Encoding.UTF8.GetBytes(person.Value));

    /// <summary>The guarded client; it may reach loopback.</summary>
    public HttpClient Http => Services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Name);

    /// <summary>Speaks to the server as whoever acts; where nobody does, as nobody or as another host.</summary>
    public ServerConnection Connect(bool asHost = false) => new(
        Http, Address, (person, _) => ValueTask.FromResult(person is { } one ? TokenOf(one) : asHost ? HostToken : null));

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Stops it, with all the patience that a host has, or until that token says now.</summary>
    public Task StopAsync(CancellationToken now = default) => _app.StopAsync(now);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    static ClaimsPrincipal PrincipalOf(string header)
    {
        var token = header.StartsWith("Bearer ", StringComparison.Ordinal) ? header["Bearer ".Length..] : "";
        if (token == HostToken)
        {
            return new(new ClaimsIdentity([new(ClaimTypes.Role, HostToken)], "test"));
        }

        return token.Length > 0 && token.All(char.IsAsciiHexDigit)
            ? new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, Encoding.UTF8.GetString(Convert.FromHexString(token)))], "test"))
            : new();
    }
}
