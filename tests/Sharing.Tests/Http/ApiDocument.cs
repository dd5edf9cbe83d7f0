using System.Text.Json;

namespace Sharing.Tests.Http;

/// <summary>An OpenAPI document, as far as the tests look at it.</summary>
sealed class ApiDocument(string json)
{
    public JsonElement Root { get; } = JsonDocument.Parse(json).RootElement;

    public IEnumerable<Operation> Operations =>
        from path in Root.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        where operation.Value.TryGetProperty("responses", out _)
        select new Operation(path.Name, operation.Name, operation.Value);

    public JsonElement Schema(string name) => Root.GetProperty("components").GetProperty("schemas").GetProperty(name);

    /// <summary>The schemas' properties: "Schema.property".</summary>
    public IEnumerable<string> Properties =>
        from schema in Root.GetProperty("components").GetProperty("schemas").EnumerateObject()
        where schema.Value.TryGetProperty("properties", out _)
        from property in schema.Value.GetProperty("properties").EnumerateObject()
        select $"{schema.Name}.{property.Name}";

    /// <summary>Every object anywhere in it, with its place.</summary>
    public IEnumerable<(string Place, JsonElement Value)> Objects() => Under(Root, "");

    /// <summary>What a client may rely on: operations, parameters, statuses, properties, values of enumerations.</summary>
    public IEnumerable<string> Promises()
    {
        foreach (var operation in Operations)
        {
            yield return $"{operation.Method} {operation.Path} is {operation.Id}";
            foreach (var parameter in operation.Parameters)
            {
                yield return $"{operation.Id} takes {parameter.GetProperty("in").GetString()} {parameter.GetProperty("name").GetString()}";
            }

            foreach (var response in operation.Value.GetProperty("responses").EnumerateObject())
            {
                yield return $"{operation.Id} answers {response.Name}";
            }
        }

        foreach (var property in Properties)
        {
            yield return "property " + property;
        }

        foreach (var (place, value) in Objects())
        {
            if (value.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array)
            {
                foreach (var one in values.EnumerateArray())
                {
                    yield return $"{place} may be {one}";
                }
            }
        }
    }

    static IEnumerable<(string Place, JsonElement Value)> Under(JsonElement element, string place)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            yield return (place, element);
        }

        var children = element.ValueKind switch
        {
            JsonValueKind.Object => element.EnumerateObject().Select(member => (member.Name, member.Value)),
            JsonValueKind.Array => element.EnumerateArray().Select((item, index) => (Name: $"{index}", Value: item)),
            _ => [],
        };
        foreach (var (name, child) in children)
        {
            foreach (var deeper in Under(child, $"{place}/{name}"))
            {
                yield return deeper;
            }
        }
    }

    /// <summary>One operation.</summary>
    public sealed record Operation(string Path, string Method, JsonElement Value)
    {
        public string Id => Value.TryGetProperty("operationId", out var id) ? id.GetString()! : "";

        public IEnumerable<JsonElement> Parameters => Value.TryGetProperty("parameters", out var all) ? all.EnumerateArray() : [];

        public bool Has(string place, string name) =>
            Parameters.Any(parameter => parameter.GetProperty("in").GetString() == place && parameter.GetProperty("name").GetString() == name);
    }
}
