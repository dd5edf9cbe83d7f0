using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Tests.Fetching;

public sealed class FetchOptionsTests
{
    [Theory]
    [InlineData("nas.local", "nas.local", null)]
    [InlineData("NAS.local:8080", "nas.local", 8080)]
    [InlineData("nas.local:80", "nas.local", 80)]
    [InlineData("nas.local:443", "nas.local", 443)]
    [InlineData("10.0.0.7", "10.0.0.7", null)]
    [InlineData("0xa.7", "10.0.0.7", null)]
    [InlineData("10.0.0.7:1", "10.0.0.7", 1)]
    [InlineData("::1", "::1", null)]
    [InlineData("[::1]", "::1", null)]
    [InlineData("[0:0::1]:81", "::1", 81)]
    [InlineData("[::ffff:10.0.0.7]:81", "10.0.0.7", 81)]
    [InlineData("bücher.test:8", "xn--bcher-kva.test", 8)]
    public void An_authority_is_read(string text, string host, int? port)
    {
        Assert.True(Authority.TryParse(text, out var authority));
        Assert.Equal(new Authority(host, port), authority);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("*.local")]
    [InlineData("*")]
    [InlineData("http://nas.local")]
    [InlineData("nas.local/path")]
    [InlineData("user@nas.local")]
    [InlineData("nas.local:")]
    [InlineData("nas.local:0")]
    [InlineData("nas.local:65536")]
    [InlineData("nas.local:x")]
    [InlineData("nas local")]
    [InlineData("nas.local?x")]
    [InlineData("[::1")]
    [InlineData("[::1]:")]
    [InlineData("fe80::1%lo")]
    [InlineData(":80")]
    public void What_is_no_authority_is_not_read(string? text) => Assert.False(Authority.TryParse(text, out _));

    [Fact]
    public void Every_error_is_told_at_once()
    {
        var options = new FetchOptions
        {
            Configured = { "*.local", "http://x" },
            Services = { "http://x/" },
            StrangerPorts = [80, 0, 65536],
            ConnectTimeout = TimeSpan.Zero,
            HeaderTimeout = Timeout.InfiniteTimeSpan,
            IdleTimeout = TimeSpan.FromDays(50),
            TotalTimeout = TimeSpan.FromSeconds(-1),
            RetryDelay = TimeSpan.FromHours(1),
            LongestRetryAfter = TimeSpan.FromMinutes(1),
            MaxRedirects = -1,
            Attempts = 0,
            MaxBytes = -1,
        };

        var errors = new FetchOptionsValidation().Validate(null, options).Failures!.ToList();

        Assert.Equal(13, errors.Count);
        foreach (var property in typeof(FetchOptions).GetProperties().Where(p => p.PropertyType != typeof(bool)).Select(p => p.Name))
        {
            Assert.Contains(errors, e => e.Contains(property, StringComparison.Ordinal));
        }

        Assert.True(new FetchOptionsValidation().Validate(null, new FetchOptions()).Succeeded);
    }

    [Fact]
    public async Task Bad_options_stop_the_host_at_its_start()
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        new SharingBuilder(builder.Services).WithFetching(o => o.Attempts = 0);
        builder.Services.AddGuardedClient();
        using var host = builder.Build();

        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
    }

    [Fact]
    public async Task Registered_twice_the_handlers_are_there_once_and_a_users_own_sees_every_attempt()
    {
        await using var server = await LoopbackServer.StartAsync(c =>
        {
            c.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        var seen = 0;
        await using var bench = new Bench(
            options =>
            {
                options.Configured.Add("127.0.0.1");
                options.Attempts = 3;
                options.RetryDelay = TimeSpan.FromMilliseconds(1);
            },
            more: services =>
            {
                services.AddGuardedClient();
                services.AddHttpClient(GuardedClient.Name).AddHttpMessageHandler(() => new Counter(() => seen++));
            });

        using var response = await bench.GetAsync(server.Address);

        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(3, seen);
        Assert.Equal(Timeout.InfiniteTimeSpan, bench.Client.Timeout);
    }

    sealed class Counter(Action count) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            count();
            return base.SendAsync(request, cancellationToken);
        }
    }
}
