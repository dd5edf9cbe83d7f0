using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sharing.P2P;

namespace Sharing.AspNetCore;

/// <summary>Gives an upload slot back when the answer is sent.</summary>
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
