using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.AspNetCore;

/// <summary>Shares in people's spaces on the shared-data server, and the index of which terminal has which chunk.</summary>
static class ShareEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/v1/shares", ListAsync).Describe("listShares", "The files that the caller shares").Gives<SharedFile[]>();
        group.MapGet("/v1/shares/{id}", OpenAsync).Describe("openShare", "What has to be known to fetch a share, with a ticket").Names<ShareId>().OpenToEveryone().Gives<ShareManifest>();
        group.MapDelete("/v1/shares/{id}", RemoveAsync).Describe("removeShare", "Ends a share of the caller's").Names<ShareId>().Produces(204);
    }

    public static void MapTicketKey(RouteGroupBuilder group) =>
        group.MapGet("/v1/ticket-key", TicketKeyAsync).Describe("getTicketKey", "The keys by which tickets of this server's shares are checked").OpenToEveryone().Gives<TicketKeySet>();

    static async Task<IResult> TicketKeyAsync(HttpContext context, TicketSigner signer) =>
        new TicketKeySet([await signer.PublicKeyAsync(context.RequestAborted)]).Answer(P2PJson.Default.TicketKeySet);

    public static void MapIndex(RouteGroupBuilder group)
    {
        group.MapPut("/v1/swarms/{content}/{device}", AnnounceAsync)
            .Describe("announceTerminal", "Says what a terminal has of a content, and asks who else is there").Names<ContentId>().OpenToEveryone().Takes<SwarmAnnouncement>().Gives<SwarmView>();
        group.MapGet("/v1/swarms/{content}/advice", AdviseAsync)
            .Describe("adviseTerminal", "What bytes of a content cost now; the ticket is in the header `Share-Ticket`").Names<ContentId>("content").OpenToEveryone().Gives<SwarmAdvice>();
        group.MapDelete("/v1/swarms/{content}/{device}", LeaveAsync).Describe("withdrawTerminal", "A terminal goes").Names<ContentId>().OpenToEveryone().Produces(204);
    }

    static async Task<IResult> ListAsync(HttpContext context, IShares shares) =>
        (await shares.ListAsync(context.SignedIn(), context.RequestAborted).ToArrayAsync(context.RequestAborted)).Answer(P2PJson.Default.SharedFileArray);

    static async Task<IResult> OpenAsync(HttpContext context, IShares shares) => context.AnswerOrMissing(
        await shares.OpenAsync(context.Caller(), context.Id<ShareId>(), context.Request.Query["device"] is [{ Length: 64 } device] ? device : null, context.RequestAborted), P2PJson.Default.ShareManifest);

    static async Task<IResult> RemoveAsync(HttpContext context, IShares shares) =>
        await shares.RemoveAsync(context.SignedIn(), context.Id<ShareId>(), context.RequestAborted) ? Results.NoContent() : context.Missing();

    static async Task<IResult> AnnounceAsync(HttpContext context, IChunkIndex index)
    {
        var said = await context.BodyAsync(P2PJson.Default.SwarmAnnouncement);
        var content = context.Id<ContentId>("content");
        if (said.Member.Device != PathValue.Of(context, "device"))
        {
            return Problems.Result(ProblemCodes.InvalidInput, "The device is not that of the address.");
        }

        var view = await index.AnnounceAsync(content, said.Member, said.Ticket, context.RequestAborted);
        var advice = context.RequestServices.GetService<ServerAdvice>()?.Announced(content, said.Member, context.Connection.RemoteIpAddress, view.Members);
        return (view with { Advice = advice }).Answer(P2PJson.Default.SwarmView);
    }

    static async Task<IResult> AdviseAsync(HttpContext context, [FromServices] ISwarmAdvice? advice) => advice is not null
        ? (await advice.AdviseAsync(context.Id<ContentId>("content"), TicketOf(context), context.Connection.RemoteIpAddress, context.RequestAborted)).Answer(P2PJson.Default.SwarmAdvice)
        : Problems.Result(ProblemCodes.NotFound);

    static string TicketOf(HttpContext context) => context.Request.Headers["Share-Ticket"].ToString();

    static async Task<IResult> LeaveAsync(HttpContext context, IChunkIndex index)
    {
        await index.LeaveAsync(context.Id<ContentId>("content"), PathValue.Of(context, "device") ?? "", TicketOf(context), context.RequestAborted);
        return Results.NoContent();
    }
}
