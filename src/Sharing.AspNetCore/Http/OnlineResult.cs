using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>A resource passed through from its origin. It has no entity tag, because it has no content id yet, and so no ranges. If it
/// cannot be completed the connection is broken: a short answer must not look whole.</summary>
sealed class OnlineResult(RelayedContent content) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using var relayed = content;
        var response = httpContext.Response;
        ContentHeaders.Set(httpContext, isFile: true);
        response.ContentType = content.Resource.MediaType ?? content.Offer?.MediaType ?? "application/octet-stream";
        response.ContentLength = content.Offer?.Length;
        response.Headers.AcceptRanges = "none";
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(content.Resource.Name);
        response.Headers.ContentDisposition = disposition.ToString();
        if (HttpMethods.IsHead(httpContext.Request.Method))
        {
            return;
        }

        try
        {
            await content.Online!.CopyToAsync(response.Body, 64 * 1024, httpContext.RequestAborted);
        }
        catch (Exception e) when (e is IOException or SharingException or HttpRequestException)
        {
            httpContext.Abort();
        }
    }
}
