using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Sharing.Core;

namespace Sharing.AspNetCore;

/// <summary>A stored content's bytes: one range at most, <c>If-Range</c>, a strong entity tag that is the content id; never rendered inside our
/// origin. Bytes go from the store into the server's own buffers.</summary>
/// <param name="reader">The content.</param>
/// <param name="area">The bytes, or what proves them.</param>
/// <param name="mediaType">What is said of it.</param>
/// <param name="fileName">Under which name it is saved.</param>
/// <param name="pace">Ends when so many bytes may go out; <c>null</c>: they may at once.</param>
sealed class ContentResult(IContentReader reader, ContentArea area, string? mediaType, string? fileName, Func<int, CancellationToken, ValueTask>? pace = null) : IResult
{
    const int Piece = 64 * 1024;

    readonly EntityTagHeaderValue _tag = new($"\"{reader.Info.Id}\"");

    /// <summary>Whether all that was asked for went out.</summary>
    public bool IsSent { get; private set; }

    long Length => area == ContentArea.Data ? reader.Info.Length : ContentTree.GroupCount(reader.Info.Length) * ContentId.Size;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var open = reader;
        var (request, response) = (httpContext.Request.GetTypedHeaders(), httpContext.Response);
        SetHeaders(httpContext);
        if (request.IfMatch.Count > 0 && !Matches(request.IfMatch, strong: true))
        {
            await Problems.WriteAsync(httpContext, ProblemCodes.PreconditionFailed, null);
            return;
        }

        if (request.IfNoneMatch.Count > 0 && Matches(request.IfNoneMatch, strong: false))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var (first, count, ranged) = (0L, Length, false);
        if (HttpMethods.IsGet(httpContext.Request.Method) && RangeOf(request) is { } range)
        {
            ranged = TryPlace(range, out first, out count);
            if (!ranged)
            {
                await RefuseRangeAsync(httpContext);
                return;
            }
        }

        if (area == ContentArea.Data && reader is HeldContent held && !await held.HasAsync(new(first, count), httpContext.RequestAborted))
        {
            await RefuseRangeAsync(httpContext); // another may be here
            return;
        }

        if (ranged)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = new ContentRangeHeaderValue(first, first + count - 1, Length).ToString();
        }

        response.ContentLength = count;
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        if (HandedOver(httpContext) is { } path)
        {
            response.ContentLength = null; // the proxy knows, and does the range itself
            (response.StatusCode, response.Headers.ContentRange) = (StatusCodes.Status200OK, default);
            response.Headers["X-Accel-Redirect"] = path;
            IsSent = true;
            return;
        }

        if (request.IfMatch.Count == 0 && request.IfRange is null && await AddressAsync(httpContext) is { } address)
        {
            // The store knows the range, and nothing of our entity tag.
            (response.ContentLength, response.StatusCode, response.Headers.ContentRange) = (0, StatusCodes.Status302Found, default);
            (response.Headers.ETag, response.Headers.Location) = (default, address.AbsoluteUri);
            IsSent = true;
            return;
        }

        await SendAsync(httpContext, first, count);
    }

    void SetHeaders(HttpContext context)
    {
        var response = context.Response;
        ContentHeaders.Set(context, fileName is not null);
        response.ContentType = mediaType ?? "application/octet-stream";
        response.Headers.ETag = _tag.ToString();
        response.Headers.AcceptRanges = "bytes";
        if (fileName is not null)
        {
            var disposition = new ContentDispositionHeaderValue("attachment");
            disposition.SetHttpFileName(fileName);
            response.Headers.ContentDisposition = disposition.ToString();
        }
    }

    bool Matches(IList<EntityTagHeaderValue> tags, bool strong) => tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(_tag, strong));

    /// <summary>The only range asked for. Several at once, a unit that nobody knows, and a range of another version are passed over (RFC 9110, 14.2).</summary>
    RangeItemHeaderValue? RangeOf(RequestHeaders request) =>
        request.Range is { Unit.Value: "bytes", Ranges: { Count: 1 } ranges } && (request.IfRange is not { } ifRange || ifRange.EntityTag?.Compare(_tag, useStrongComparison: true) == true)
            ? ranges.Single()
            : null;

    bool TryPlace(RangeItemHeaderValue range, out long first, out long count)
    {
        first = range.From ?? Math.Max(0, Length - range.To.GetValueOrDefault());
        var last = range.From is null ? Length - 1 : Math.Min(range.To ?? long.MaxValue, Length - 1);
        count = last - first + 1;
        return count > 0 && !(range.From is null && range.To == 0);
    }

    async Task RefuseRangeAsync(HttpContext context)
    {
        context.Response.Headers.ContentRange = new ContentRangeHeaderValue(Length).ToString();
        await Problems.WriteAsync(context, ProblemCodes.RangeNotSatisfiable, $"The content has {Length} bytes.");
    }

    string? HandedOver(HttpContext context) => pace is null && area == ContentArea.Data ? context.RequestServices.GetService<HandOver>()?.PathOf(reader.Info.Id) : null;

    async ValueTask<Uri?> AddressAsync(HttpContext context) => pace is null && fileName is not null && area == ContentArea.Data && context.RequestServices.GetService<HandOver>() is { } handOver
        ? await handOver.AddressOfAsync(reader.Info.Id, context.Response.ContentType, context.Response.Headers.ContentDisposition, context.RequestAborted)
        : null;

    async Task SendAsync(HttpContext context, long offset, long count)
    {
        if (count > 0 && await reader.ReadAsync(area, offset, new byte[1], context.RequestAborted) == 0) // while it can still be refused
        {
            throw TooShort(count);
        }

        await context.Response.StartAsync(context.RequestAborted); // before that, what goes into the body is copied once more
        for (var body = context.Response.BodyWriter; count > 0;)
        {
            var buffer = body.GetMemory((int)Math.Min(Piece, count));
            var read = await reader.ReadAsync(area, offset, buffer[..(int)Math.Min(buffer.Length, count)], context.RequestAborted);
            if (read == 0)
            {
                throw TooShort(count);
            }

            await (pace?.Invoke(read, context.RequestAborted) ?? default);
            body.Advance(read);
            (offset, count) = (offset + read, count - read);
            if ((await body.FlushAsync(context.RequestAborted)).IsCompleted)
            {
                return; // nobody listens any more
            }
        }

        IsSent = true;
    }

    EndOfStreamException TooShort(long missing) => new($"The content {reader.Info.Id} ends {missing} bytes too soon.");
}
