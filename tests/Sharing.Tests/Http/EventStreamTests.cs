using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sharing.AspNetCore;
using Sharing.Offline;
using Sharing.Tests.Hosting;

namespace Sharing.Tests.Http;

/// <summary>Server-sent events and the host's life.</summary>
public sealed class EventStreamTests
{
    [Fact(Timeout = 60_000)]
    public async Task A_host_that_stops_ends_its_event_streams_without_calling_that_the_end()
    {
        var anna = PersonId.Parse("anna");
        await using var origin = await Origin.StartAsync();
        origin.Before = context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted); // the library waits for it
        await using var host = await SharingHost.StartAsync(sharing => sharing.AddSocialNetwork().AddDownloadServer());
        var post = await host.Get<IPosts>().ShareAsync(
            anna, new() { Resource = new() { Address = origin.Serve("film.bin", [1]), Name = "film.bin" }, Audience = Audience.Everyone });
        using var http = host.Http;
        using var stream = await http.GetAsync(new Uri(host.Address, $"v1/posts/{post.Id}/events"), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.Equal("event: state", await reader.ReadLineAsync());

        var stopped = host.StopAsync();
        var rest = await reader.ReadToEndAsync(); // a cut connection would throw
        await stopped;
        Assert.DoesNotContain("event: end", rest, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_comes_again_is_not_told_what_it_was_told_last()
    {
        var first = await WriteAsync(null);
        var ids = first.Split('\n').Where(line => line.StartsWith("id: ", StringComparison.Ordinal)).Select(line => line["id: ".Length..]).ToList();
        Assert.Equal(2, ids.Distinct().Count());
        Assert.Equal(2, States(first));
        Assert.Equal(1, States(await WriteAsync(ids[0])));
        Assert.Equal(2, States(await WriteAsync(ids[1]))); // it changed meanwhile, and back: both are told
        Assert.Equal(2, States(await WriteAsync("other")));
        Assert.Contains("event: end", first, StringComparison.Ordinal);
    }

    static int States(string events) => events.Split('\n').Count(line => line == "event: state");

    static async Task<string> WriteAsync(string? lastSeen)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton(TimeProvider.System);
        await using var app = builder.Build();
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { RequestServices = app.Services, Request = { Headers = { ["Last-Event-ID"] = lastSeen } }, Response = { Body = body } };
        var states = new[] { new PostContentState(OfflineState.Fetching, null), new PostContentState(OfflineState.Failed, null) };
        await new EventStreamResult<PostContentState>(states.ToAsyncEnumerable(), WireJson.Default.PostContentState).ExecuteAsync(context);
        return System.Text.Encoding.UTF8.GetString(body.ToArray());
    }
}
