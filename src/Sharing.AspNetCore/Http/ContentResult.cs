using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sharing.Core;

namespace Sharing.AspNetCore;

/// <summary>A stored content's bytes: ranges, <c>If-Range</c>, a strong entity tag that is the content id; never rendered inside our origin.</summary>
sealed class ContentResult(IContentReader reader, ContentArea area, string? mediaType, string? fileName) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var body = new SeekableContentStream(reader, area);
        ContentHeaders.Set(httpContext, fileName is not null);
        if (httpContext.Request.GetTypedHeaders().Range?.Unit != "bytes")
        {
            httpContext.Request.Headers.Range = default; // a unit that nobody here knows is passed over (RFC 9110, 14.2)
        }

        await Results.Stream(
            body, mediaType ?? "application/octet-stream", fileName, entityTag: new EntityTagHeaderValue($"\"{reader.Info.Id}\""), enableRangeProcessing: true)
            .ExecuteAsync(httpContext);
        switch (httpContext.Response)
        {
            case { StatusCode: 416, HasStarted: false }:
                await Problems.WriteAsync(httpContext, ProblemCodes.RangeNotSatisfiable, $"The content has {body.Length} bytes.");
                break;
            case { StatusCode: 412, HasStarted: false }:
                await Problems.WriteAsync(httpContext, ProblemCodes.PreconditionFailed, null);
                break;
        }
    }
}
