using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sharing.Apps;

namespace Sharing.AspNetCore;

/// <summary>The radar: friends found by what address books have in common. No contact comes over the wire, only what a terminal made of it.</summary>
static class RadarEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost("/v1/radar/evaluations", EvaluateAsync)
            .Describe("evaluateContacts", "Helps to make tokens of contacts, which it does not see").Takes<ContactPoints>().Gives<ContactPoints>();
        group.MapPut("/v1/radar/book", RegisterAsync).Describe("registerContacts", "Registers the caller's address book, as tokens, instead of the one before").Takes<ContactTokens>().Produces(204);
        group.MapDelete("/v1/radar/book", WithdrawAsync).Describe("withdrawContacts", "Takes the caller's address book out").Produces(204);
        group.MapGet("/v1/radar/friends", FriendsAsync).Describe("listFoundFriends", "The friends that were found for the caller").Gives<FoundFriend[]>();
        group.MapPost("/v1/radar/who", WhoAsync).Describe("findByContact", "Which of the caller's friends a contact is").Takes<ContactTokens>().Gives<PersonId[]>();
    }

    static async Task<IResult> WhoAsync(HttpContext context, IContactRadar radar)
    {
        var caller = context.SignedIn();
        return (await context.BodyAsync(AppsJson.Default.ContactTokens)).Tokens is [var token] ? (await radar.WhoAsync(caller, token, context.RequestAborted)).ToArray().Answer(AppsJson.Default.PersonIdArray)
            : Problems.Result(ProblemCodes.InvalidInput, "One token.");
    }

    static async Task<IResult> EvaluateAsync(HttpContext context, IContactRadar radar) => new ContactPoints(await radar.EvaluateAsync(
        context.SignedIn(), (await context.BodyAsync(AppsJson.Default.ContactPoints)).Points, context.RequestAborted)).Answer(AppsJson.Default.ContactPoints);

    static async Task<IResult> RegisterAsync(HttpContext context, IContactRadar radar)
    {
        await radar.RegisterAsync(context.SignedIn(), (await context.BodyAsync(AppsJson.Default.ContactTokens)).Tokens, context.RequestAborted);
        return Results.NoContent();
    }

    static async Task<IResult> WithdrawAsync(HttpContext context, IContactRadar radar)
    {
        await radar.WithdrawAsync(context.SignedIn(), context.RequestAborted);
        return Results.NoContent();
    }

    static async Task<IResult> FriendsAsync(HttpContext context, IContactRadar radar) =>
        (await radar.FriendsAsync(context.SignedIn(), context.RequestAborted).ToArrayAsync(context.RequestAborted)).Answer(AppsJson.Default.FoundFriendArray);
}
