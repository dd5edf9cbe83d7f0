using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.AspNetCore;

namespace Sharing.Tests.Http;

/// <summary>A host with some roles, and nothing else.</summary>
public abstract class RolesUnderTest : HostUnderTest
{
    const string HostRole = "host";

    WebApplication _app = null!;

    public override IServiceProvider Services => _app.Services;

    protected abstract SharingRoles Roles { get; }

    /// <summary>Whether it shows pages, too.</summary>
    protected virtual bool HasPages => false;

    protected abstract void Configure(SharingBuilder sharing);

    public override async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSharing(sharing => Configure(sharing.WithHosts(user => user.IsInRole(HostRole))));
        builder.Services.AddSharingOpenApi();
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            context.User = PrincipalOf(context.Request.Headers.Authorization.ToString());
            return next(context);
        });
        _app.MapOpenApi();
        _app.MapSharing(roles: Roles);
        if (HasPages)
        {
            _app.MapSharingPages();
        }

        await _app.StartAsync();
        Address = new Uri(_app.Urls.First() + "/");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    public override Uri NewAddress() => throw new NotSupportedException("There is no origin here.");

    ClaimsPrincipal PrincipalOf(string header)
    {
        var person = People.Where(actor => header == "Bearer " + TokenOf(actor)).Select(actor => new Claim(ClaimTypes.NameIdentifier, actor.ToString()));
        var host = header == "Bearer " + TokenOf(Actor.Host) ? (IEnumerable<Claim>)[new(ClaimTypes.Role, HostRole)] : [];
        return person.Concat(host).ToList() is { Count: > 0 } claims ? new(new ClaimsIdentity(claims, "test")) : new();
    }
}
