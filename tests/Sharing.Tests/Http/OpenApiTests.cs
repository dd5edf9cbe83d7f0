namespace Sharing.Tests.Http;

/// <summary>The document of the server sample.</summary>
public sealed class OpenApiTests(ServerUnderTest server) : OpenApiSuite(server, "docs/api/openapi.json"), IClassFixture<ServerUnderTest>
{
    protected override string[] Repeatable => ["addComment", "sharePost"];

    protected override string[] OpenToEveryone => [.. base.OpenToEveryone.Append("getAppsOf").Order(StringComparer.Ordinal)];

    [Fact]
    public async Task A_length_that_may_be_unknown_is_a_number_or_nothing() => Assert.Equal(
        ["null", "integer"], TypesOf((await LiveAsync()).Schema("Resource").GetProperty("properties").GetProperty("length")));

    [Theory]
    [InlineData("AudienceKind", "named friends followers everyone")]
    [InlineData("OfflineState", "fetching stored failed")]
    [InlineData("PublishState", "queued sent waiting needsLogin refused unknown")]
    public async Task Enumerations_are_strings_with_the_values_that_are_on_the_wire(string schema, string values)
    {
        var described = (await LiveAsync()).Schema(schema);
        Assert.Equal(["string"], TypesOf(described));
        Assert.Equal(values.Split(' '), described.GetProperty("enum").EnumerateArray().Select(value => value.GetString()));
    }

    [Theory]
    [InlineData("PersonId", "^[^\\u0000-\\u001f\\u007f-\\u009f]+$")]
    [InlineData("PostId", "^[0-9a-f]{32}$")]
    [InlineData("ResourceId", "^[0-9a-f]{32}$")]
    [InlineData("ContentId", "^[0-9a-f]{64}$")]
    public async Task Ids_are_strings_of_a_pattern(string id, string pattern)
    {
        var schema = (await LiveAsync()).Schema(id);
        Assert.Equal(["string"], TypesOf(schema));
        Assert.Equal(pattern, schema.GetProperty("pattern").GetString());
    }

    [Fact]
    public async Task Only_what_is_always_there_is_required()
    {
        var document = await LiveAsync();
        string[] Required(string schema) => [.. document.Schema(schema).GetProperty("required").EnumerateArray().Select(name => name.GetString()!)];
        Assert.Equal(["posts"], Required("PostPage"));
        Assert.Equal(["posts"], Required("FeedPage"));
        Assert.Equal(["state"], Required("PostContentState"));
        Assert.Equal(["address", "name"], Required("Resource"));
        Assert.Equal(["id", "length"], Required("ContentInfo"));
        Assert.Equal(["kind"], Required("Audience"));
        Assert.Equal(["resource", "audience"], Required("ShareRequest"));
    }

    [Fact]
    public async Task Bytes_are_bytes_whole_or_in_ranges()
    {
        foreach (var operation in (await LiveAsync()).Operations.Where(o => o.Method == "get" && (o.Path.EndsWith("/content", StringComparison.Ordinal) || o.Path == "/d/{id}")))
        {
            foreach (var status in new[] { "200", "206" })
            {
                var content = operation.Value.GetProperty("responses").GetProperty(status).GetProperty("content");
                Assert.Equal("binary", content.GetProperty("application/octet-stream").GetProperty("schema").GetProperty("format").GetString());
            }
        }
    }
}
