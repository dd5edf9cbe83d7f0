namespace Sharing.Tests.Http;

/// <summary>Photos: the owner's alone, and, by a grant, the friend's whom it is for; whoever else has the link has nothing.</summary>
[Trait("Row", "F11")]
public sealed class PhotoAccessTests(PhotosUnderTest photos) : AccessSuite(photos), IClassFixture<PhotosUnderTest>
{
    protected override IEnumerable<(string Method, string Path)> Unknown => [("POST", "v1/photos"), ("PUT", "v1/photos/x"), ("GET", "v1/granted-photos/x/y/z"), ("BREW", "v1/photos")];
}
