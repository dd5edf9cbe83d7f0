using Sharing.Offline;

namespace Sharing.Tests.Downloads;

[Trait("Row", "R2")]
public sealed class DownloadNameTests
{
    [Theory]
    [InlineData("https://example.org/films/Caf%C3%A9.webm?x=1#y", null, "Café.webm")]
    [InlineData("https://example.org/", null, "example.org")]
    [InlineData("https://example.org/a/..%2F..%2Fevil.sh", null, "evil.sh")]
    [InlineData("https://example.org/x", "../../evil.sh", "evil.sh")]
    [InlineData("https://example.org/x", "C:\\Windows\\evil.exe", "evil.exe")]
    public async Task An_item_has_a_name_without_folders(string address, string? name, string expected)
    {
        await using var bench = new DownloadsBench();
        await bench.StartAsync(run: false);

        Assert.Equal(expected, (await bench.AddAsync(new(address), name)).Resource.Name);
    }

    [Theory]
    [InlineData(null, "film.webm")]
    [InlineData("mine.webm", "mine.webm")]
    public async Task The_origins_name_is_used_where_none_was_chosen(string? chosen, string expected)
    {
        await using var origin = await HalfwayOrigin.StartAsync(stops: false);
        origin.SaysName = "film.webm";
        await using var bench = new DownloadsBench();
        await bench.StartAsync();

        var item = await bench.AddAsync(origin.Address("download?id=5"), chosen);
        item = await bench.WhenAsync(item.Id, i => i.State == DownloadState.Finished);

        Assert.Equal((expected, Path.Combine(bench.Saved, expected)), (item.Resource.Name, item.SavedAs));
    }
}
