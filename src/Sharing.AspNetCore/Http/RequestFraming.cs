using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Sharing.AspNetCore;

/// <summary>Refuses, before anything else sees them, requests that the web server reads although another server may see their end at another place: so a
/// request hidden in another's body is answered by neither (RFC 9112, 6.1 and 11.2). And methods in lower case.</summary>
sealed class RequestFraming : IStartupFilter
{
    /// <summary>Where Kestrel puts the length that it passed over for a transfer coding.</summary>
    const string PassedOver = "X-Content-Length";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            if (context.Request.Method.AsSpan().ContainsAnyInRange('a', 'z'))
            {
                // Methods tell upper from lower case (RFC 9110, 9.1), routing does not: one that passes for HEAD there is none to the web server, which waits for a body.
                context.Response.StatusCode = StatusCodes.Status501NotImplemented;
                return Task.CompletedTask;
            }

            if (!IsAmbiguous(context.Request))
            {
                return following(context);
            }

            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            context.Response.Headers.Connection = "close"; // what comes behind it is nobody's request
            return Task.CompletedTask;
        });
        next(app);
    };

    static bool IsAmbiguous(HttpRequest request)
    {
        var (headers, codings) = (request.Headers, request.Headers.TransferEncoding);
        return codings.Count > 0
            && (codings.Count > 1 || !string.Equals(codings[0], "chunked", StringComparison.OrdinalIgnoreCase)
                || headers.ContentLength is not null || headers.ContainsKey(PassedOver) || HttpProtocol.IsHttp10(request.Protocol));
    }
}
