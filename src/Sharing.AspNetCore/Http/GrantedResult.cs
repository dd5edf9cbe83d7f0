using Microsoft.AspNetCore.Http;
using Sharing.Photos;

namespace Sharing.AspNetCore;

/// <summary>Bytes that go out only as long as the grant is open: when it closes, the connection is cut. They are never handed over to a proxy, which would send them to their end.</summary>
sealed class GrantedResult(GrantedBytes bytes) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var cut = bytes.Closed.Register(httpContext.Abort);
        await new ContentResult(bytes.Content, ContentArea.Data, bytes.MediaType, bytes.FileName, MayGoAsync).ExecuteAsync(httpContext);
    }

    ValueTask MayGoAsync(int count, CancellationToken cancellationToken)
    {
        bytes.Closed.ThrowIfCancellationRequested();
        return default;
    }
}
