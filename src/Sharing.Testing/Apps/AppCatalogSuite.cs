using Xunit;

namespace Sharing.Testing;

/// <summary>What every <see cref="IAppCatalog"/> must do. Derive it, return one that knows some app, say which, and run your tests.</summary>
public abstract class AppCatalogSuite
{
    /// <summary>Ends with the test run.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes one, and says what it knows: one app with at least one package.</summary>
    protected abstract Task<(IAppCatalog Catalog, AppListing Known)> CreateAsync();

#pragma warning disable CS1591 // the names of the tests say it
    [Fact]
    public async Task What_it_knows_it_tells_with_where_each_package_can_be_had()
    {
        var (catalog, known) = await CreateAsync();
        var found = await catalog.FindAsync(known.App, known.Os, Cancel);
        Assert.NotNull(found);
        Assert.Equal((known.App, known.Os), (found.App, found.Os));
        Assert.Equal(
            known.Packages.Select(static package => (package.Sha256, package.VersionCode, package.MinSdk)).Order(), found.Packages.Select(static package => (package.Sha256, package.VersionCode, package.MinSdk)).Order());
        Assert.All(found.Packages, static package => Assert.True(package.Content is not null || package.Address is not null));
        Assert.All(found.Packages, static package => Assert.Equal(64, package.Sha256!.Length));
    }

    [Fact]
    public async Task What_it_does_not_know_is_no_answer()
    {
        var (catalog, known) = await CreateAsync();
        Assert.Null(await catalog.FindAsync(AppId.Parse("org.example.nowhere"), known.Os, Cancel));
        Assert.Null(await catalog.FindAsync(known.App, "beos", Cancel));
    }
}
