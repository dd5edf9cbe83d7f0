namespace Sharing.Tests.Http;

/// <summary>Uploads: everybody has his own, and nobody else's.</summary>
public sealed class UploadAccessTests(UploadsUnderTest uploads) : AccessSuite(uploads), IClassFixture<UploadsUnderTest>
{
    readonly UploadsUnderTest _uploads = uploads;

    protected override IEnumerable<(string Method, string Path)> Unknown =>
        [("GET", "v1/uploads"), ("POST", "v1/uploads"), ("GET", "v1/uploads/things/x/y"), ("BREW", "v1/uploads/things"), ("GET", "v1/uploads/things")];

    [Fact]
    public void Its_uploads_are_among_the_routes() => Assert.Equal(
        ["/v1/uploads/{purpose}", "/v1/uploads/{purpose}/{id}"],
        Route.Of(_uploads.Services).Select(route => route.Pattern).Where(pattern => pattern.StartsWith("/v1/uploads", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));
}
