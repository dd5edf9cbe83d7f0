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
}
