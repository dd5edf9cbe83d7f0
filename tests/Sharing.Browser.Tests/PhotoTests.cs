using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Sharing.Photos;
using Sharing.Trials.Photos;

namespace Sharing.Browser.Tests;

public sealed partial class PhotoTests(Site site)
{
    static readonly string[] Names = ["photo.jpg", "plain.png", "motion.jpg"];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Trait("Row", "F1"), Trait("Row", "F8"), Trait("Row", "F10"), Trait("Row", "F11")]
    public async Task A_folder_is_uploaded_and_shown_a_mail_comes_its_link_opens_for_the_friend_alone_and_gives_the_very_bytes()
    {
        await using var anna = await Visit.OpenAsync(site, "anna");
        var page = anna.Page;
        var folder = await UploadAsync(page, "Alps");
        await page.GetByLabel("Ben").CheckAsync();
        await page.GetByLabel("Mail addresses of others").FillAsync("carla@example.org");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await page.GetByText("Your friends are told").WaitForAsync();

        var (toBen, toCarla) = (await LinkAsync("ben@example.org", folder), await LinkAsync("carla@example.org", folder));
        await using var carl = await Visit.OpenAsync(site, "carl");
        await carl.Page.GotoAsync(toBen);
        await carl.Page.GetByText("They were not shown to you").WaitForAsync();
        await carl.Page.GotoAsync(toCarla);
        await carl.Page.GetByText("They were not shown to you").WaitForAsync();

        await using var ben = await Visit.OpenAsync(site, "ben");
        await ben.Page.GotoAsync(toBen);
        await TakeAsync(ben.Page);

        await using var carla = await Visit.OpenAsync(site, null);
        await carla.Page.GotoAsync(toCarla);
        await carla.Page.GetByRole(AriaRole.Button, new() { Name = "Send me a code" }).ClickAsync();
        await carla.Page.GetByText("a code is on its way there").WaitForAsync();
        await carla.Page.GetByLabel("Code from the mail").FillAsync("12 34");
        await carla.Page.GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
        await carla.Page.GetByText("That code is wrong").WaitForAsync();
        await carla.Page.GetByLabel("Code from the mail").FillAsync(await CodeAsync("carla@example.org"));
        await carla.Page.GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
        await TakeAsync(carla.Page);
        await carla.Page.GotoAsync(toBen);
        await carla.Page.GetByText("Who are you?").WaitForAsync();

        await page.ReloadAsync();
        await page.GetByText("Opened").First.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Close for Ben" }).First.ClickAsync();
        await page.GetByText("The link opens no more").WaitForAsync();
        await ben.Page.ReloadAsync();
        await ben.Page.GetByText("They were not shown to you, or not any more").WaitForAsync();
    }

    /// <summary>The connection is gone for a while in the middle, then the page is closed; chosen again, the files go on from where they stood.</summary>
    [Fact, Trait("Row", "F1")]
    public async Task An_upload_outlives_the_connection_and_the_page()
    {
        await using var anna = await Visit.OpenAsync(site, "anna");
        var page = anna.Page;
        var large = Path.Combine(Path.GetTempPath(), $"sharing-large-{Guid.NewGuid():N}.bin");
        var bytes = new byte[24 << 20];
        new Random(1).NextBytes(bytes);
        await File.WriteAllBytesAsync(large, bytes, Cancel);
        try
        {
            await page.GotoAsync("/photos");
            var parts = 0;
            await page.RouteAsync("**/v1/uploads/photos/*", async route =>
            {
                if (route.Request.Method == "PATCH" && ++parts > 2)
                {
                    await route.AbortAsync("connectionreset"); // from the third part on nothing gets through
                }
                else
                {
                    await route.ContinueAsync();
                }
            });
            await page.GetByLabel("Photos, or drop them here").SetInputFilesAsync(large);
            await page.GetByText("The connection broke").WaitForAsync();
            await page.UnrouteAllAsync();
            await page.GotoAsync("/photos");

            var sent = 0L;
            page.Request += (_, request) => sent += request.Method == "PATCH" ? long.Parse(request.Headers.GetValueOrDefault("upload-offset", "0"), System.Globalization.CultureInfo.InvariantCulture) == 0 ? 1 : 0 : 0;
            await page.GetByLabel("Photos, or drop them here").SetInputFilesAsync(large);
            Photo? photo = null;
            await Site.EventuallyAsync(async () =>
                (photo = await site.Get<IPhotos>().ListAsync(PersonId.Parse("anna"), null, Cancel).FirstOrDefaultAsync(photo => photo.Length == bytes.Length, Cancel)) is not null);
            Assert.Equal(0, sent); // nothing began at the beginning
            Assert.Equal(Convert.ToHexStringLower(Hash(bytes)), photo!.Content.ToString());
        }
        finally
        {
            File.Delete(large);
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Photos_stand_out_and_fit_in_both_colour_schemes(ColorScheme scheme, int width)
    {
        await using var anna = await Visit.OpenAsync(site, "anna", scheme: scheme, width: width);
        var folder = await UploadAsync(anna.Page, $"Look {width}");
        var grant = (await site.Get<IPhotoGrants>().GrantAsync(PersonId.Parse("anna"), new() { Folder = folder, Friends = [PersonId.Parse("ben")] }, Cancel)).Single();
        await using var ben = await Visit.OpenAsync(site, "ben", scheme: scheme, width: width);
        await using var nobody = await Visit.OpenAsync(site, null, scheme: scheme, width: width);
        foreach (var (visit, path) in new[] { (anna, "/photos"), (anna, $"/photos?folder={folder}"), (ben, $"/g/{grant.Id}"), (nobody, $"/g/{grant.Id}") })
        {
            await visit.Page.GotoAsync(path);
            Assert.Empty(await visit.Page.EvaluateAsync<string[]>(LookTests.TooFaint));
            Assert.True(await visit.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), path);
            if (Environment.GetEnvironmentVariable("SHARING_SCREENSHOTS") is { } into)
            {
                await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(into, $"{path.Split('?')[0].Trim('/').Replace('/', '-')[..Math.Min(6, path.Length - 1)]}-{width}-{path.Length}.png"), FullPage = true });
            }
        }
    }

    /// <summary>Uploads the pictures into a new folder, and waits for their previews.</summary>
    async Task<FolderId> UploadAsync(IPage page, string name)
    {
        await page.GotoAsync("/photos");
        await page.GetByLabel("Name of a new folder").FillAsync(name);
        await page.GetByLabel("Photos, or drop them here").SetInputFilesAsync(Names.Select(PictureFiles.Picture));
        await page.WaitForURLAsync("**/photos?folder=*");
        var folder = FolderId.Parse(page.Url.Split('=')[^1]);
        await Site.EventuallyAsync(async () =>
            await site.Get<IPhotos>().ListAsync(PersonId.Parse("anna"), folder, Cancel).CountAsync(static photo => photo.Previews == PreviewState.Ready, Cancel) == Names.Length);
        await page.ReloadAsync();
        return folder;
    }

    static async Task TakeAsync(IPage page)
    {
        await page.GetByText("3 photos").WaitForAsync();
        foreach (var name in Names)
        {
            var one = page.WaitForDownloadAsync();
            await page.Locator(".photos > li").Nth(Names.Length - 1 - Array.IndexOf(Names, name)).GetByRole(AriaRole.Link).ClickAsync();
            var download = await one;
            Assert.Equal(name, download.SuggestedFilename);
            Assert.Equal(await File.ReadAllBytesAsync(PictureFiles.Picture(name), Cancel), await File.ReadAllBytesAsync((await download.PathAsync())!, Cancel));
        }

        var all = page.WaitForDownloadAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Download all" }).ClickAsync();
        await using var zip = await ZipFile.OpenReadAsync((await (await all).PathAsync())!, Cancel);
        foreach (var name in Names)
        {
            await using var content = await zip.GetEntry(name)!.OpenAsync(Cancel);
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy, Cancel);
            Assert.Equal(await File.ReadAllBytesAsync(PictureFiles.Picture(name), Cancel), copy.ToArray());
        }
    }

    async Task<string> LinkAsync(string address, FolderId folder)
    {
        string? link = null;
        var grants = await site.Get<IPhotoGrants>().ListAsync(PersonId.Parse("anna"), Cancel).Where(grant => grant.Folder == folder).Select(static grant => grant.Id.Value).ToListAsync(Cancel);
        await Site.EventuallyAsync(async () => (link = (await MailsAsync(address)).Select(static mail => Link().Match(mail.GetProperty("text").GetString()!).Value).FirstOrDefault(link => grants.Exists(link.EndsWith))) is not null);
        return link!;
    }

    async Task<string> CodeAsync(string address)
    {
        string? code = null;
        await Site.EventuallyAsync(async () => (code = (await MailsAsync(address)).Select(static mail => Code().Match(mail.GetProperty("subject").GetString()!).Groups[1].Value).LastOrDefault(static text => text.Length > 0)) is not null);
        return code!;
    }

    async Task<IEnumerable<JsonElement>> MailsAsync(string address) => (await site.Mail.ReadAsync(0, Cancel)).Where(mail => mail.GetProperty("to").GetString() == address);

    static byte[] Hash(byte[] bytes)
    {
        var hash = new byte[32];
        Core.Blake3.Hash(bytes, hash);
        return hash;
    }

    [GeneratedRegex("http://[^ \r\n]+/g/[0-9a-f]{32}")]
    private static partial Regex Link();

    [GeneratedRegex(@"(\d{8}) is your code")]
    private static partial Regex Code();
}
