using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.AspNetCore;

/// <summary>What is here of a share, for those who show a ticket: the same addresses on the shared-data server and on every terminal. Nobody signs in; a wrong ticket is
/// answered like a content that is not there.</summary>
static class PeerEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapMethods("/p/{ticket}/content", ["GET", "HEAD"], ContentAsync).Describe("getSharedContent", "A share's bytes, as far as they are here").OpenToEveryone().GivesBytes();
        group.MapMethods("/p/{ticket}/content/{name}", ["GET", "HEAD"], ContentAsync).ExcludeFromDescription(); // BitTorrent clients put the name behind
        group.MapMethods("/p/{ticket}/groups", ["GET", "HEAD"], GroupsAsync).Describe("getSharedGroups", "The group hashes that prove them").OpenToEveryone().GivesBytes();
        group.MapGet("/p/{ticket}/held", HeldAsync).Describe("watchHeld", "What is here of a share, and what comes, as server-sent events").OpenToEveryone().Gives<ByteRuns>(200, "text/event-stream");
    }

    /// <summary>What a ticket opens, under a name where one is given.</summary>
    public static async Task<IResult> BytesAsync(HttpContext context, PeerDoor door, ShareTicket ticket, (string? Name, string? MediaType) file)
    {
        if (await door.OpenAsync(ticket, context.RequestAborted) is not { } held)
        {
            return Problems.Result(ProblemCodes.NotFound);
        }

        if (!ChooseRange(context, held.Info))
        {
            await held.DisposeAsync();
            return Results.NoContent();
        }

        if (await LeadAsync(context, ticket) is { } elsewhere)
        {
            await held.DisposeAsync();
            return Results.Redirect(elsewhere.AbsoluteUri);
        }

        if (door.TakeSlot() is { } slot)
        {
            return new SlotResult(new ContentResult(held, ContentArea.Data, file.MediaType, file.Name), slot);
        }

        await held.DisposeAsync();
        return Busy(context);
    }

    static async Task<IResult> ContentAsync(HttpContext context, PeerDoor door, TimeProvider time) =>
        await door.CheckAsync(TicketOf(context), time.GetUtcNow(), context.RequestAborted) is { } ticket
            ? await BytesAsync(context, door, ticket, default)
            : Problems.Result(ProblemCodes.NotFound);

    /// <summary>Where a client of another maker should ask instead; only a server leads.</summary>
    static async ValueTask<Uri?> LeadAsync(HttpContext context, ShareTicket ticket)
    {
        if (context.RequestServices.GetService<Steering>() is not { } steering || !HttpMethods.IsGet(context.Request.Method))
        {
            return null;
        }

        var asked = context.Request.GetTypedHeaders().Range is { Unit.Value: "bytes", Ranges: { Count: 1 } ranges } ? ranges.Single() : null;
        var first = asked is null ? 0 : asked.From ?? -1;
        var last = Math.Min(asked?.To ?? long.MaxValue, ticket.Length - 1);
        var (address, port) = (context.Connection.LocalIpAddress, context.Connection.LocalPort);
        return first < 0 || last < first ? null : await steering.LeadAsync(
            TicketOf(context), ticket, new(first, last - first + 1), address is null ? null : new(RequestExtensions.Unmapped(address), port), context.RequestAborted);
    }

    /// <summary>Where the terminal lets this server choose, the range that was given to the fewest is what it asked for.</summary>
    /// <returns><c>false</c>: others get all of them just now.</returns>
    static bool ChooseRange(HttpContext context, ContentInfo content)
    {
        if (context.RequestServices.GetService<FirstCopies>() is { } copies && context.Request.Headers[AnyOf.Header] is [{ } text] && AnyOf.Read(text) is { Count: > 0 } parts
            && parts.TrueForAll(part => part.Offset < content.Length))
        {
            if (copies.Choose(content.Id, parts) is var chosen && chosen < 0)
            {
                return false;
            }

            var part = parts[chosen];
            context.Request.Headers.Range = string.Create(CultureInfo.InvariantCulture, $"bytes={part.Offset}-{part.Offset + part.Length - 1}");
        }

        return true;
    }

    static async Task<IResult> GroupsAsync(HttpContext context, PeerDoor door, TimeProvider time) =>
        await OpenAsync(context, door, time) is { } held ? new ContentResult(held, ContentArea.Groups, null, null) : Problems.Result(ProblemCodes.NotFound);

    static async Task<IResult> HeldAsync(HttpContext context, PeerDoor door, TimeProvider time) =>
        await OpenAsync(context, door, time) is { } held
            ? new EventStreamResult<ByteRuns>(EventsAsync(held, time, context.RequestAborted), P2PJson.Default.ByteRuns)
            : Problems.Result(ProblemCodes.NotFound);

    static ValueTask<HeldContent?> OpenAsync(HttpContext context, PeerDoor door, TimeProvider time) =>
        door.OpenAsync(TicketOf(context), time.GetUtcNow(), context.RequestAborted);

    static string TicketOf(HttpContext context) => PathValue.Of(context, "ticket") ?? "";

    static IResult Busy(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "1";
        return Problems.Result(ProblemCodes.Busy);
    }

    static async IAsyncEnumerable<ByteRuns> EventsAsync(HeldContent held, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var open = held;
        if (held.WatchHeldAsync(cancellationToken) is not { } runs)
        {
            yield return new ByteRuns($"0+{held.Info.Length}");
            yield break;
        }

        await foreach (var run in runs)
        {
            yield return new ByteRuns(string.Create(CultureInfo.InvariantCulture, $"{run.Offset}+{run.Length}"));
        }
    }

    /// <summary>Gives the upload slot back when the answer is sent.</summary>
    sealed class SlotResult(IResult inner, IDisposable slot) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using (slot)
            {
                await inner.ExecuteAsync(httpContext);
                httpContext.RequestServices.GetService<EgressMeter>()?.Count(httpContext.Response.ContentLength ?? 0);
            }
        }
    }
}
