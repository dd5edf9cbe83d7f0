using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>What the host keeps about the caller: taken out, and erased.</summary>
static class PersonalEndpoints
{
    static readonly ConditionalWeakTable<IServiceProvider, object> s_mapped = [];

    /// <summary>Maps them once for an application, however its roles are mapped apart: they are about all of it.</summary>
    public static void Map(IEndpointRouteBuilder endpoints, RouteGroupBuilder group)
    {
        if (!s_mapped.TryAdd(endpoints.ServiceProvider, s_mapped))
        {
            return;
        }

        group.MapGet("/v1/me/export", static (HttpContext context, PersonalData personal, TimeProvider time) => Export(context, personal, time))
            .Describe("exportMe", "Everything that this host keeps about the caller, as a ZIP archive: lists as JSON, files under their own names").Produces(200, typeof(byte[]), "application/zip");
        group.MapGet("/v1/me/erasure", FindAsync).Describe("findErasure", "How far the caller's erasure is").Gives<ErasureState>();
        group.MapPut("/v1/me/erasure", EraseAsync)
            .Describe("eraseMe", "Erases the caller: all that is his goes, and what must stay for others tells nothing of him. It cannot be taken back; meanwhile he can change nothing.")
            .Takes<ErasureRequest>().Gives<ErasureState>(202).WithMetadata(new WhileErasingMetadata());
    }

    /// <summary>The archive as it is made, straight to the caller.</summary>
    public static IResult Export(HttpContext context, PersonalData personal, TimeProvider time)
    {
        var actor = context.SignedIn();
        context.Response.Headers.ContentDisposition = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"attachment; filename=\"my-data-{time.GetUtcNow():yyyy-MM-dd}.zip\"");
        (context.Response.Headers.CacheControl, context.Response.Headers.XContentTypeOptions) = ("no-store", "nosniff");
        return Results.Stream(stream => personal.ExportAsync(actor, stream, context.RequestAborted), "application/zip");
    }

    static async Task<IResult> FindAsync(HttpContext context, PersonalData personal) =>
        context.AnswerOrMissing(await personal.StateAsync(context.SignedIn(), context.RequestAborted), WireJson.Default.ErasureState);

    static async Task<IResult> EraseAsync(HttpContext context, PersonalData personal) =>
        context.SignedIn() is var actor && !(await context.BodyAsync(WireJson.Default.ErasureRequest)).Confirmed ? Problems.Result(ProblemCodes.InvalidInput, "Erasing cannot be taken back: say that it is confirmed.")
        : (await personal.EraseAsync(actor, context.RequestAborted)).Answer(WireJson.Default.ErasureState, 202);

    /// <summary>Whether a request would change something for somebody who is being erased.</summary>
    public static async ValueTask<bool> IsRefusedAsync(HttpContext context, PersonalData personal) =>
        !SharingFilter.IsSafe(context.Request)
        && context.GetEndpoint()?.Metadata.GetMetadata<WhileErasingMetadata>() is null && context.Caller() is { } actor && await personal.IsBeingErasedAsync(actor, context.RequestAborted);

    public const string Refusal = "You asked for everything of yours to be erased, and that is under way.";
}

/// <summary>Marks an endpoint that somebody may call who is being erased.</summary>
sealed class WhileErasingMetadata;
