using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sharing.Messaging;

namespace Sharing.AspNetCore;

/// <summary>A log that is followed, as server-sent events, until the connection ends or the host stops. Nothing is queued for it: what is due is read when the connection takes it.</summary>
sealed class PushResult((PushFollower Follower, long After) from) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var follower = from.Follower;
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        var stopping = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        try
        {
            await response.BodyWriter.FlushAsync(over.Token); // whoever asked learns at once that he is heard, however long nothing happens
            await follower.WriteAsync(from.After, response.BodyWriter, over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Nobody listens any more, or nobody shall.
        }
    }
}
