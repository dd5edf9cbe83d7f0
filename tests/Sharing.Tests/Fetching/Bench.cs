using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Tests.Fetching;

/// <summary>The guarded client as a host registers it, with a name server and a public internet of its own.</summary>
sealed class Bench : IAsyncDisposable, ILoggerProvider, ILogger
{
    /// <summary>A port at which packets vanish.</summary>
    public const int Nowhere = 0;

    readonly ServiceProvider _provider;

    public Bench(Action<FetchOptions>? configure = null, TimeProvider? time = null, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(this).AddFilter("Sharing", LogLevel.Trace));
        services.AddSingleton(time ?? TimeProvider.System);
        foreach (var name in (string[])[GuardedClient.Name, GuardedClient.Services])
        {
            services.AddKeyedSingleton(name, (p, _) => new AddressPolicy(p.GetRequiredService<IOptions<FetchOptions>>().Value, name, ResolveAsync));
            services.AddKeyedSingleton(name, (p, _) => new GuardedConnector(
                p.GetRequiredKeyedService<AddressPolicy>(name), p.GetRequiredService<IOptions<FetchOptions>>().Value, p.GetRequiredService<TimeProvider>())
            {
                Dial = DialAsync,
            });
        }

        new SharingBuilder(services).WithFetching(options => options.Attempts = 1).WithFetching(configure ?? (_ => { }));
        services.AddGuardedClient();
        more?.Invoke(services);
        _provider = services.BuildServiceProvider();
        var clients = _provider.GetRequiredService<IHttpClientFactory>();
        (Client, Services) = (clients.CreateClient(GuardedClient.Name), clients.CreateClient(GuardedClient.Services));
    }

    /// <summary>The client for servers that the operator named.</summary>
    public HttpClient Services { get; }

    public HttpClient Client { get; }

    /// <summary>Answers for names; others are asked of the system.</summary>
    public Dictionary<string, Func<IPAddress[]>> Names { get; } = [];

    /// <summary>The answer for every other name, instead of the system's.</summary>
    public IPAddress[]? OtherNames { get; set; }

    /// <summary>Loopback ports that stand for public hosts.</summary>
    public Dictionary<string, int> Internet { get; } = [];

    public ConcurrentQueue<string> Asked { get; } = [];

    public ConcurrentQueue<IPEndPoint> Dialled { get; } = [];

    public ConcurrentQueue<(int Id, string Text)> Log { get; } = [];

    /// <summary>Gives a name a public address, and a server on loopback that stands for it.</summary>
    public void Publish(string name, string address, int port)
    {
        Names[name] = () => [IPAddress.Parse(address)];
        Internet[address] = port;
    }

    public Task<HttpResponseMessage> GetAsync(string address) =>
        Client.GetAsync(new Uri(address), HttpCompletionOption.ResponseHeadersRead);

    public async Task<SharingException> FailsAsync(string address) =>
        await Assert.ThrowsAsync<SharingException>(async () =>
        {
            using var response = await GetAsync(address);
            await response.Content.CopyToAsync(Stream.Null);
        });

    public async Task<FetchRefusedException> RefusesAsync(string address) =>
        Assert.IsType<FetchRefusedException>(FetchRefusedException.Within(await FailsAsync(address)));

    async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Asked.Enqueue(host);
        return Names.TryGetValue(host, out var answer) ? answer() : OtherNames ?? await Dns.GetHostAddressesAsync(host, cancellationToken);
    }

    async ValueTask<Stream> DialAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        Dialled.Enqueue(endpoint);
        var real = Internet.TryGetValue(endpoint.Address.ToString(), out var port) ? new IPEndPoint(IPAddress.Loopback, port) : endpoint;
        if (real.Port == Nowhere)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        var socket = new Socket(real.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(real, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return _provider.DisposeAsync();
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => this;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Log.Enqueue((eventId.Id, formatter(state, exception)));

    void IDisposable.Dispose()
    {
    }
}
