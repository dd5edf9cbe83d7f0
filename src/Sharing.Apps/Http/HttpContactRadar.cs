using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.Apps;

/// <summary>The radar of a server. Thread-safe.</summary>
public sealed class HttpContactRadar(ServerConnection server) : IContactRadar
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<byte[]>> EvaluateAsync(PersonId actor, IReadOnlyList<byte[]> points, CancellationToken cancellationToken = default) =>
        (await server.SendAsync(
            actor, HttpMethod.Post, "v1/radar/evaluations", new(points), AppsJson.Default.ContactPoints, AppsJson.Default.ContactPoints, null, cancellationToken))?.Points
        ?? throw new HttpRequestException("The server has no radar.");

    /// <inheritdoc/>
    public async Task RegisterAsync(PersonId actor, IReadOnlyList<byte[]> tokens, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, new Uri(server.Server, "v1/radar/book")) { Content = JsonContent.Create(new(tokens), AppsJson.Default.ContactTokens) };
        using var response = await server.SendAsync(actor, request, cancellationToken) ?? throw new HttpRequestException("The server has no radar.");
    }

    /// <inheritdoc/>
    public Task WithdrawAsync(PersonId actor, CancellationToken cancellationToken = default) => server.TellAsync(actor, HttpMethod.Delete, "v1/radar/book", cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PersonId>> WhoAsync(PersonId actor, byte[] token, CancellationToken cancellationToken = default) => await server.QuestionAsync(
        actor, "v1/radar/who", new([token]), AppsJson.Default.ContactTokens, AppsJson.Default.PersonIdArray, cancellationToken) ?? [];

    /// <inheritdoc/>
    public async IAsyncEnumerable<FoundFriend> FriendsAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var friend in await server.GetAsync(actor, "v1/radar/friends", AppsJson.Default.FoundFriendArray, cancellationToken) ?? [])
        {
            yield return friend;
        }
    }
}
