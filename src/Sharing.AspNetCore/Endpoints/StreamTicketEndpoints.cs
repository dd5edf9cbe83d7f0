using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>Tickets for streams of events.</summary>
static class StreamTicketEndpoints
{
    const int MaxPath = 1000;

    public static void Map(RouteGroupBuilder group) => group.MapPost("/v1/stream-tickets", MakeAsync)
        .Describe("makeStreamTicket", "A ticket for EventSource, which sends no token: add it to the address as `ticket`. It is good for a minute.")
        .Takes<StreamTicketRequest>().Gives<StreamTicket>(201);

    static async Task<IResult> MakeAsync(HttpContext context, TimeProvider time)
    {
        var actor = context.SignedIn();
        var request = await context.BodyAsync(WireJson.Default.StreamTicketRequest);
        return request.Path is { Length: > 0 and <= MaxPath } path && path[0] == '/' && !path.AsSpan().ContainsAny('\n', '?')
            ? StreamTickets.Make(context, actor, path, time.GetUtcNow()).Answer(WireJson.Default.StreamTicket, 201)
            : Problems.Result(ProblemCodes.InvalidInput, $"A path begins with '/' and has at most {MaxPath} characters, without a query.");
    }
}
