using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.AspNetCore;

/// <summary>What endpoints read from a request themselves, where the framework cannot see it, and the problems that they answer.</summary>
static partial class OperationDescriptions
{
    const string Json = "application/json", Bytes = "application/octet-stream", Problem = "application/problem+json";

    public static Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        DescribeParameters(operation, context.Description.RelativePath ?? "", metadata);
        var takesBody = DescribeBody(operation);
        var givesBytes = metadata.OfType<GivesBytesMetadata>().Any();
        if (givesBytes)
        {
            DescribeBytes(operation);
        }

        DescribeProblems(
            operation,
            [
                .. new[] { 400, 401, 403 },
                .. operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Path) == true ? [404] : Array.Empty<int>(),
                .. takesBody ? [413, 415] : Array.Empty<int>(),
                .. givesBytes ? [416] : Array.Empty<int>(),
                .. givesBytes || metadata.OfType<RepeatableMetadata>().Any() ? [422] : Array.Empty<int>(),
                .. metadata.OfType<MayBeBusyMetadata>().Any() ? [429, 503] : Array.Empty<int>(),
                .. UploadDescriptions.Describe(operation, metadata),
            ]);
        if (metadata.OfType<OpenToEveryoneMetadata>().Any())
        {
            operation.Security = [new OpenApiSecurityRequirement(), DocumentDescriptions.Required(context.Document)];
        }

        if (HttpMethods.IsHead(context.Description.HttpMethod ?? ""))
        {
            operation.OperationId += "Head";
            foreach (var response in operation.Responses!.Values)
            {
                response.Content?.Clear();
            }
        }

        return Task.CompletedTask;
    }

    static void DescribeParameters(OpenApiOperation operation, string path, IList<object> metadata)
    {
        var declared = operation.Parameters ?? [];
        var parameters = new List<IOpenApiParameter>();
        foreach (Match match in PathParameter().Matches(path))
        {
            var name = match.Groups[1].Value;
            var names = metadata.OfType<NamesMetadata>().FirstOrDefault(names => names.Parameter == name);
            parameters.Add(new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Path,
                Required = true,
                Schema = SchemaDescriptions.OfText(names?.Type ?? typeof(string)),
            });
        }

        parameters.AddRange(declared.Where(parameter => parameter.In == ParameterLocation.Query).Select(parameter => OfQuery(parameter.Name!)));
        if (metadata.OfType<RepeatableMetadata>().Any())
        {
            parameters.Add(new OpenApiParameter
            {
                Name = ServerConnection.KeyHeader,
                In = ParameterLocation.Header,
                Description = "A repeat with the same key and body is the same request; with another body it is refused. Percent-encoded where it is not ASCII.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 200 },
            });
        }

        operation.Parameters = parameters;
    }

    static OpenApiParameter OfQuery(string name) => new()
    {
        Name = name,
        In = ParameterLocation.Query,
        Description = name switch
        {
            "cursor" => "`next` of the page before. Opaque.",
            "count" => "How many at most.",
            "stored" => "Only what the offline library has.",
            "person" => "Whose; anybody but the caller only for another host.",
            _ => null,
        },
        Schema = name switch
        {
            "count" => new() { Type = JsonSchemaType.Integer, Minimum = "1", Maximum = "100", Default = 20 },
            "stored" => new() { Type = JsonSchemaType.Boolean, Default = false },
            "person" => SchemaDescriptions.OfText(typeof(PersonId)),
            _ => SchemaDescriptions.OfText(typeof(string)),
        },
    };

    /// <summary>Bodies are JSON, and never left out.</summary>
    static bool DescribeBody(OpenApiOperation operation)
    {
        if (operation.RequestBody is not OpenApiRequestBody { Content: { } content } body || !content.Remove("*/*", out var any))
        {
            return false;
        }

        content[Json] = any;
        body.Required = true;
        return true;
    }

    static void DescribeBytes(OpenApiOperation operation)
    {
        operation.Responses!["200"] = Binary("All of them");
        operation.Responses["206"] = Binary("A range of them");

        static OpenApiResponse Binary(string description) => new()
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Bytes] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
            },
        };
    }

    static void DescribeProblems(OpenApiOperation operation, IEnumerable<int> statuses)
    {
        var responses = operation.Responses!;
        var schema = responses["400"].Content![Problem].Schema;
        foreach (var status in statuses)
        {
            var titles = Problems.All.Where(problem => problem.Value.Status == status).Select(problem => problem.Value.Title).Distinct();
            responses[status.ToString(CultureInfo.InvariantCulture)] = Response(string.Join(" ", titles));
        }

        responses["default"] = Response("Any other problem.");
        operation.Responses = new();
        foreach (var (status, response) in responses.OrderBy(response => response.Key, StringComparer.Ordinal))
        {
            operation.Responses[status] = response;
        }

        OpenApiResponse Response(string description) => new()
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType> { [Problem] = new() { Schema = schema } },
        };
    }

    [GeneratedRegex(@"\{([a-z0-9]+)\}")]
    private static partial Regex PathParameter();
}
