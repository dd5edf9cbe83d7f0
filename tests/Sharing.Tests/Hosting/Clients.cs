using Microsoft.Extensions.DependencyInjection;

namespace Sharing.Tests.Hosting;

static class Clients
{
    /// <summary>Services with the guarded client, which may reach loopback and retries nothing.</summary>
    public static ServiceProvider Guarded() => new ServiceCollection().AddLogging().AddSharing(sharing => sharing.WithFetching(fetching =>
    {
        fetching.Configured.Add("127.0.0.1");
        fetching.Attempts = 1;
    })).BuildServiceProvider();
}
