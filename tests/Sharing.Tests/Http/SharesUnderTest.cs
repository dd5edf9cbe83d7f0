using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Tests.Http;

/// <summary>A shared-data server with its index, and nothing else.</summary>
public sealed class SharesUnderTest : HostUnderTest
{
    const string HostRole = "host";

    WebApplication _app = null!;

    public override IServiceProvider Services => _app.Services;

    public override string Purpose => IShares.Purpose;

    public override async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSharing(sharing => sharing.WithHosts(user => user.IsInRole(HostRole)).AddSharedData());
        builder.Services.AddSharingOpenApi();
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            context.User = PrincipalOf(context.Request.Headers.Authorization.ToString());
            return next(context);
        });
        _app.MapOpenApi();
        _app.MapSharing(roles: SharingRoles.Data | SharingRoles.Index);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.First() + "/");
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    public override Uri NewAddress() => throw new NotSupportedException("There is no origin here.");

    /// <summary>A share of the owner's.</summary>
    internal async Task<ShareId> ShareAsync(string audience, string text)
    {
        var (uploads, bytes) = (Get<Core.Uploads>(), System.Text.Encoding.UTF8.GetBytes(text));
        var metadata = UploadMetadata.Of([new("filename", "film.mkv"), new("audience", audience)]);
        var upload = (await uploads.CreateAsync(IdOf(Actor.Owner), IShares.Purpose, new(bytes.Length, metadata)))!;
        upload = (await uploads.AppendAsync(IdOf(Actor.Owner), IShares.Purpose, upload.Id, new(0, new MemoryStream(bytes))))!;
        return ShareId.Parse(upload.Result!);
    }

    internal override async Task<ISubjects> SubjectsAsync() => await ShareSubjects.MakeAsync(this);

    ClaimsPrincipal PrincipalOf(string header)
    {
        var person = People.Where(actor => header == "Bearer " + TokenOf(actor)).Select(actor => new Claim(ClaimTypes.NameIdentifier, actor.ToString()));
        var host = header == "Bearer " + TokenOf(Actor.Host) ? (IEnumerable<Claim>)[new(ClaimTypes.Role, HostRole)] : [];
        return person.Concat(host).ToList() is { Count: > 0 } claims ? new(new ClaimsIdentity(claims, "test")) : new();
    }
}
