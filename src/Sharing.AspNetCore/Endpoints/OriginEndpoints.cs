using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.AspNetCore;

/// <summary>What a terminal answers whoever follows a link to it, and what it takes of a delivery that it waits for (row D2).</summary>
static class OriginEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapMethods("/s/{id}", ["GET", "HEAD"], FollowAsync).Describe("askOrigin", "A share of this terminal's: leads to the server, has it delivered, or gives it").Names<ShareId>().OpenToEveryone().GivesBytes();
        group.MapPost("/p/deliveries", TakeAsync).Describe("takeDelivery", "Takes a share that this terminal waits for").Takes<ShareDelivery>().OpenToEveryone().Produces(204);
    }

    static async Task<IResult> FollowAsync(HttpContext context, ShareOrigin origin, PeerDoor door)
    {
        var isTerminal = context.Request.Headers[ShareOpener.DeviceHeader].Count > 0;
        if (await origin.AnswerAsync(context.Id<ShareId>(), RequestOf(context), isTerminal, context.RequestAborted) is not { } answer)
        {
            return Problems.Result(ProblemCodes.NotFound);
        }

        if (answer.Content is { } held)
        {
            return await PeerEndpoints.GiveAsync(context, door, held, answer.Name);
        }

        return answer.Elsewhere is { } elsewhere ? Results.Redirect(elsewhere.AbsoluteUri, permanent: false, preserveMethod: true)
            : answer.Manifest is { } manifest ? manifest.Answer(P2PJson.Default.ShareManifest)
            : Results.StatusCode(StatusCodes.Status202Accepted);
    }

    static async Task<IResult> TakeAsync(HttpContext context, AwaitedDeliveries awaited) =>
        awaited.TryTake(await context.BodyAsync(P2PJson.Default.ShareDelivery)) ? Results.NoContent() : Problems.Result(ProblemCodes.NotFound);

    /// <summary>Where it is to be delivered; <c>null</c>: it need not be.</summary>
    static DeliveryRequest? RequestOf(HttpContext context)
    {
        var headers = context.Request.Headers;
        return headers[ShareOpener.NonceHeader] is not [{ } nonce] ? null : new()
        {
            Nonce = nonce, Device = headers[ShareOpener.DeviceHeader].ToString(), Addresses = headers[ShareOpener.AddressesHeader].ToString().Split(','),
            Requester = PersonId.TryParse(Uri.UnescapeDataString(headers[ShareOpener.RequesterHeader].ToString()), out var person) ? person : null,
        };
    }
}
