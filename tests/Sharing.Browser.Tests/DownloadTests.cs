using Microsoft.Playwright;
using Sharing.Offline;

namespace Sharing.Browser.Tests;

public sealed class DownloadTests(Site site)
{
    [Fact, Trait("Row", "R5"), Trait("Row", "R7")]
    public async Task Following_the_link_downloads_from_the_library_with_no_script_at_all()
    {
        var file = site.Origin.Add("stored.bin", 300_001);
        var post = await site.ShareAsync("anna", "stored.bin", Audience.Friends);
        await site.StoredAsync(post);
        var asked = file.Requests;
        await using var ben = await Visit.OpenAsync(site, "ben", script: false);

        var download = await ben.Page.RunAndWaitForDownloadAsync(() =>
            ben.Card("stored.bin").GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());
        Assert.Equal("stored.bin", download.SuggestedFilename);
        Assert.Equal(file.Bytes, await BytesAsync(download));
        Assert.Equal(asked, file.Requests);
        ben.WasClean();
    }

    [Fact, Trait("Row", "R5"), Trait("Row", "R7")]
    public async Task Following_the_link_downloads_from_the_origin_while_the_library_has_not_got_it()
    {
        var file = site.Origin.Add("held.bin", 400_000, held: true);
        var post = await site.ShareAsync("anna", "held.bin", Audience.Friends);
        await using var ben = await Visit.OpenAsync(site, "ben", script: false);

        await ben.Page.GotoAsync($"/posts/{post.Id}");
        Assert.StartsWith("The offline library is fetching it.", await ben.Page.Locator("[data-library]").InnerTextAsync(), StringComparison.Ordinal);
        var download = await ben.Page.RunAndWaitForDownloadAsync(() =>
            ben.Card("held.bin").GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());
        file.LetGo();
        Assert.Equal(file.Bytes, await BytesAsync(download));
        ben.WasClean();
    }

    [Fact, Trait("Row", "R5"), Trait("Row", "R8")]
    public async Task A_download_shows_how_far_it_is_and_the_page_when_the_library_has_it()
    {
        var file = site.Origin.Add("live.bin", 2_000_000, held: true);
        var post = await site.ShareAsync("anna", "live.bin", Audience.Friends, length: 2_000_000);
        await using var ben = await Visit.OpenAsync(site, "ben");

        await ben.Page.GotoAsync($"/posts/{post.Id}");
        var library = ben.Page.Locator("[data-library]");
        Assert.StartsWith("The offline library is fetching it.", await library.InnerTextAsync(), StringComparison.Ordinal);
        var saved = ben.Page.WaitForDownloadAsync();
        await ben.Page.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync();
        await ben.Page.GetByText("1 MB of 2 MB").WaitForAsync();
        Assert.Equal("1000000", await ben.Page.Locator("progress").EvaluateAsync<string>("bar => String(bar.value)"));

        file.LetGo();
        var download = await saved;
        Assert.Equal("live.bin", download.SuggestedFilename);
        Assert.Equal(file.Bytes, await BytesAsync(download));
        await ben.Page.Locator(".progress p").GetByText("Saved live.bin: 2 MB").WaitForAsync();
        await library.GetByText("The offline library has it").WaitForAsync();
        ben.WasClean();
    }

    [Fact, Trait("Row", "R5")]
    public async Task A_download_that_is_stopped_saves_nothing_and_says_so()
    {
        var file = site.Origin.Add("stopped.bin", 600_000, held: true);
        var post = await site.ShareAsync("anna", "stopped.bin", Audience.Friends, length: 600_000);
        await using var ben = await Visit.OpenAsync(site, "ben");

        await ben.Page.GotoAsync($"/posts/{post.Id}");
        await ben.Page.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync();
        await ben.Page.GetByText("300 kB of 600 kB").WaitForAsync();
        await ben.Page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await ben.Page.Locator(".progress p").GetByText("Stopped.").WaitForAsync();
        file.LetGo();
        ben.WasClean();
    }

    static async Task<byte[]> BytesAsync(IDownload download) =>
        await File.ReadAllBytesAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
}
