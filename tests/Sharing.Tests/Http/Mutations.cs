using System.Text.Json.Nodes;

namespace Sharing.Tests.Http;

/// <summary>A JSON document in all the ways in which one member of it can be wrong.</summary>
static class Mutations
{
    static readonly string[] Wrong =
    [
        "null", "true", "0", "-1", "1.5", "1e400", "9223372036854775808", "\"\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"", "\"\u202Etxt.exe\"", "[]", "[null]", "[[]]",
        "{}", "{\"a\":{}}", "{\"kind\":\"named\",\"people\":[\"\\u0007\"]}", "\"http://[::1\"", "\"http://ü.example/%zz\"", "\"" + new string('a', 70_000) + "\"",
    ];

    public static IEnumerable<string> Of(string json)
    {
        foreach (var (path, isProperty) in PathsOf(JsonNode.Parse(json)!, []).ToList())
        {
            foreach (var wrong in Wrong)
            {
                yield return With(json, path, "\"\uE000\"").Replace("\"\\uE000\"", wrong, StringComparison.Ordinal);
            }

            if (isProperty)
            {
                yield return With(json, path, null);
            }
        }
    }

    static IEnumerable<(object[] Path, bool IsProperty)> PathsOf(JsonNode node, object[] at)
    {
        var children = node switch
        {
            JsonObject inner => inner.Select(member => ((object)member.Key, member.Value)),
            JsonArray inner => inner.Select((item, index) => ((object)index, item)),
            _ => [],
        };
        foreach (var (name, child) in children)
        {
            object[] path = [.. at, name];
            yield return (path, name is string);
            foreach (var deeper in child is null ? [] : PathsOf(child, path))
            {
                yield return deeper;
            }
        }
    }

    static string With(string json, object[] path, string? value)
    {
        var root = JsonNode.Parse(json)!;
        var parent = path[..^1].Aggregate(root, (node, step) => (step is string name ? node[name] : node[(int)step])!);
        if (path[^1] is string last)
        {
            _ = value is null ? parent.AsObject().Remove(last) : (parent[last] = JsonNode.Parse(value)) is null;
        }
        else
        {
            parent[(int)path[^1]] = JsonNode.Parse(value!);
        }

        return root.ToJsonString();
    }
}
