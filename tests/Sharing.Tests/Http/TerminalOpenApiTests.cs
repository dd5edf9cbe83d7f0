namespace Sharing.Tests.Http;

/// <summary>The document of a host that is also a terminal.</summary>
public sealed class TerminalOpenApiTests(TerminalUnderTest terminal) : OpenApiSuite(terminal, "docs/api/openapi.terminal.json"), IClassFixture<TerminalUnderTest>
{
    protected override string[] Repeatable => ["addComment", "addDownload", "shareDownload", "sharePost"];

    [Fact]
    public async Task A_length_that_may_be_unknown_is_a_number_or_nothing() => Assert.Equal(
        ["null", "integer"], TypesOf((await LiveAsync()).Schema("Resource").GetProperty("properties").GetProperty("length")));

    [Fact]
    public async Task The_states_of_an_item_and_its_number_are_strings_as_they_are_on_the_wire()
    {
        var document = await LiveAsync();
        Assert.Equal(["running", "paused", "finished", "failed"], document.Schema("DownloadState").GetProperty("enum").EnumerateArray().Select(value => value.GetString()));
        foreach (var schema in new[] { "DownloadState", "DownloadId" })
        {
            Assert.Equal(["string"], TypesOf(document.Schema(schema)));
        }

        Assert.Equal("^[1-9][0-9]{0,9}$", document.Schema("DownloadId").GetProperty("pattern").GetString());
    }

    [Fact]
    public async Task Of_an_item_only_what_is_always_there_is_required()
    {
        var document = await LiveAsync();
        string[] Required(string schema) => [.. document.Schema(schema).GetProperty("required").EnumerateArray().Select(name => name.GetString()!)];
        Assert.Equal(["id", "resource", "state", "addedAt"], Required("DownloadItem"));
        Assert.Equal(["address"], Required("DownloadRequest"));
    }
}
