using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>Relationships kept at the social network server, over HTTP. What is asked for another than the caller needs a host's own token.</summary>
public sealed class HttpRelationships(ServerConnection server) : IRelationshipGraph, IRelationships, IFriendGroups
{
    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> BetweenAsync(
        PersonId person, IReadOnlyCollection<PersonId> others, CancellationToken cancellationToken = default)
    {
        var all = new Dictionary<PersonId, RelationshipKinds>();
        foreach (var some in others.Distinct().Chunk(1000))
        {
            var answer = await server.QuestionAsync(
                null, "v1/relationships/between", new BetweenQuestion(person, some), WireJson.Default.BetweenQuestion, WireJson.Default.RelationshipAnswerArray, cancellationToken);
            foreach (var one in answer ?? [])
            {
                all[one.Person] = one.ToKinds();
            }
        }

        return all;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<PersonId, RelationshipKinds>> RelatedAsync(
        PersonId person, RelationshipKinds kinds, CancellationToken cancellationToken = default)
    {
        var answer = await server.GetAsync(
            null, $"v1/relationships?person={Uri.EscapeDataString(person.Value)}", WireJson.Default.RelationshipAnswerArray, cancellationToken);
        return (answer ?? []).Where(one => (one.ToKinds() & kinds) != 0).ToDictionary(one => one.Person, one => one.ToKinds());
    }

    /// <inheritdoc/>
    public Task FollowAsync(PersonId actor, PersonId other, bool follows, CancellationToken cancellationToken = default) =>
        server.TellAsync(actor, follows ? HttpMethod.Put : HttpMethod.Delete, $"v1/relationships/{Uri.EscapeDataString(other.Value)}/follow", cancellationToken);

    /// <inheritdoc/>
    public Task BefriendAsync(PersonId actor, PersonId other, bool friend, CancellationToken cancellationToken = default) =>
        server.TellAsync(actor, friend ? HttpMethod.Put : HttpMethod.Delete, $"v1/relationships/{Uri.EscapeDataString(other.Value)}/friend", cancellationToken);

    /// <inheritdoc/>
    public Task BlockAsync(PersonId actor, PersonId other, bool blocks, CancellationToken cancellationToken = default) =>
        server.TellAsync(actor, blocks ? HttpMethod.Put : HttpMethod.Delete, $"v1/relationships/{Uri.EscapeDataString(other.Value)}/block", cancellationToken);

    /// <inheritdoc/>
    public async Task SaveAsync(PersonId actor, FriendGroup group, CancellationToken cancellationToken = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, new Uri(server.Server, "v1/groups")) { Content = JsonContent.Create(group, WireJson.Default.FriendGroup) };
        using var response = await server.SendAsync(actor, request, cancellationToken) ?? throw new SharingException(ProblemCodes.NotFound, "The server keeps no groups.");
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FriendGroup> ListAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var group in await server.GetAsync(actor, "v1/groups", WireJson.Default.FriendGroupArray, cancellationToken) ?? [])
        {
            yield return group;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlySet<GroupName>> GroupsAsync(PersonId member, IReadOnlyCollection<GroupName> groups, CancellationToken cancellationToken = default)
    {
        var all = new HashSet<GroupName>();
        foreach (var some in groups.Distinct().Chunk(1000))
        {
            all.UnionWith(await server.QuestionAsync(
                null, "v1/groups/memberships", new MembershipQuestion(member, some), WireJson.Default.MembershipQuestion, WireJson.Default.GroupNameArray, cancellationToken) ?? []);
        }

        return all;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<PersonId> RequestsAsync(PersonId actor, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var person in await server.GetAsync(actor, "v1/relationships/requests", WireJson.Default.PersonIdArray, cancellationToken) ?? [])
        {
            yield return person;
        }
    }
}
