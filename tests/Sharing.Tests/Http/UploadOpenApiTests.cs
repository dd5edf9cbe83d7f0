namespace Sharing.Tests.Http;

/// <summary>The document of a host that takes uploads.</summary>
public sealed class UploadOpenApiTests(UploadsUnderTest uploads) : OpenApiSuite(uploads, "docs/api/openapi.uploads.json"), IClassFixture<UploadsUnderTest>
{
    protected override string[] Repeatable => [];

    protected override string[] OpenToEveryone => ["describeUpload", "describeUploads"];

    [Fact]
    public async Task Parts_are_bytes_at_an_offset_that_is_a_number()
    {
        var patch = (await LiveAsync()).Operations.Single(operation => operation.Id == "appendToUpload");
        Assert.True(patch.Has("header", "Upload-Offset") && patch.Has("header", "Tus-Resumable") && patch.Has("header", "Upload-Checksum"));
        var body = patch.Value.GetProperty("requestBody").GetProperty("content").GetProperty("application/offset+octet-stream");
        Assert.Equal("binary", body.GetProperty("schema").GetProperty("format").GetString());
        var told = patch.Value.GetProperty("responses").GetProperty("204").GetProperty("headers").GetProperty("Upload-Offset");
        Assert.Equal(["integer"], TypesOf(told.GetProperty("schema")));
    }
}
