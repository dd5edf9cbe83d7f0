using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Sharing.Core;
using Sharing.Messaging;
using Sharing.Offline;
using Sharing.P2P;
using Sharing.Photos;

namespace Sharing.AspNetCore;

/// <summary>Schemas as the wire has them, where the framework would say more or less: numbers are numbers alone, ids are strings of a pattern, an
/// enumeration does not have "null" among its values, and what is left out when there is none is not required.</summary>
static class SchemaDescriptions
{
    const JsonSchemaType Numbers = JsonSchemaType.Integer | JsonSchemaType.Number;

    static readonly Dictionary<Type, string> Patterns = new()
    {
        [typeof(PersonId)] = @"^[^\u0000-\u001f\u007f-\u009f]+$",
        [typeof(PostId)] = "^[0-9a-f]{32}$",
        [typeof(ResourceId)] = "^[0-9a-f]{32}$",
        [typeof(ContentId)] = "^[0-9a-f]{64}$",
        [typeof(UploadId)] = "^[0-9a-f]{32}$",
        [typeof(ShareId)] = "^[0-9a-f]{32}$",
        [typeof(PhotoId)] = "^[0-9a-f]{32}$",
        [typeof(FolderId)] = "^[0-9a-f]{32}$",
        [typeof(GrantId)] = "^[0-9a-f]{32}$",
        [typeof(MessageId)] = "^[0-9a-f]{32}$",
        [typeof(CatalogItemId)] = "^[0-9a-f]{32}$",
        [typeof(DownloadId)] = "^[1-9][0-9]{0,9}$",
    };

    /// <summary>An id, or any other text.</summary>
    public static OpenApiSchema OfText(Type type)
    {
        var schema = new OpenApiSchema();
        Describe(schema, type);
        return schema;
    }

    /// <summary>While a schema is made: the framework sees nothing in an array of ids, which write themselves.</summary>
    public static Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } element } && Patterns.ContainsKey(element))
        {
            context.Document?.AddComponent(element.Name, OfText(element)); // before it is referred to: the framework follows the reference at once
            schema.Items = new OpenApiSchemaReference(element.Name, context.Document);
        }

        return Task.CompletedTask;
    }

    /// <summary>When all are made. A type that occurred first where it may be missing has that in its schema; but whether it may is said where it is used.</summary>
    public static void Finish(IDictionary<string, IOpenApiSchema> schemas)
    {
        schemas.TryAdd(nameof(PersonId), OfText(typeof(PersonId)));
        foreach (var (type, _) in Patterns)
        {
            if (schemas.TryGetValue(type.Name, out var id) && id is OpenApiSchema schema)
            {
                Describe(schema, type);
            }
        }

        if (schemas.TryGetValue(nameof(ContentInfo), out var content) && content is OpenApiSchema { Properties: { } parts } info)
        {
            info.Required = parts.Keys.ToHashSet(StringComparer.Ordinal);
        }

        foreach (var schema in schemas.Values.OfType<OpenApiSchema>())
        {
            FinishOne(schema);
        }
    }

    static void FinishOne(OpenApiSchema schema)
    {
        if (schema.Enum is { Count: > 0 } values)
        {
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. values.Where(value => value is JsonValue && !value.IsJsonNullSentinel())];
        }

        var properties = (schema.Properties ?? new Dictionary<string, IOpenApiSchema>()).Values.OfType<OpenApiSchema>().ToList();
        foreach (var property in properties.Concat(properties.Select(static property => property.AdditionalProperties).OfType<OpenApiSchema>()))
        {
            if (property.Type is { } either && (either & Numbers) != 0)
            {
                property.Type = either & ~JsonSchemaType.String; // no text where a number belongs
                property.Pattern = null;
            }
        }

        schema.Required?.ExceptWith((schema.Properties ?? new Dictionary<string, IOpenApiSchema>()).Where(p => MayBeNull(p.Value)).Select(p => p.Key));
    }

    static bool MayBeNull(IOpenApiSchema schema) =>
        schema.Type?.HasFlag(JsonSchemaType.Null) == true || schema.OneOf?.Any(one => one.Type == JsonSchemaType.Null) == true;

    static void Describe(OpenApiSchema schema, Type type)
    {
        schema.Type = JsonSchemaType.String;
        schema.Pattern = Patterns.GetValueOrDefault(type);
        if (type == typeof(PersonId))
        {
            (schema.MinLength, schema.MaxLength) = (1, PersonId.MaxLength);
        }
    }
}
