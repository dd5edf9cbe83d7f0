using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Sharing.AspNetCore;

/// <summary>What the document says of the whole: the same wherever it is served.</summary>
static class DocumentDescriptions
{
    public const string Bearer = "bearer";

    public static Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new()
        {
            Title = "Sharing",
            Version = "1",
            Description = "Changes only by addition: unknown members are ignored, and are to be ignored. A problem's type is "
                + "`urn:sharing:problem:` and one of the codes listed in docs/problems.md.",
        };
        document.Servers = []; // whichever it was fetched from
        document.Components ??= new();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A token that the host gives out." },
        };
        SchemaDescriptions.Finish(document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>());
        document.Security = [Required(document)];
        return Task.CompletedTask;
    }

    public static OpenApiSecurityRequirement Required(OpenApiDocument? document) => new() { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] };
}
