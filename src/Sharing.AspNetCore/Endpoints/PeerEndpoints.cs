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
    const int LongestNonce = 64;
    const int LongestQuestion = 8 * 1024;

    public static void Map(RouteGroupBuilder group)
    {
        group.MapMethods("/p/{ticket}/content", ["GET", "HEAD"], ContentAsync).Describe("getSharedContent", "A share's bytes, as far as they are here").OpenToEveryone().GivesBytes();
        group.MapMethods("/p/{ticket}/groups", ["GET", "HEAD"], GroupsAsync).Describe("getSharedGroups", "The group hashes that prove them").OpenToEveryone().GivesBytes();
        group.MapGet("/p/{ticket}/held", HeldAsync).Describe("watchHeld", "What is here of a share, and what comes, as server-sent events").OpenToEveryone().Gives<ByteRuns>(200, "text/event-stream");
    }

    /// <summary>What a terminal has beside that: it proves that it is where it says.</summary>
    public static void MapTerminal(RouteGroupBuilder group)
    {
        group.MapGet("/p/{ticket}/proof/{nonce}", ProofAsync).Describe("proveAddress", "Signs a number, so that an index sees that this terminal is where it says").OpenToEveryone().Gives<AddressAnswer>();
        group.MapPost("/p/{ticket}/members", MembersAsync).Describe("exchangeMembers", "Says who else has a share, where the terminals keep the index").OpenToEveryone().GivesBytes();
    }

    static async Task<IResult> ProofAsync(HttpContext context, PeerDoor door, DeviceIdentity identity, TimeProvider time)
    {
        var (ticket, nonce) = (PathValue.Of(context, "ticket") ?? "", PathValue.Of(context, "nonce") ?? "");
        return nonce.Length is > 0 and <= LongestNonce && await door.CheckAsync(ticket, time.GetUtcNow(), context.RequestAborted) is not null
            ? (await identity.AnswerAsync(nonce, ticket, context.RequestAborted)).Answer(P2PJson.Default.AddressAnswer)
            : Problems.Result(ProblemCodes.NotFound);
    }

    static async Task<IResult> MembersAsync(HttpContext context, PeerDoor door, SpreadSwarms swarms, TimeProvider time)
    {
        if (await door.CheckAsync(PathValue.Of(context, "ticket") ?? "", time.GetUtcNow(), context.RequestAborted) is not { } ticket)
        {
            return Problems.Result(ProblemCodes.NotFound);
        }

        var question = new byte[LongestQuestion];
        var length = await context.Request.Body.ReadAtLeastAsync(question, question.Length, throwOnEndOfStream: false, context.RequestAborted);
        return swarms.Answer(ticket, question.AsMemory(0, length)) is { } answer ? Results.Bytes(answer, "application/octet-stream") : Problems.Result(ProblemCodes.NotFound);
    }

    static async Task<IResult> ContentAsync(HttpContext context, PeerDoor door, TimeProvider time)
    {
        if (await OpenAsync(context, door, time) is not { } held)
        {
            return Problems.Result(ProblemCodes.NotFound);
        }

        if (!ChooseRange(context, held.Info))
        {
            await held.DisposeAsync();
            return Results.NoContent();
        }

        return door.TakeSlot() is { } slot ? new SlotResult(new ContentResult(held, ContentArea.Data, null, null), slot) : Busy(context);
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
        door.OpenAsync(PathValue.Of(context, "ticket") ?? "", time.GetUtcNow(), context.RequestAborted);

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
