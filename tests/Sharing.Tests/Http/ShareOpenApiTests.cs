namespace Sharing.Tests.Http;

/// <summary>The document of a shared-data server.</summary>
public sealed class ShareOpenApiTests(SharesUnderTest shares) : OpenApiSuite(shares, "docs/api/openapi.data.json"), IClassFixture<SharesUnderTest>
{
    protected override string[] Repeatable => [];

    protected override string[] OpenToEveryone =>
    [
        "adviseTerminal", "announceTerminal", "describeUpload", "describeUploads", "followShare", "followShareHead", "getShareMetalink", "getShareMetalinkHead", "getShareTorrent", "getShareTorrentHead",
        "getSharedContent", "getSharedContentHead", "getSharedFile", "getSharedFileHead", "getSharedGroups", "getSharedGroupsHead", "getTicketKey", "openShare", "watchHeld", "withdrawTerminal",
    ];

    [Fact]
    public async Task Bytes_may_be_refused_for_a_while_and_events_say_what_is_there()
    {
        var document = await LiveAsync();
        var content = document.Operations.Single(static operation => operation.Id == "getSharedContent");
        foreach (var status in new[] { "200", "206", "404", "416", "429", "503" })
        {
            Assert.True(content.Value.GetProperty("responses").TryGetProperty(status, out _), status);
        }

        Assert.Equal("^[0-9a-f]{32}$", document.Operations.Single(static operation => operation.Id == "openShare").Parameters.First(static p => p.GetProperty("name").GetString() == "id").GetProperty("schema").GetProperty("pattern").GetString());
        Assert.Equal("^[0-9a-f]{64}$", document.Operations.Single(static operation => operation.Id == "announceTerminal").Parameters.First(static p => p.GetProperty("name").GetString() == "content").GetProperty("schema").GetProperty("pattern").GetString());
    }
}
