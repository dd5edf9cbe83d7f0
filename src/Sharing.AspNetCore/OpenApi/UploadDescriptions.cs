using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace Sharing.AspNetCore;

/// <summary>What the document says of uploads: headers in and out, bytes in.</summary>
static class UploadDescriptions
{
    /// <summary>It is of tus: reads these headers beside the version, answers with a status, and may fail with others.</summary>
    public static RouteHandlerBuilder TakesUpload(
        this RouteHandlerBuilder endpoint, int status, int[] problems, bool? optionalBytes = null, params string[] headers) =>
        endpoint.Produces(status).WithMetadata(new TakesUploadMetadata(status, problems, optionalBytes, headers));

    /// <returns>The statuses of its problems.</returns>
    public static IEnumerable<int> Describe(OpenApiOperation operation, IList<object> metadata)
    {
        if (metadata.OfType<TakesUploadMetadata>().FirstOrDefault() is not { } upload)
        {
            return [];
        }

        operation.Parameters = [.. operation.Parameters ?? [], .. upload.Headers.Prepend(UploadHeaders.Resumable).Select(Header)];
        if (upload.OptionalBytes is { } optional)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = !optional,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [UploadHeaders.MediaType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
                },
            };
        }

        if (operation.Responses?[upload.Status.ToString(CultureInfo.InvariantCulture)] is OpenApiResponse answer)
        {
            string[] told = upload switch
            {
                { Status: 201 } => ["Location", UploadHeaders.Offset, UploadHeaders.Expires, UploadHeaders.Result],
                { Status: 200 } => [UploadHeaders.Offset, UploadHeaders.Length, UploadHeaders.Metadata, UploadHeaders.Expires, UploadHeaders.Result],
                { OptionalBytes: not null } => [UploadHeaders.Offset, UploadHeaders.Expires, UploadHeaders.Result],
                _ => [],
            };
            answer.Headers = told.ToDictionary(name => name, name => (IOpenApiHeader)new OpenApiHeader { Schema = SchemaOf(name) });
        }

        return upload.Problems;
    }

    static IOpenApiParameter Header(string name) => new OpenApiParameter
    {
        Name = name,
        In = ParameterLocation.Header,
        Required = name is UploadHeaders.Resumable or UploadHeaders.Offset or UploadHeaders.Length,
        Description = name switch
        {
            UploadHeaders.Resumable => "The version of tus: 1.0.0.",
            UploadHeaders.Offset => "Where the bytes begin: where the upload stands.",
            UploadHeaders.Length => "The bytes in all.",
            UploadHeaders.Metadata => "Names, each with a space and a value in Base64, with commas between.",
            UploadHeaders.Checksum => "`sha1`, `sha256` or `blake3`, a space, and the hash of the body in Base64.",
            _ => null,
        },
        Schema = SchemaOf(name),
    };

    static OpenApiSchema SchemaOf(string name) => name is UploadHeaders.Offset or UploadHeaders.Length
        ? new() { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0" }
        : new() { Type = JsonSchemaType.String };

    sealed record TakesUploadMetadata(int Status, int[] Problems, bool? OptionalBytes, string[] Headers);
}
