using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.AspNetCore;

/// <summary>What is here of a share, for those who show a ticket: the same addresses on the shared-data server and on every terminal. Nobody signs in; a wrong ticket is
/// answered like a content that is not there.</summary>
static class PeerEndpoints
{
    static readonly MinDataRate SlowestReader = new(bytesPerSecond: 2048, gracePeriod: TimeSpan.FromSeconds(10));

    public static void Map(RouteGroupBuilder group)
    {
        group.MapMethods("/p/{ticket}/content", ["GET", "HEAD"], ContentAsync).Describe("getSharedContent", "A share's bytes, as far as they are here").OpenToEveryone().MayBeBusy().GivesBytes();
        group.MapMethods("/p/{ticket}/groups", ["GET", "HEAD"], GroupsAsync).Describe("getSharedGroups", "The group hashes that prove them").OpenToEveryone().MayBeBusy().GivesBytes();
        group.MapGet("/p/{ticket}/held", HeldAsync).Describe("watchHeld", "What is here of a share, and what comes, as server-sent events").OpenToEveryone().MayBeBusy().Gives<ByteRuns>(200, "text/event-stream");
    }

    static async Task<IResult> ContentAsync(HttpContext context, PeerDoor door)
    {
        if (await OpenAsync(context, door) is not { } visit)
        {
            return Problems.Result(ProblemCodes.NotFound);
        }

        return ChooseRange(context, visit.Held.Info) ? await AdmitAsync(context, visit, visit.Serve(), () => Bytes(visit, ContentArea.Data)) : await AdmitAsync(context, visit, DoorVerdict.Open, Results.NoContent);
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

    static async Task<IResult> GroupsAsync(HttpContext context, PeerDoor door) =>
        await OpenAsync(context, door) is { } visit ? await AdmitAsync(context, visit, visit.Serve(), () => Bytes(visit, ContentArea.Groups)) : Problems.Result(ProblemCodes.NotFound);

    static async Task<IResult> HeldAsync(HttpContext context, PeerDoor door, TimeProvider time) =>
        await OpenAsync(context, door) is { } visit
            ? await AdmitAsync(context, visit, visit.Watch(), () => new EventStreamResult<ByteRuns>(EventsAsync(visit.Held, time, context.RequestAborted), P2PJson.Default.ByteRuns))
            : Problems.Result(ProblemCodes.NotFound);

    static ContentResult Bytes(PeerVisit visit, ContentArea area) => new(visit.Held, area, null, null, visit.IsCounted ? visit.SendAsync : null);

    static ValueTask<PeerVisit?> OpenAsync(HttpContext context, PeerDoor door)
    {
        var (ticket, place) = (PathValue.Of(context, "ticket") ?? "", context.Connection.RemoteIpAddress);
        var caller = context.Features.Get<PeerConnection>() is { } known ? new PeerCaller(true, known.Device, place) : new(false, null, place);
        return door.OpenAsync(ticket, caller, context.RequestAborted);
    }

    /// <summary>What the door's verdict leads to. The visit ends with the answer.</summary>
    static async Task<IResult> AdmitAsync(HttpContext context, PeerVisit visit, DoorVerdict verdict, Func<IResult> answer)
    {
        if (verdict == DoorVerdict.Open)
        {
            if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } reading)
            {
                reading.MinDataRate = SlowestReader; // whoever stands still gives his slot back
            }

            return new VisitResult(answer(), visit);
        }

        await visit.DisposeAsync();
        context.Response.Headers.RetryAfter = verdict == DoorVerdict.Busy ? "1" : "3600";
        return Problems.Result(verdict == DoorVerdict.Busy ? ProblemCodes.Busy : ProblemCodes.LimitReached);
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

    /// <summary>Ends the visit when the answer is sent.</summary>
    sealed class VisitResult(IResult inner, PeerVisit visit) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            await using var ending = visit;
            await inner.ExecuteAsync(httpContext);
            httpContext.RequestServices.GetService<EgressMeter>()?.Count(httpContext.Response.ContentLength ?? 0);
        }
    }
}
