using System.Text.Json;
using Sharing.Core;
using Sharing.Tests.Laws;

namespace Sharing.Tests.Http;

/// <summary>The document of a host that other people's clients are generated from.</summary>
/// <param name="host">The host.</param>
/// <param name="file">The document that was approved.</param>
public abstract class OpenApiSuite(HostUnderTest host, string file)
{
    /// <summary>As it was before a test could write it anew.</summary>
    readonly string? _committed = File.Exists(Path.Combine(Repository.Root, file)) ? File.ReadAllText(Path.Combine(Repository.Root, file)) : null;

    /// <summary>The operations that take a key, in order.</summary>
    protected abstract string[] Repeatable { get; }

    /// <summary>The operations that ask for no token, in order.</summary>
    protected virtual string[] OpenToEveryone =>
        ["followLink", "followLinkHead", "getPost", "getPostContent", "getPostContentHead", "getPostGroups", "getPostGroupsHead", "getThread", "watchPost"];

    [Fact]
    public async Task The_document_is_the_one_that_was_approved_and_nothing_that_clients_rely_on_has_gone()
    {
        var live = await host.Http.GetStringAsync(new Uri(host.Address, "openapi/v1.json"));
        if (_committed is not null)
        {
            // Before anything is approved: what was promised once cannot be approved away.
            Assert.Empty(new ApiDocument(_committed).Promises().Except(new ApiDocument(live).Promises()));
        }

        Repository.ShouldBeApproved(file, live.EndsWith('\n') ? live : live + "\n");
    }

    [Fact]
    public async Task Every_route_below_v1_and_every_link_is_described_and_nothing_else()
    {
        var routes = Route.Of(host.Services).Where(route => route.Name[0] != '*' && (route.Pattern.StartsWith("/v1/", StringComparison.Ordinal) || route.Pattern.StartsWith("/p/", StringComparison.Ordinal)
            || route.Pattern.StartsWith("/s/", StringComparison.Ordinal) || route.Pattern == "/d/{id}") && !route.Pattern.EndsWith("/{name}", StringComparison.Ordinal)); // a name means nothing
        var described = (await LiveAsync()).Operations.Select(operation => $"{operation.Method.ToUpperInvariant()} {operation.Path}");
        Assert.Equal(routes.Select(route => route.Name).Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Operation_ids_are_names_and_unique()
    {
        var ids = (await LiveAsync()).Operations.Select(operation => operation.Id).ToList();
        Assert.All(ids, id => Assert.Matches("^[a-z][A-Za-z]+$", id));
        Assert.Equal(ids.Distinct(StringComparer.Ordinal), ids);
    }

    [Fact]
    public async Task Numbers_are_numbers_alone()
    {
        var document = await LiveAsync();
        foreach (var (place, value) in document.Objects())
        {
            var types = TypesOf(value);
            Assert.False((types.Contains("integer") || types.Contains("number")) && types.Contains("string"), place);
            Assert.False((types.Contains("integer") || types.Contains("number")) && value.TryGetProperty("pattern", out _), place);
        }
    }

    [Fact]
    public async Task Every_operation_describes_its_problems()
    {
        var document = await LiveAsync();
        foreach (var operation in document.Operations)
        {
            var responses = operation.Value.GetProperty("responses").EnumerateObject().ToDictionary(response => response.Name, response => response.Value);
            foreach (var status in new[] { "400", "401", "403", "default" }.Concat(operation.Path.Contains('{', StringComparison.Ordinal) ? ["404"] : []))
            {
                Assert.True(responses.ContainsKey(status), $"{operation.Id} {status}");
            }

            foreach (var (status, response) in responses.Where(response => response.Key[0] is '4' or 'd' && operation.Method != "head"))
            {
                var schema = response.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString();
                Assert.True(schema == "#/components/schemas/ProblemBody", $"{operation.Id} {status}");
                Assert.NotEqual("", response.GetProperty("description").GetString());
            }
        }

        Assert.Contains("ProblemBody.type", document.Properties);
    }

    [Fact]
    public async Task Every_part_of_a_path_is_declared_and_ids_have_their_patterns()
    {
        foreach (var operation in (await LiveAsync()).Operations)
        {
            foreach (var part in operation.Path.Split('/').Where(part => part.StartsWith('{')))
            {
                var parameter = operation.Parameters.Single(p => p.GetProperty("in").GetString() == "path" && p.GetProperty("name").GetString() == part.Trim('{', '}'));
                Assert.True(parameter.GetProperty("required").GetBoolean());
                Assert.Equal(["string"], TypesOf(parameter.GetProperty("schema")));
                var isOurs = part is "{person}" || (part is "{id}" && !operation.Path.StartsWith("/v1/network/", StringComparison.Ordinal));
                Assert.True(!isOurs || parameter.GetProperty("schema").TryGetProperty("pattern", out _), operation.Id);
            }
        }
    }

    [Fact]
    public async Task Every_array_says_what_is_in_it()
    {
        foreach (var (place, value) in (await LiveAsync()).Objects().Where(schema => TypesOf(schema.Value).Contains("array")))
        {
            Assert.True(value.TryGetProperty("items", out _), place);
        }
    }

    [Fact]
    public async Task Every_reference_leads_somewhere()
    {
        var document = await LiveAsync();
        foreach (var (place, value) in document.Objects())
        {
            if (value.TryGetProperty("$ref", out var reference))
            {
                Assert.True(document.Schema(reference.GetString()!.Split('/')[^1]).ValueKind == JsonValueKind.Object, place);
            }
        }
    }

    [Fact]
    public async Task Nothing_in_it_depends_on_where_it_is_served()
    {
        var text = await host.Http.GetStringAsync(new Uri(host.Address, "openapi/v1.json"));
        Assert.DoesNotContain("127.0.0.1", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"Server", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_can_be_repeated_takes_a_key()
    {
        var repeatable = (await LiveAsync()).Operations.Where(operation => operation.Has("header", "Idempotency-Key")).Select(operation => operation.Id);
        Assert.Equal(Repeatable, repeatable.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_token_is_asked_for_but_where_the_audience_may_be_everyone()
    {
        var document = await LiveAsync();
        var scheme = document.Root.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer");
        Assert.Equal(("http", "bearer"), (scheme.GetProperty("type").GetString(), scheme.GetProperty("scheme").GetString()));
        Assert.True(document.Root.GetProperty("security")[0].TryGetProperty("bearer", out _));
        var open = document.Operations.Where(operation => operation.Value.TryGetProperty("security", out var security) && security.EnumerateArray().Any(s => !s.EnumerateObject().Any()));
        Assert.Equal(OpenToEveryone, open.Select(operation => operation.Id).Order(StringComparer.Ordinal));
    }

    internal async Task<ApiDocument> LiveAsync() => new(await host.Http.GetStringAsync(new Uri(host.Address, "openapi/v1.json")));

    internal static List<string?> TypesOf(JsonElement schema) => !schema.TryGetProperty("type", out var type) ? []
        : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString())]
        : type.ValueKind == JsonValueKind.String ? [type.GetString()]
        : [];
}
