using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;

namespace Sharing.Trials;

/// <summary>Many shares of one address at once, from several processes, at a server process: the origin is asked once (row R6).</summary>
static class SingleFlightCourse
{
    const int Clients = 4;

    /// <summary>How it went.</summary>
    /// <param name="Requests">How often the origin was asked.</param>
    /// <param name="Shared">How many shares were taken.</param>
    /// <param name="Intact">For how many of the people the library has the origin's bytes.</param>
    public sealed record Result(int Requests, int Shared, int Intact);

    /// <param name="server">The assembly of the server sample.</param>
    /// <param name="child">The assembly of the clients, which take <c>share SERVER TOKEN ADDRESS COUNT</c>.</param>
    /// <param name="shares">How many shares in all.</param>
    /// <param name="random">The bytes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Result> RunAsync(string server, string child, int shares, Random random, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sharing-").FullName;
        await using var origin = await SlowOrigin.StartAsync(random);
        var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}/"));
        using var host = Process.Start(new ProcessStartInfo("dotnet", [server, .. Settings(folder, address)]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        try
        {
            _ = host.StandardOutput.ReadToEndAsync(CancellationToken.None); // so that it never waits for a reader
            await using var services = new ServiceCollection().AddLogging()
                .AddSharing(sharing => sharing.WithFetching(fetching => fetching.Configured.Add("127.0.0.1"))).BuildServiceProvider();
            using var http = services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Name);
            await UntilAsync(() => IsUpAsync(http, address, cancellationToken), cancellationToken);
            var shared = await Task.WhenAll(Enumerable.Range(0, Clients).Select(
                client => ShareAsync(child, address, TokenOf(client), origin.Address, shares / Clients, cancellationToken)));
            var intact = 0;
            for (var client = 0; client < Clients; client++)
            {
                var token = TokenOf(client);
                await UntilAsync(() => IsStoredAsync(http, address, token, origin.Address, cancellationToken), cancellationToken);
                var bytes = await GetAsync(http, new(address, $"v1/library/{ResourceId.Of(origin.Address)}/content"), token, cancellationToken);
                intact += bytes.AsSpan().SequenceEqual(origin.Bytes) ? 1 : 0;
            }

            return new(origin.Requests, shared.Sum(), intact);
        }
        finally
        {
            host.Kill();
            await host.WaitForExitAsync(CancellationToken.None);
            Directory.Delete(folder, recursive: true);
        }
    }

    static IEnumerable<string> Settings(string folder, Uri address)
    {
        yield return $"--urls={address}";
        yield return $"--Sharing:Data={folder}";
        yield return $"--Sharing:PublicAddress={address}";
        yield return "--Sharing:ConfiguredHosts:0=127.0.0.1";
        for (var client = 0; client < Clients; client++)
        {
            yield return $"--Sharing:People:{client}:Id=person-{client}";
            yield return $"--Sharing:People:{client}:Name=Person {client}";
            yield return $"--Sharing:People:{client}:TokenSha256={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(TokenOf(client))))}";
        }
    }

    static string TokenOf(int client) => string.Create(CultureInfo.InvariantCulture, $"token-{client}");

    static int FreePort()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    static async Task<int> ShareAsync(string child, Uri server, string token, Uri resource, int count, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", [child, "share", server.ToString(), token, resource.ToString(), count.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var said = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return int.Parse(said, CultureInfo.InvariantCulture);
    }

    static async Task<bool> IsUpAsync(HttpClient http, Uri server, CancellationToken cancellationToken)
    {
        try
        {
            using var reply = await http.GetAsync(new Uri(server, "health/live"), cancellationToken);
            return reply.IsSuccessStatusCode;
        }
        catch (SharingException) // the guarded client says so of whatever cannot be reached
        {
            return false;
        }
    }

    static async Task<bool> IsStoredAsync(HttpClient http, Uri server, string token, Uri resource, CancellationToken cancellationToken)
    {
        var item = await GetAsync(http, new(server, $"v1/library/{ResourceId.Of(resource)}"), token, cancellationToken);
        return item.Length > 0 && (string?)JsonNode.Parse(item)!["state"] == "stored";
    }

    static async Task<byte[]> GetAsync(HttpClient http, Uri address, string token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Authorization = new("Bearer", token) } };
        using var reply = await http.SendAsync(request, cancellationToken);
        return reply.IsSuccessStatusCode ? await reply.Content.ReadAsByteArrayAsync(cancellationToken) : [];
    }

    static async Task UntilAsync(Func<Task<bool>> isSo, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token);
        }
    }
}
