using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.Tests.Child;

/// <summary>A client that shares one address many times at once, and says how many shares were taken.</summary>
static class SharingAtOnce
{
    public static async Task<int> RunAsync(Uri server, string token, Uri resource, int count)
    {
        await using var services = new ServiceCollection().AddLogging()
            .AddSharing(sharing => sharing.WithFetching(fetching => fetching.Configured.Add("127.0.0.1"))).BuildServiceProvider();
        using var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Name);
        var posts = new HttpPosts(new(http, server, (_, _) => ValueTask.FromResult<string?>(token)));
        var request = new ShareRequest { Resource = new() { Address = resource, Name = "film.bin" }, Audience = Audience.Everyone };
        var shared = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => posts.ShareAsync(PersonId.Parse("anybody"), request)));
        Console.Write(shared.Select(post => post.Id).Distinct().Count());
        return 0;
    }
}
