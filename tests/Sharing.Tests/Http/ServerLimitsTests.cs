using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sharing.Server;
using Sharing.Tests.Content;
using Sharing.Tests.Laws;

namespace Sharing.Tests.Http;

/// <summary>What one client may take of the web server.</summary>
public sealed class ServerLimitsTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_server_sample_has_the_limits_that_its_page_states()
    {
        await using var app = ServerHost.Build([$"--Sharing:Data={_folder.Path}"]);
        var options = app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value;
        var limits = options.Limits;
        Assert.False(options.AddServerHeader);
        string[] stated =
        [
            $"{limits.MaxRequestLineSize / 1024} KiB; {limits.MaxRequestHeaderCount} of {limits.MaxRequestHeadersTotalSize / 1024} KiB together",
            $"{limits.MaxRequestBodySize / 1024 / 1024} MiB",
            $"{limits.MaxRequestBufferSize / 1024} KiB of a request, {limits.MaxResponseBufferSize / 1024} KiB of an answer",
            $"{limits.RequestHeadersTimeout.TotalSeconds} s; {limits.KeepAliveTimeout.TotalSeconds} s",
            $"{limits.MinRequestBodyDataRate!.BytesPerSecond} bytes a second, after {limits.MinRequestBodyDataRate.GracePeriod.TotalSeconds} s",
            $"{limits.MinResponseDataRate!.BytesPerSecond / 1024} KiB a second, after {limits.MinResponseDataRate.GracePeriod.TotalSeconds} s",
            $"{limits.MaxConcurrentConnections:N0}; {limits.MaxConcurrentUpgradedConnections:N0}",
            $"{limits.Http2.MaxStreamsPerConnection} requests at once, headers of {limits.Http2.MaxRequestHeaderFieldSize / 1024} KiB, a header table of {limits.Http2.HeaderTableSize / 1024} KiB",
            $"after {limits.Http2.KeepAlivePingDelay.TotalSeconds} s of silence a ping, to be answered in {limits.Http2.KeepAlivePingTimeout.TotalSeconds} s",
        ];
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "run-a-server.md"), TestContext.Current.CancellationToken);
        Assert.All(stated, limit => Assert.Contains(limit, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_host_configures_afterwards_wins()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSharingLimits().UseSharingLimits();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxRequestHeaderCount = 7);
        await using var app = builder.Build();
        Assert.Equal(7, app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MaxRequestHeaderCount);
    }
}
