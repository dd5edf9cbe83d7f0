using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>The caller's accounts at social networks.</summary>
static class AccountEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/v1/networks", ListAsync).Describe("listNetworks", "The networks, and which the caller has connected").Gives<NetworkState[]>();
        group.MapPut("/v1/networks/{network}", ConnectAsync)
            .Describe("connectNetwork", "Connects the caller's account").Takes<AccountToken>().Gives<NetworkState[]>();
        group.MapGet("/v1/networks/{network}/follows", FollowsAsync)
            .Describe("listAcquaintances", "Whom the caller's account at a network follows, who follows it, and who of them is here").Gives<NetworkFollows>();
        group.MapDelete("/v1/networks/{network}", DisconnectAsync).Describe("disconnectNetwork", "Forgets the caller's account").Produces(204);
    }

    static async Task<IResult> ListAsync(HttpContext context, IAccounts accounts) =>
        (await accounts.ListAsync(context.SignedIn(), context.RequestAborted)).ToArray().Answer(WireJson.Default.NetworkStateArray);

    static async Task<IResult> ConnectAsync(HttpContext context, IAccounts accounts, string network)
    {
        var actor = context.SignedIn();
        var login = await context.BodyAsync(WireJson.Default.AccountToken);
        if ((await accounts.ListAsync(actor, context.RequestAborted)).All(state => state.Network != network))
        {
            return context.Missing();
        }

        await accounts.ConnectAsync(actor, network, login, context.RequestAborted);
        return await ListAsync(context, accounts);
    }

    static async Task<IResult> FollowsAsync(HttpContext context, IAcquaintances acquaintances, string network) =>
        context.AnswerOrMissing(await acquaintances.ListAsync(context.SignedIn(), network, context.RequestAborted), WireJson.Default.NetworkFollows);

    static async Task<IResult> DisconnectAsync(HttpContext context, IAccounts accounts, string network) =>
        await accounts.DisconnectAsync(context.SignedIn(), network, context.RequestAborted) ? Results.NoContent() : context.Missing();
}
