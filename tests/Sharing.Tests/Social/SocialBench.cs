using Microsoft.Extensions.DependencyInjection;

namespace Sharing.Tests.Social;

/// <summary>A host with networks, whose publishers a test calls itself.</summary>
sealed class SocialBench : IAsyncDisposable
{
    readonly ServiceProvider _services;

    public SocialBench(Action<SharingBuilder> add, TimeProvider? time = null)
    {
        var services = new ServiceCollection().AddLogging();
        if (time is not null)
        {
            services.AddSingleton(time);
        }

        _services = services.AddSharing(sharing =>
        {
            sharing.WithFetching(static fetching =>
            {
                fetching.Configured.Add("127.0.0.1");
                fetching.Configured.Add("localhost");
            });
            add(sharing);
        }).BuildServiceProvider();
    }

    public IServiceProvider Services => _services;

    public ISocialPublisher Publisher => _services.GetServices<ISocialPublisher>().Single();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
