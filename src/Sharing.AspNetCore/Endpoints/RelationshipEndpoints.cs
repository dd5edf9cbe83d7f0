using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>Relationships: everybody's own; anybody's for another host of the same operator.</summary>
static class RelationshipEndpoints
{
    const int MaxOthers = 1000;

    public static void Map(RouteGroupBuilder group, bool writable)
    {
        group.MapGet("/v1/relationships", ListAsync)
            .Describe("listRelationships", "To whom the caller (or, for a host, a person) is related").Gives<RelationshipAnswer[]>();
        group.MapPost("/v1/relationships/between", BetweenAsync)
            .Describe("askRelationships", "How the caller (or, for a host, a person) is related to some people")
            .Takes<BetweenQuestion>().Gives<RelationshipAnswer[]>();
        group.MapPost("/v1/groups/memberships", MembershipsAsync)
            .Describe("askMemberships", "To which of some groups a person belongs; for hosts").Takes<MembershipQuestion>().Gives<GroupName[]>();
        if (!writable)
        {
            return;
        }

        group.MapGet("/v1/groups", GroupsAsync).Describe("listGroups", "The caller's groups of friends").Gives<FriendGroup[]>();
        group.MapPut("/v1/groups", SaveGroupAsync).Describe("saveGroup", "Says who is in a group of the caller's; nobody: it is gone").Takes<FriendGroup>().Produces(204);

        group.MapGet("/v1/relationships/requests", RequestsAsync).Describe("listFriendRequests", "Who wants to be the caller's friend").Gives<PersonId[]>();
        group.MapPut("/v1/relationships/{person}/follow", (HttpContext c, IRelationships r) => ChangeAsync(c, r.FollowAsync, true))
            .Describe("follow", "Follows somebody").Names<PersonId>("person").Produces(204);
        group.MapDelete("/v1/relationships/{person}/follow", (HttpContext c, IRelationships r) => ChangeAsync(c, r.FollowAsync, false))
            .Describe("unfollow", "Follows somebody no longer").Names<PersonId>("person").Produces(204);
        group.MapPut("/v1/relationships/{person}/friend", (HttpContext c, IRelationships r) => ChangeAsync(c, r.BefriendAsync, true))
            .Describe("befriend", "Calls somebody a friend").Names<PersonId>("person").Produces(204);
        group.MapDelete("/v1/relationships/{person}/friend", (HttpContext c, IRelationships r) => ChangeAsync(c, r.BefriendAsync, false))
            .Describe("unfriend", "Calls somebody a friend no longer").Names<PersonId>("person").Produces(204);
        group.MapPut("/v1/relationships/{person}/block", (HttpContext c, IRelationships r) => ChangeAsync(c, r.BlockAsync, true))
            .Describe("block", "Wants nothing to do with somebody, who is not told").Names<PersonId>("person").Produces(204);
        group.MapDelete("/v1/relationships/{person}/block", (HttpContext c, IRelationships r) => ChangeAsync(c, r.BlockAsync, false))
            .Describe("unblock", "Blocks somebody no longer").Names<PersonId>("person").Produces(204);
    }

    static async Task<IResult> ListAsync(HttpContext context, IRelationshipGraph graph, string? person)
    {
        var of = person is null ? context.SignedIn() : Asked(context, PersonId.TryParse(person, out var id) ? id : default);
        return Answer(context, await graph.RelatedAsync(of, (RelationshipKinds)~0, context.RequestAborted));
    }

    static async Task<IResult> BetweenAsync(HttpContext context, IRelationshipGraph graph)
    {
        if (!context.IsHost())
        {
            context.SignedIn();
        }

        var question = await context.BodyAsync(WireJson.Default.BetweenQuestion);
        var of = Asked(context, question.Person);
        if (question.Others is not { Count: <= MaxOthers })
        {
            return Problems.Result(ProblemCodes.InvalidInput, $"Some people, at most {MaxOthers} at once.");
        }

        return Answer(context, await graph.BetweenAsync(of, question.Others, context.RequestAborted));
    }

    // Only hosts: a group's name and members are its owner's alone.
    static async Task<IResult> MembershipsAsync(HttpContext context, IRelationshipGraph graph)
    {
        if (!context.IsHost())
        {
            context.SignedIn();
            throw new SharingException(ProblemCodes.NotAllowed, "Only hosts may ask who belongs to a group.");
        }

        var question = await context.BodyAsync(WireJson.Default.MembershipQuestion);
        return question.Member.IsDefault || question.Groups is not { Count: <= MaxOthers } || question.Groups.Any(static group => group.Owner.IsDefault || string.IsNullOrEmpty(group.Name))
            ? Problems.Result(ProblemCodes.InvalidInput, $"A person and some groups, at most {MaxOthers} at once.")
            : (await graph.GroupsAsync(question.Member, question.Groups, context.RequestAborted)).ToArray().Answer(WireJson.Default.GroupNameArray);
    }

    static async Task<IResult> GroupsAsync(HttpContext context, IFriendGroups groups) =>
        (await groups.ListAsync(context.SignedIn(), context.RequestAborted).ToArrayAsync(context.RequestAborted)).Answer(WireJson.Default.FriendGroupArray);

    static async Task<IResult> SaveGroupAsync(HttpContext context, IFriendGroups groups)
    {
        await groups.SaveAsync(context.SignedIn(), await context.BodyAsync(WireJson.Default.FriendGroup), context.RequestAborted);
        return Results.NoContent();
    }

    static async Task<IResult> RequestsAsync(HttpContext context, IRelationships relationships) =>
        (await relationships.RequestsAsync(context.SignedIn(), context.RequestAborted).ToArrayAsync(context.RequestAborted))
        .Answer(WireJson.Default.PersonIdArray);

    static async Task<IResult> ChangeAsync(
        HttpContext context, Func<PersonId, PersonId, bool, CancellationToken, Task> change, bool value)
    {
        await change(context.SignedIn(), Named(context), value, context.RequestAborted);
        return Results.NoContent();
    }

    /// <summary>The person in the path. Taken from what was sent: routing leaves an escaped slash escaped, which would make one person of two.</summary>
    static PersonId Named(HttpContext context)
    {
        var sent = context.Features.Get<IHttpRequestFeature>()?.RawTarget.Split('?')[0].Split('/') is { Length: > 2 } parts
            ? Uri.UnescapeDataString(parts[^2])
            : (string?)context.Request.RouteValues["person"];
        return PersonId.TryParse(sent, out var person) ? person : throw new SharingException(ProblemCodes.NotFound, "");
    }

    /// <summary>Whose relationships are asked for: the caller's own, or, for a host, anybody's.</summary>
    static PersonId Asked(HttpContext context, PersonId person)
    {
        if (!context.IsHost() && context.SignedIn() != person && !person.IsDefault)
        {
            throw new SharingException(ProblemCodes.NotAllowed, "Only a person's own relationships can be asked for.");
        }

        return person.IsDefault ? throw new SharingException(ProblemCodes.InvalidInput, "That is no person.") : person;
    }

    /// <summary>Who is blocked is not told; hosts must know.</summary>
    static IResult Answer(HttpContext context, IReadOnlyDictionary<PersonId, RelationshipKinds> related) => related
        .Select(r => RelationshipAnswer.From(r.Key, context.IsHost() ? r.Value : r.Value & ~RelationshipKinds.BlockedBy)).Where(static r => r.ToKinds() != RelationshipKinds.None)
        .OrderBy(static r => r.Person.Value, StringComparer.Ordinal).ToArray()
        .Answer(WireJson.Default.RelationshipAnswerArray);
}
