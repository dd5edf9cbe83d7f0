using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.Tests.Child.Ssrf;

/// <summary>The product as servers and terminals are built of it, and every place of it at which somebody's address is fetched.</summary>
sealed class Product : IAsyncDisposable
{
    static readonly PersonId Anna = PersonId.Parse("anna");

    readonly WebApplication _server;
    readonly ServiceProvider _withoutLibrary;
    readonly IHost _terminal;
    readonly HttpClient _browser;
    int _gathering;

    Product(WebApplication server, ServiceProvider withoutLibrary, IHost terminal)
    {
        (_server, _withoutLibrary, _terminal) = (server, withoutLibrary, terminal);
        _browser = new() { BaseAddress = Address };
    }

    static Uri Address { get; } = new(string.Create(CultureInfo.InvariantCulture, $"http://{PublicInternet.Product}:8080/"));

    public static async Task<Product> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address.ToString());
        builder.Services.AddSharing(sharing => Quick(sharing).WithBackgroundWork(false)
            .WithCaller(_ => Anna).AddPages()
            .AddSocialNetwork().AddDownloadServer(offline => (offline.PublicAddress, offline.FetchAttempts) = (Address, 1)));
        var server = builder.Build();
        server.Use((context, next) =>
        {
            context.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, Anna.Value)], "test"));
            return next(context);
        });
        server.MapSharing();
        server.MapSharingPages();
        await server.StartAsync();

        var withoutLibrary = new ServiceCollection().AddLogging()
            .AddSharing(sharing => Quick(sharing).WithBackgroundWork(false).AddSocialNetwork().AddPosts()).BuildServiceProvider();

        var host = Host.CreateEmptyApplicationBuilder(null);
        host.Services.AddSharing(sharing => Quick(sharing)
            .UseServer(new Uri($"http://{PublicInternet.OwnName}/"), null, (_, _, _) => ValueTask.FromResult<string?>(null))
            .AddDownloads(offline => offline.ConcurrentDownloads = 64));
        var terminal = host.Build();
        await terminal.StartAsync();
        return new Product(server, withoutLibrary, terminal);
    }

    /// <summary>Every place at which the product fetches.</summary>
    public IReadOnlyList<EntryPoint> EntryPoints =>
    [
        new("strangers-client", PublicInternet.PublicName, address => ByClientAsync(GuardedClient.Name, address)),
        new("services-client", PublicInternet.OwnName, address => ByClientAsync(GuardedClient.Services, address)),
        new("own-network", PublicInternet.OwnName, ByConnectionAsync),
        new("library", PublicInternet.PublicName, ByLibraryAsync),
        new("gathering", PublicInternet.PublicName, ByGatheringAsync),
        new("relay", PublicInternet.PublicName, address => ByRelayAsync(address, "*/*")),
        new("relay-page", PublicInternet.PublicName, address => ByRelayAsync(address, "text/html")),
        new("terminal", PublicInternet.PublicName, ByTerminalAsync),
        new("terminals", PublicInternet.PublicName, ByTerminalsAsync),
    ];

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _terminal.StopAsync();
        _terminal.Dispose();
        await _withoutLibrary.DisposeAsync();
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    /// <summary>The limits of every day, only sooner; and a server that the operator named, which is a public one.</summary>
    static SharingBuilder Quick(SharingBuilder sharing) => sharing
        .WithFetching(fetching =>
        {
            (fetching.Attempts, fetching.RetryDelay) = (2, TimeSpan.FromMilliseconds(1));
            (fetching.ConnectTimeout, fetching.HeaderTimeout) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
            fetching.Services.Add(PublicInternet.OwnName);
        })
        .WithTransfers(transfers => (transfers.MaxFailures, transfers.FirstRest) = (1, TimeSpan.FromMilliseconds(1)));

    async Task<string> ByClientAsync(string client, string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address))
        {
            return EntryPoint.Unreadable;
        }

        using var http = _server.Services.GetRequiredService<IHttpClientFactory>().CreateClient(client);
        try
        {
            using var answer = await http.GetAsync(address);
            return $"fetched: {answer.StatusCode}";
        }
        catch (SharingException e)
        {
            return $"{e.Code}: {e.Message}";
        }
    }

    async Task<string> ByConnectionAsync(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address))
        {
            return EntryPoint.Unreadable;
        }

        using var http = _server.Services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Services);
        var connection = new ServerConnection(http, address, (_, _) => ValueTask.FromResult<string?>("secret"));
        try
        {
            var answer = (JsonTypeInfo<JsonObject>)JsonSerializerOptions.Default.GetTypeInfo(typeof(JsonObject));
            return "fetched: " + await connection.GetAsync(Anna, "", answer, CancellationToken.None);
        }
        catch (HttpRequestException e) when (e.InnerException is SharingException fault)
        {
            return $"{fault.Code}: {fault.Message}"; // the reason beside it is for the operator, who named the server
        }
        catch (HttpRequestException e) when (e.StatusCode is not null)
        {
            return $"fetched: {e.StatusCode}";
        }
    }

    async Task<string> ByLibraryAsync(string text)
    {
        var (library, ingest) = (_server.Services.GetRequiredService<IOfflineStore>(), _server.Services.GetRequiredService<OfflineIngest>());
        return await ReadableAsync(text, async address =>
        {
            var item = await library.KeepAsync(Anna, new() { Address = address, Name = "file" });
            for (; item.State == OfflineState.Fetching; item = (await library.FindAsync(Anna, item.Id))!)
            {
                if (!await ingest.RunOnceAsync())
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
                }
            }

            return item.State == OfflineState.Stored ? "fetched" : $"{item.State} {item.Failure}";
        });
    }

    async Task<string> ByGatheringAsync(string text)
    {
        var (posts, gather) = (_withoutLibrary.GetRequiredService<IPosts>(), _withoutLibrary.GetRequiredService<GatherWork>());
        var keep = _withoutLibrary.GetRequiredService<KeepWork>();
        return await ReadableAsync(text, async address =>
        {
            var post = await posts.ShareAsync(Anna, new() { Resource = new() { Address = address, Name = "file" }, Audience = Audience.Everyone });
            Interlocked.Increment(ref _gathering);
            for (var idle = 0; idle < 3;)
            {
                // Each piece of work that is due, whoever brought it; a new one is due with the next millisecond.
                idle = await keep.RunOnceAsync() | await gather.RunOnceAsync() ? 0 : idle + 1;
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            }

            Interlocked.Decrement(ref _gathering);
            while (Volatile.Read(ref _gathering) > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System); // somebody else may have taken ours
            }

            return (await posts.FindAsync(Anna, post.Id))!.Resource.Length is { } length ? $"fetched: {length}" : "nothing known";
        });
    }

    async Task<string> ByRelayAsync(string text, string accept)
    {
        var body = new JsonObject
        {
            ["resource"] = new JsonObject { ["address"] = text, ["name"] = "file" }, ["audience"] = new JsonObject { ["kind"] = "everyone" },
        };
        using var shared = await _browser.PostAsync("v1/posts", JsonContent.Create(body));
        if (shared.StatusCode == HttpStatusCode.BadRequest)
        {
            return EntryPoint.Unreadable;
        }

        var post = await shared.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonObject>();
        using var request = new HttpRequestMessage(HttpMethod.Get, "d/" + (string)post!["id"]!) { Headers = { { "Accept", accept } } };
        using var answer = await _browser.SendAsync(request);
        var said = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{(int)answer.StatusCode}\n");
        foreach (var header in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Date" or "Trace-Id")))
        {
            said.Append(CultureInfo.InvariantCulture, $"{header.Key}: {string.Join(", ", header.Value)}\n");
        }

        var bytes = await answer.Content.ReadAsStringAsync();
        return (answer.IsSuccessStatusCode ? "fetched: " : "") + said + bytes;
    }

    async Task<string> ByTerminalAsync(string text)
    {
        var downloads = _terminal.Services.GetRequiredService<IDownloads>();
        return await ReadableAsync(text, async address =>
        {
            var item = await downloads.AddAsync(Anna, new() { Address = address });
            await foreach (var now in downloads.WatchAsync(Anna, item.Id))
            {
                item = now;
            }

            await downloads.ChangeAsync(Anna, item.Id, DownloadCommand.Cancel);
            return item.State == DownloadState.Finished ? "fetched" : $"{item.State} {item.Failure}";
        });
    }

    /// <summary>Somebody says that a terminal is there. Terminals are said to be at numbers: a name is none, but for those that stand for a public one here.</summary>
    async Task<string> ByTerminalsAsync(string text)
    {
        const string NoSource = $"{ProblemCodes.FetchFailed}: The address could not be fetched.";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address))
        {
            return EntryPoint.Unreadable;
        }

        IPAddress? known = address.Host switch { PublicInternet.PublicName => PublicInternet.Web, PublicInternet.ClosedName => PublicInternet.Closed, PublicInternet.SilentName => PublicInternet.Silent, _ => null };
        var place = known is null ? null : new IPEndPoint(known, address.Port);
        if (place is null && !IPEndPoint.TryParse($"{text.Split("//", 2)[^1].Split('/', '?', '#', '\\')[0]}:{address.Port}", out place) && !IPEndPoint.TryParse($"{address.Host}:{address.Port}", out place))
        {
            return NoSource;
        }

        var device = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        using var http = _terminal.Services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Peers);
        try
        {
            using var answer = await http.GetAsync(new Uri(_terminal.Services.GetRequiredService<PeerAddresses>().Tell(device, [place], plain: true), address.PathAndQuery));
            return answer.IsSuccessStatusCode ? $"fetched: {answer.StatusCode}" : NoSource;
        }
        catch (SharingException e)
        {
            return $"{e.Code}: {e.Message}";
        }
    }

    static async Task<string> ReadableAsync(string text, Func<Uri, Task<string>> askAsync)
    {
        try
        {
            return Uri.TryCreate(text, UriKind.Absolute, out var address) ? await askAsync(address) : EntryPoint.Unreadable;
        }
        catch (SharingException e) when (e.Code == ProblemCodes.InvalidInput)
        {
            return EntryPoint.Unreadable;
        }
    }
}
