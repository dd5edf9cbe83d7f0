using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Sharing.AspNetCore;

namespace Sharing;

/// <summary>Describes the endpoints of Sharing for other people's clients.</summary>
public static class SharingOpenApiExtensions
{
    /// <summary>Adds the OpenAPI document of the endpoints that <see cref="SharingAspNetCoreExtensions.MapSharing"/> maps, and of no others: fit for
    /// generators of clients. The host maps it with <c>MapOpenApi()</c>, at <c>/openapi/v1.json</c>.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="documentName">The document's name; a host that has a <c>v1</c> of its own chooses another.</param>
    public static IServiceCollection AddSharingOpenApi(this IServiceCollection services, string documentName = "v1") => services.AddOpenApi(
        documentName,
        options =>
        {
            options.ShouldInclude = static description =>
                description.ActionDescriptor.EndpointMetadata.OfType<ITagsMetadata>().Any(tags => tags.Tags.Contains(EndpointDescriptions.Tag));
            options.AddSchemaTransformer(SchemaDescriptions.TransformAsync);
            options.AddOperationTransformer(OperationDescriptions.TransformAsync);
            options.AddDocumentTransformer(DocumentDescriptions.TransformAsync);
        });
}
