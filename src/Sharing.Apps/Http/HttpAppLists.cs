using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.Apps;

/// <summary>Lists of apps at a server. Thread-safe.</summary>
public sealed class HttpAppLists(ServerConnection server) : IAppLists
{
    const string Mine = "v1/apps/lists/mine";

    /// <inheritdoc/>
    public async Task SaveAsync(PersonId actor, AppSharing sharing, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, new Uri(server.Server, Mine)) { Content = JsonContent.Create(sharing, AppsJson.Default.AppSharing) };
        using var response = await server.SendAsync(actor, request, cancellationToken) ?? throw Missing();
    }

    /// <inheritdoc/>
    public async Task<AppSharing> OwnAsync(PersonId actor, CancellationToken cancellationToken = default) =>
        await server.GetAsync(actor, Mine, AppsJson.Default.AppSharing, cancellationToken) ?? throw Missing();

    /// <inheritdoc/>
    public async Task<AppListAnswer> OfAsync(PersonId? actor, PersonId person, CancellationToken cancellationToken = default) =>
        await server.GetAsync(actor, $"v1/apps/lists/of/{Uri.EscapeDataString(person.Value)}", AppsJson.Default.AppListAnswer, cancellationToken) ?? throw Missing();

    /// <inheritdoc/>
    public async Task<AppPush> PushAsync(PersonId actor, PersonId to, CancellationToken cancellationToken = default) =>
        await server.GetOrMakeAsync(actor, HttpMethod.Post, $"v1/apps/lists/of/{Uri.EscapeDataString(to.Value)}/pushes", AppsJson.Default.AppPush, cancellationToken) ?? throw Missing();

    /// <inheritdoc/>
    public async IAsyncEnumerable<ReceivedList> ReceivedAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var list in await server.GetAsync(actor, "v1/apps/lists/received", AppsJson.Default.ReceivedListArray, cancellationToken) ?? [])
        {
            yield return list;
        }
    }

    static HttpRequestException Missing() => new("The server has no lists of apps.");
}
