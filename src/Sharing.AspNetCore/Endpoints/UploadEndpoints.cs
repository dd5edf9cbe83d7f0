using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.AspNetCore;

/// <summary>Uploads by tus 1.0.0 (https://tus.io/protocols/resumable-upload): core, creation, creation-with-upload, termination, checksum, expiration.</summary>
/// <remarks>A request may name its method in a header, whatever it is sent by; so routes take any method, and those mapped by name are there to be described.</remarks>
static class UploadEndpoints
{
    const string All = "/v1/uploads/{purpose}", One = All + "/{id}";

    public static void Map(RouteGroupBuilder group)
    {
        group.MapPost(All, CollectionAsync).Describe("createUpload", "Begins an upload (tus 1.0.0); may bring its first bytes").TakesUpload(
            201, [409, 412, 413, 415, 460, 507], optionalBytes: true, UploadHeaders.Length, UploadHeaders.Metadata, UploadHeaders.Checksum);
        group.MapMethods(All, ["OPTIONS"], CollectionAsync).Describe("describeUploads", "What of tus this server can do").OpenToEveryone().Produces(204);
        group.Map(All, CollectionAsync).ExcludeFromDescription();
        group.MapMethods(One, ["HEAD"], UploadAsync).Describe("getUpload", "How far an upload is").Names<UploadId>().TakesUpload(200, [410, 412]);
        group.MapPatch(One, UploadAsync).Describe("appendToUpload", "Appends bytes where the upload stands").Names<UploadId>().TakesUpload(
            204, [409, 410, 412, 413, 415, 460, 507], optionalBytes: false, UploadHeaders.Offset, UploadHeaders.Checksum);
        group.MapDelete(One, UploadAsync).Describe("endUpload", "Gives an upload up").Names<UploadId>().TakesUpload(204, [412]);
        group.MapMethods(One, ["OPTIONS"], UploadAsync).Describe("describeUpload", "What of tus this server can do").Names<UploadId>().OpenToEveryone().Produces(204);
        group.Map(One, UploadAsync).ExcludeFromDescription();
    }

    /// <summary>The address of a purpose.</summary>
    static async Task<IResult> CollectionAsync(HttpContext context, Uploads uploads)
    {
        var purpose = PathValue.Of(context, "purpose") ?? "";
        return Begin(context) switch
        {
            { Answer: { } answer } => answer,
            { Method: "OPTIONS" } => uploads.Takes(purpose) ? Abilities(context) : context.Missing(),
            { Method: "POST" } => await CreateAsync(context, uploads, purpose),
            _ => context.Missing(),
        };
    }

    /// <summary>The address of an upload.</summary>
    static async Task<IResult> UploadAsync(HttpContext context, Uploads uploads)
    {
        var purpose = PathValue.Of(context, "purpose") ?? "";
        return Begin(context) switch
        {
            { Answer: { } answer } => answer,
            { Method: "OPTIONS" } => uploads.Takes(purpose) ? Abilities(context) : context.Missing(),
            { Method: "HEAD" } => await ShowAsync(context, uploads, purpose),
            { Method: "PATCH" } => await AppendAsync(context, uploads, purpose),
            { Method: "DELETE" } => await uploads.TerminateAsync(context.SignedIn(), purpose, context.Id<UploadId>(), context.RequestAborted)
                ? Results.NoContent()
                : context.Missing(),
            _ => context.Missing(),
        };
    }

    /// <summary>The method meant; or the answer, where the client speaks another version.</summary>
    static (string Method, IResult? Answer) Begin(HttpContext context)
    {
        context.Response.WriteVersion();
        var method = context.Request.Headers[UploadHeaders.Method] is [{ Length: > 0 } named] ? named.ToUpperInvariant() : context.Request.Method;
        if (method is not ("POST" or "HEAD" or "PATCH" or "DELETE") || context.Caller() is null || context.Request.Headers[UploadHeaders.Resumable] is [UploadHeaders.Version])
        {
            return (method, null);
        }

        context.Response.WriteVersions();
        return (method, Problems.Result(ProblemCodes.PreconditionFailed, $"This server speaks tus {UploadHeaders.Version}: send {UploadHeaders.Resumable}."));
    }

    static IResult Abilities(HttpContext context)
    {
        context.Response.WriteAbilities(context.RequestServices.GetRequiredService<IOptions<UploadOptions>>().Value.MaxLength);
        return Results.NoContent();
    }

    static async Task<IResult> CreateAsync(HttpContext context, Uploads uploads, string purpose)
    {
        var (actor, request) = (context.SignedIn(), context.Request);
        if (!uploads.Takes(purpose))
        {
            return context.Missing();
        }

        foreach (var header in new[] { "Upload-Defer-Length", "Upload-Concat" })
        {
            if (request.Headers[header].Count > 0)
            {
                throw new SharingException(ProblemCodes.InvalidInput, $"{header} is not taken here: send the whole length, and all bytes to one upload.");
            }
        }

        var length = request.Number(UploadHeaders.Length);
        var bringsBytes = request.ContentLength > 0 || (request.ContentLength is null && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true);
        if (bringsBytes && !request.HasUploadBytes())
        {
            throw NoUploadBytes();
        }

        var metadata = UploadMetadata.TryParse(request.Headers[UploadHeaders.Metadata].ToString(), out var said)
            ? said
            : throw new SharingException(ProblemCodes.InvalidInput, $"{UploadHeaders.Metadata} is names, each with a space and a value in Base64, with commas between.");
        var part = bringsBytes ? PartOf(context, 0) : null;
        if (await uploads.CreateAsync(actor, purpose, new(length, metadata), context.RequestAborted) is not { } upload)
        {
            return context.Missing();
        }

        upload = part is null ? upload : await AppendFirstAsync(context, uploads, upload, part);
        context.Response.Write(upload);
        return Results.Created(
            UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, request.Path.Value!.TrimEnd('/') + "/" + upload.Id), null);
    }

    /// <summary>The bytes that came with the creation. Where they were refused, nobody learns of the upload, so it goes; where they broke off, it stands.</summary>
    static async Task<Upload> AppendFirstAsync(HttpContext context, Uploads uploads, Upload upload, UploadPart part)
    {
        try
        {
            return await uploads.AppendAsync(upload.Owner, upload.Purpose, upload.Id, part, context.RequestAborted) ?? upload;
        }
        catch (SharingException e) when (e.Code == ProblemCodes.UploadInterrupted)
        {
            return await uploads.FindAsync(upload.Owner, upload.Purpose, upload.Id, context.RequestAborted) ?? upload;
        }
        catch (SharingException)
        {
            await uploads.TerminateAsync(upload.Owner, upload.Purpose, upload.Id, CancellationToken.None);
            throw;
        }
    }

    static async Task<IResult> ShowAsync(HttpContext context, Uploads uploads, string purpose)
    {
        if (await uploads.FindAsync(context.SignedIn(), purpose, context.Id<UploadId>(), context.RequestAborted) is not { } upload)
        {
            return context.Missing();
        }

        context.Response.Write(upload);
        context.Response.WriteFacts(upload);
        return Results.Ok();
    }

    static async Task<IResult> AppendAsync(HttpContext context, Uploads uploads, string purpose)
    {
        var (actor, id) = (context.SignedIn(), context.Id<UploadId>());
        var part = context.Request.HasUploadBytes() ? PartOf(context, context.Request.Number(UploadHeaders.Offset)) : throw NoUploadBytes();
        if (await uploads.AppendAsync(actor, purpose, id, part, context.RequestAborted) is not { } upload)
        {
            return context.Missing();
        }

        context.Response.Write(upload);
        return Results.NoContent();
    }

    /// <summary>The body, however long: the upload's own length is its limit.</summary>
    static UploadPart PartOf(HttpContext context, long offset)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        UploadChecksum? checksum = null;
        if (context.Request.Headers[UploadHeaders.Checksum] is { Count: > 0 } header && !UploadChecksum.TryParse(header.ToString(), out checksum))
        {
            throw new SharingException(
                ProblemCodes.InvalidInput, $"{UploadHeaders.Checksum} is one of {string.Join(", ", UploadChecksum.Algorithms)}, a space, and the hash in Base64.");
        }

        return new(offset, context.Request.Body) { Length = context.Request.ContentLength, Checksum = checksum };
    }

    static SharingException NoUploadBytes() => new(ProblemCodes.UnsupportedMediaType, $"The body must be {UploadHeaders.MediaType}.");
}
