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
    const int LongestNonce = 64;
    const int LongestQuestion = 8 * 1024;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapMethods("/p/{ticket}/content", ["GET", "HEAD"], ContentAsync).Describe("getSharedContent", "A share's bytes, as far as they are here").OpenToEveryone().MayBeBusy().GivesBytes();
        group.MapMethods("/p/{ticket}/content/{name}", ["GET", "HEAD"], ContentAsync).ExcludeFromDescription(); // BitTorrent clients put the name behind
        group.MapMethods("/p/{ticket}/groups", ["GET", "HEAD"], GroupsAsync).Describe("getSharedGroups", "The group hashes that prove them").OpenToEveryone().MayBeBusy().GivesBytes();
        group.MapGet("/p/{ticket}/held", HeldAsync).Describe("watchHeld", "What is here of a share, and what comes, as server-sent events").OpenToEveryone().MayBeBusy().Gives<ByteRuns>(200, "text/event-stream");
    }

    /// <summary>What a terminal has beside that: it proves that it is where it says.</summary>
    public static void MapTerminal(RouteGroupBuilder group)
    {
        group.MapGet("/p/{ticket}/proof/{nonce}", ProofAsync).Describe("proveAddress", "Signs a number, so that an index sees that this terminal is where it says").OpenToEveryone().Gives<AddressAnswer>();
        group.MapPost("/p/{ticket}/members", MembersAsync).Describe("exchangeMembers", "Says who else has a share, where the terminals keep the index").OpenToEveryone().GivesBytes();
    }

    static async Task<IResult> ProofAsync(HttpContext context, PeerDoor door, DeviceIdentity identity)
    {
        var (ticket, nonce) = (TicketOf(context), PathValue.Of(context, "nonce") ?? "");
        return nonce.Length is > 0 and <= LongestNonce && await door.CheckAsync(ticket, CallerOf(context), context.RequestAborted) is not null
            ? (await identity.AnswerAsync(nonce, ticket, context.RequestAborted)).Answer(P2PJson.Default.AddressAnswer)
            : Problems.Result(ProblemCodes.NotFound);
    }

    static async Task<IResult> MembersAsync(HttpContext context, PeerDoor door, SpreadSwarms swarms)
    {
        if (await door.CheckAsync(TicketOf(context), CallerOf(context), context.RequestAborted) is not { } ticket)
        {
            return Problems.Result(ProblemCodes.NotFound);
        }

        var question = new byte[LongestQuestion];
        var length = await context.Request.Body.ReadAtLeastAsync(question, question.Length, throwOnEndOfStream: false, context.RequestAborted);
        return swarms.Answer(ticket, question.AsMemory(0, length)) is { } answer ? Results.Bytes(answer, "application/octet-stream") : Problems.Result(ProblemCodes.NotFound);
    }

    static Task<IResult> ContentAsync(HttpContext context, PeerDoor door) => BytesAsync(context, door);

    /// <summary>What a ticket opens, under a name and a media type where they are given.</summary>
    public static async Task<IResult> BytesAsync(HttpContext context, PeerDoor door, Func<ShareTicket, ValueTask<(string? Name, string? MediaType)>>? fileOf = null)
    {
        if (await OpenAsync(context, door) is not { } visit)
        {
            return Problems.Result(ProblemCodes.NotFound);
        }

        if (await LeadAsync(context, visit.Ticket!) is { } elsewhere)
        {
            await visit.DisposeAsync();
            return Results.Redirect(elsewhere.AbsoluteUri);
        }

        var (name, mediaType) = fileOf is null ? default : await fileOf(visit.Ticket!);
        var (verdict, copy) = (visit.Serve(), default(FirstCopy));
        if (verdict == DoorVerdict.Open && !ChooseRange(context, visit.Held.Info, out copy))
        {
            await visit.DisposeAsync();
            return Results.NoContent();
        }

        return await AdmitAsync(context, visit, verdict, () => Bytes(visit, ContentArea.Data, name, mediaType, copy), copy);
    }

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
    static bool ChooseRange(HttpContext context, ContentInfo content, out FirstCopy? copy)
    {
        copy = null;
        if (context.RequestServices.GetService<FirstCopies>() is { } copies && context.Request.Headers[AnyOf.Header] is [{ } text] && AnyOf.Read(text) is { Count: > 0 } parts
            && parts.TrueForAll(part => part.Offset < content.Length))
        {
            copy = copies.Choose(content.Id, parts);
            if (copy is null)
            {
                return false;
            }

            var part = parts[copy.Part];
            context.Request.Headers.Range = string.Create(CultureInfo.InvariantCulture, $"bytes={part.Offset}-{part.Offset + part.Length - 1}");
        }

        return true;
    }

    static async Task<IResult> GroupsAsync(HttpContext context, PeerDoor door)
    {
        if (await OpenAsync(context, door) is not { } visit)
        {
            return Problems.Result(ProblemCodes.NotFound);
        }

        var (verdict, list) = (visit.Serve(), default(IDisposable));
        if (verdict == DoorVerdict.Open && context.RequestServices.GetService<FirstCopies>() is { } copies && (list = copies.TakeList()) is null)
        {
            verdict = DoorVerdict.Busy;
        }

        return await AdmitAsync(context, visit, verdict, () => Bytes(visit, ContentArea.Groups), list);
    }

    static async Task<IResult> HeldAsync(HttpContext context, PeerDoor door, TimeProvider time)
    {
        if (await OpenAsync(context, door) is not { } visit)
        {
            return Problems.Result(ProblemCodes.NotFound);
        }

        context.RequestServices.GetService<RunningFetches>()?.Visited(visit.Held.Info.Id, CallerOf(context), context.Request.Headers[VisitorAt.Header]);
        return await AdmitAsync(context, visit, visit.Watch(), () => new EventStreamResult<ByteRuns>(EventsAsync(visit.Held, time, context.RequestAborted), P2PJson.Default.ByteRuns));
    }

    /// <summary>Gives what somebody may have without a ticket.</summary>
    public static Task<IResult> GiveAsync(HttpContext context, PeerDoor door, HeldContent held, string? name)
    {
        var visit = door.Open(held, CallerOf(context));
        return AdmitAsync(context, visit, visit.Serve(), () => Bytes(visit, ContentArea.Data, name));
    }

    static ContentResult Bytes(PeerVisit visit, ContentArea area, string? name = null, string? mediaType = null, FirstCopy? copy = null)
    {
        return new(visit.Held, area, mediaType, name, copy is not null ? CountAsync : visit.IsCounted ? visit.SendAsync : null);

        ValueTask CountAsync(int bytes, CancellationToken cancellationToken)
        {
            copy.Count(bytes);
            return visit.SendAsync(bytes, cancellationToken);
        }
    }

    static ValueTask<PeerVisit?> OpenAsync(HttpContext context, PeerDoor door) => door.OpenAsync(TicketOf(context), CallerOf(context), context.RequestAborted);

    static string TicketOf(HttpContext context) => PathValue.Of(context, "ticket") ?? "";

    static PeerCaller CallerOf(HttpContext context) =>
        context.Features.Get<PeerConnection>() is { } known ? new(true, known.Device, context.Connection.RemoteIpAddress) : new(false, null, context.Connection.RemoteIpAddress);

    /// <summary>What the door's verdict leads to. The visit, and what else was taken for it, end with the answer.</summary>
    static async Task<IResult> AdmitAsync(HttpContext context, PeerVisit visit, DoorVerdict verdict, Func<IResult> answer, IDisposable? taken = null)
    {
        if (verdict == DoorVerdict.Open)
        {
            if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } reading)
            {
                reading.MinDataRate = SlowestReader; // whoever stands still gives his slot back
            }

            return new VisitResult(answer(), visit, taken);
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
    sealed class VisitResult(IResult inner, PeerVisit visit, IDisposable? taken) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            await using var ending = visit;
            using var alsoEnding = taken;
            await inner.ExecuteAsync(httpContext);
            if (taken is FirstCopy copy && inner is ContentResult { IsSent: true } && !httpContext.RequestAborted.IsCancellationRequested)
            {
                copy.Sent();
            }

            httpContext.RequestServices.GetService<EgressMeter>()?.Count(httpContext.Response.ContentLength ?? 0);
        }
    }
}
