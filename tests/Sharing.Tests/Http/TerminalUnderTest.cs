using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.AspNetCore;
using Sharing.Offline;
using Sharing.Tests.Fetching;

namespace Sharing.Tests.Http;

/// <summary>A host with every role, on which several people have their download lists; and an origin that has some files, lacks some, and is endlessly slow
/// with others.</summary>
public sealed class TerminalUnderTest : HostUnderTest
{
    const string HostRole = "host";

    LoopbackServer _origin = null!;
    WebApplication _app = null!;

    public override IServiceProvider Services => _app.Services;

    public override async ValueTask InitializeAsync()
    {
        _origin = await LoopbackServer.StartAsync(AnswerOrNotAsync);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSharing(sharing => sharing
            .WithFetching(fetching => fetching.Configured.Add("127.0.0.1"))
            .WithHosts(user => user.IsInRole(HostRole))
            .AddOffline(offline => offline.ConcurrentDownloads = 10_000) // those that are endless leave room for the others
            .AddNetwork(new Uri(_origin.Address + "/"), Elsewhere)
            .AddNetwork(new Uri(_origin.Address + "/"), Spare));
        builder.Services.AddSharingOpenApi();
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            context.User = PrincipalOf(context.Request.Headers.Authorization.ToString());
            return next(context);
        });
        _app.MapOpenApi();
        _app.MapSharing(roles: SharingRoles.Social | SharingRoles.Download | SharingRoles.Terminal);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.First() + "/");
        Get<IOptions<OfflineOptions>>().Value.PublicAddress = Address; // the port is known only now
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        await _origin.DisposeAsync();
    }

    public override Uri NewAddress() => AddressIn("files");

    /// <summary>One whose bytes never come.</summary>
    public Uri NewSlowAddress() => AddressIn("slow");

    /// <summary>One with nothing there.</summary>
    public Uri NewMissingAddress() => AddressIn("missing");

    internal override async Task<ISubjects> SubjectsAsync() => await DownloadSubjects.MakeAsync(this);

    Uri AddressIn(string folder) => new($"{_origin.Address}/{folder}/{Guid.NewGuid():N}.bin");

    ClaimsPrincipal PrincipalOf(string header)
    {
        var person = People.Where(actor => header == "Bearer " + TokenOf(actor)).Select(actor => new Claim(ClaimTypes.NameIdentifier, actor.ToString()));
        var host = header == "Bearer " + TokenOf(Actor.Host) ? (IEnumerable<Claim>)[new(ClaimTypes.Role, HostRole)] : [];
        return person.Concat(host).ToList() is { Count: > 0 } claims ? new(new ClaimsIdentity(claims, "test")) : new();
    }

    static Task AnswerOrNotAsync(HttpContext context) => context.Request.Path.StartsWithSegments("/slow")
        ? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
        : AnswerAsync(context);
}
