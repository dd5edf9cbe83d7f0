using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.AspNetCore;
using Sharing.Tests.Content;

namespace Sharing.Tests.Http;

/// <summary>Any choice of roles makes a host that starts and describes itself.</summary>
public sealed class RolesTests
{
    [Theory]
    [InlineData(SharingRoles.Social)]
    [InlineData(SharingRoles.Download)]
    [InlineData(SharingRoles.Posts)]
    [InlineData(SharingRoles.Terminal)]
    [InlineData(SharingRoles.Social | SharingRoles.Posts)]
    public async Task A_host_of_some_roles_describes_those(SharingRoles roles)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSharing(sharing => sharing.AddOffline());
        builder.Services.AddSharingOpenApi();
        await using var app = builder.Build();
        app.MapOpenApi();
        app.MapSharing(roles: roles);
        await app.StartAsync();
        using var http = new HttpClient();
        var document = new ApiDocument(await http.GetStringAsync(new Uri(new Uri(app.Urls.First()), "openapi/v1.json")));
        Assert.Equal(roles.HasFlag(SharingRoles.Social), document.Operations.Any(operation => operation.Path == "/v1/feed"));
        Assert.Equal((roles & (SharingRoles.Download | SharingRoles.Posts)) != 0, document.Operations.Any(operation => operation.Path == "/v1/posts"));
        Assert.Equal(roles.HasFlag(SharingRoles.Download), document.Operations.Any(operation => operation.Path == "/v1/library"));
        Assert.Equal(roles.HasFlag(SharingRoles.Terminal), document.Operations.Any(operation => operation.Path == "/v1/downloads"));
    }

    [Fact]
    public async Task A_server_whose_settings_name_one_role_plays_that_role_alone_and_keeps_its_folder_to_itself()
    {
        using var folder = new TemporaryFolder();
        var data = folder.Join("data");
        await using var app = global::Sharing.Server.ServerHost.Build(["--urls=http://127.0.0.1:0", $"--Sharing:Data={data}", "--Sharing:Roles:0=social", "--Logging:LogLevel:Default=None"]);
        await app.StartAsync();
        var routes = Route.Of(app.Services).Select(route => route.Pattern).ToList();
        Assert.Contains("/v1/feed", routes);
        Assert.DoesNotContain("/v1/posts", routes);
        Assert.DoesNotContain("/v1/library", routes);
        Assert.NotNull(app.Services.GetRequiredService<IRecordStore>());
        Assert.NotNull(app.Services.GetRequiredService<IContentStore>());
        Assert.Equal("rwx------", Permissions(data));
        Assert.Equal("rwx------", Permissions(Path.Combine(data, "content")));
    }

    static string Permissions(string folder)
    {
        var mode = File.GetUnixFileMode(folder);
        return string.Concat(Enumerable.Range(0, 9).Reverse().Select(bit => ((int)mode & (1 << bit)) == 0 ? '-' : "xwr"[bit % 3]));
    }
}
