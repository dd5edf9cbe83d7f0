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
        group.MapMethods("/p/{ticket}/groups", ["GET", "HEAD"], GroupsAsync).Describe("getSharedGroups", "The group hashes that prove them").OpenToEveryone().GivesBytes();
        group.MapGet("/p/{ticket}/held", HeldAsync).Describe("watchHeld", "What is here of a share, and what comes, as server-sent events").OpenToEveryone().Gives<ByteRuns>(200, "text/event-stream");
    }

    static async Task<IResult> ContentAsync(HttpContext context, PeerDoor door, TimeProvider time)
    {
        if (await OpenAsync(context, door, time) is not { } held)
        {
            return Problems.Result(ProblemCodes.NotFound);
        }

        var slot = door.TakeSlot();
        if (slot is null || !ChooseRange(context, held.Info, out var copy))
        {
            slot?.Dispose();
            await held.DisposeAsync();
            return slot is null ? Busy(context) : Results.NoContent();
        }

        return new SlotResult(new ContentResult(held, ContentArea.Data, null, null), slot, copy);
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

    static async Task<IResult> GroupsAsync(HttpContext context, PeerDoor door, TimeProvider time)
    {
        if (await OpenAsync(context, door, time) is not { } held)
        {
            return Problems.Result(ProblemCodes.NotFound);
        }

        var (copies, list) = (context.RequestServices.GetService<FirstCopies>(), new ContentResult(held, ContentArea.Groups, null, null));
        if (copies is null)
        {
            return list;
        }

        if (copies.TakeList() is { } slot)
        {
            return new SlotResult(list, slot, null);
        }

        await held.DisposeAsync();
        return Busy(context);
    }

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
    sealed class SlotResult(IResult inner, IDisposable slot, FirstCopy? copy) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            using (slot)
            using (copy)
            {
                await inner.ExecuteAsync(httpContext);
                httpContext.RequestServices.GetService<EgressMeter>()?.Count(httpContext.Response.ContentLength ?? 0);
            }
        }
    }
}
