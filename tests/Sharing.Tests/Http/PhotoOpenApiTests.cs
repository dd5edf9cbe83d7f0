namespace Sharing.Tests.Http;

/// <summary>The document of a photo server.</summary>
public sealed class PhotoOpenApiTests(PhotosUnderTest photos) : OpenApiSuite(photos, "docs/api/openapi.photos.json"), IClassFixture<PhotosUnderTest>
{
    protected override string[] Repeatable => [];

    protected override string[] OpenToEveryone => ["describeUpload", "describeUploads"];
}
