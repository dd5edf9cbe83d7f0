using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
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
        await ben.Page.GetByText("3 photos").WaitForAsync();
        await ben.ShotAsync("download");
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
                (photo = await site.Get<IPhotos>().ListAsync(PersonId.Parse("anna"), default, Cancel).FirstOrDefaultAsync(photo => photo.Length == bytes.Length, Cancel)) is not null);
            await page.WaitForFunctionAsync("() => !document.querySelector('#files').disabled");
            Assert.Equal(0, sent); // nothing began at the beginning
            Assert.Equal(Convert.ToHexStringLower(Hash(bytes)), photo!.Content.ToString());
        }
        finally
        {
            File.Delete(large);
        }
    }

    /// <summary>A page of somebody else's with tus-js-client, unchanged: aborted in the middle, another goes on with what the first remembered.</summary>
    [Fact, Trait("Row", "F1")]
    public async Task A_page_uploads_with_tus_js_client_as_well()
    {
        await using var anna = await Visit.OpenAsync(site, "anna");
        await anna.Page.GotoAsync("/photos");
        await anna.Page.EvaluateAsync(await TusClientAsync()); // as a script of the page its policy would refuse it
        var parts = 0;
        anna.Page.Response += (_, answer) => parts += answer.Request.Method == "PATCH" ? 1 : 0;
        await anna.Page.EvaluateAsync("""
            async () => {
              const file = new File([Uint8Array.from({ length: 5 << 20 }, (_, at) => at * 31 >> 3)], "Größe.bin", { type: "application/octet-stream" });
              const options = { endpoint: "/v1/uploads/photos", chunkSize: 1 << 20, metadata: { filename: file.name, filetype: file.type } };
              await new Promise((resolve, reject) => {
                const first = new tus.Upload(file, { ...options, onError: reject, onChunkComplete: async (_, so) => { if (so === 2 << 20) { await first.abort(); resolve(); } } });
                first.start();
              });
              await new Promise(async (resolve, reject) => {
                const next = new tus.Upload(file, { ...options, onError: reject, onSuccess: resolve });
                const before = await next.findPreviousUploads();
                if (before.length !== 1) reject(new Error(`${before.length} were remembered`));
                next.resumeFromPreviousUpload(before[0]);
                next.start();
              });
            }
            """);
        var expected = new byte[5 << 20];
        for (var at = 0; at < expected.Length; at++)
        {
            expected[at] = (byte)((at * 31) >> 3);
        }

        Assert.InRange(parts, 5, 6); // the one that was cut off may have come
        Photo? photo = null;
        await Site.EventuallyAsync(async () =>
            (photo = await site.Get<IPhotos>().ListAsync(PersonId.Parse("anna"), default, Cancel).FirstOrDefaultAsync(photo => photo.Length == expected.Length, Cancel)) is not null);
        Assert.Equal(Convert.ToHexStringLower(Hash(expected)), photo!.Content.ToString());
    }

    static async Task<string> TusClientAsync()
    {
        var folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../TusClient"));
        var script = Path.Combine(folder, "node_modules/tus-js-client/dist/tus.min.js");
        if (!File.Exists(script))
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]) { WorkingDirectory = folder, UseShellExecute = false })!;
            await npm.WaitForExitAsync(Cancel);
        }

        return await File.ReadAllTextAsync(script, Cancel);
    }

    /// <summary>A slow line that is gone for half a minute, and a page that dies: nothing is sent twice, and nothing that was typed is lost.</summary>
    [Fact, Trait("Row", "F1")]
    public async Task On_a_bad_line_uploads_go_on_and_what_was_typed_stays()
    {
        var bytes = new byte[1_500_000];
        new Random(2).NextBytes(bytes);
        var file = Path.Combine(Path.GetTempPath(), $"sharing-slow-{Guid.NewGuid():N}.bin");
        await File.WriteAllBytesAsync(file, bytes, Cancel);
        await using var anna = await Visit.OpenAsync(site, "anna");
        try
        {
            await UploadAsync(anna.Page, "Slow");
            var address = anna.Page.Url;
            var first = await anna.Page.Context.NewPageAsync();
            var line = await SlowAsync(first);
            await first.GotoAsync(address, new() { Timeout = 60_000 });
            await first.GetByLabel("Mail addresses of others").FillAsync("aunt@example.org");
            await first.GetByLabel("Photos, or drop them here").SetInputFilesAsync(file);
            await first.WaitForFunctionAsync("() => document.querySelector('#upload progress').value > 0.1", null, new() { Timeout = 60_000 });
            await OfflineAsync(line, true);
            await Task.Delay(30_000, Cancel);
            await first.GetByText("You are offline").WaitForAsync();
            await OfflineAsync(line, false);
            await first.WaitForFunctionAsync("() => document.querySelector('#upload progress').value > 0.4", null, new() { Timeout = 60_000 });
            await first.CloseAsync(); // it died

            var second = await anna.Page.Context.NewPageAsync();
            var fromTheBeginning = 0;
            second.Request += (_, request) => fromTheBeginning += request.Method == "POST" || request.Headers.GetValueOrDefault("upload-offset") == "0" ? 1 : 0;
            await second.GotoAsync(address);
            Assert.Equal("aunt@example.org", await second.GetByLabel("Mail addresses of others").InputValueAsync());
            await second.GetByLabel("Photos, or drop them here").SetInputFilesAsync(file);
            await second.GetByText("1 of 1 uploaded").WaitForAsync();
            Assert.Equal("aunt@example.org", await second.GetByLabel("Mail addresses of others").InputValueAsync());
            Assert.Equal(0, fromTheBeginning);
            var photos = await site.Get<IPhotos>().ListAsync(PersonId.Parse("anna"), new(FolderId.Parse(address.Split('=')[^1])), Cancel).ToListAsync(Cancel);
            Assert.Equal(Names.Length + 1, photos.Count);
            Assert.Single(photos, photo => photo.Content.ToString() == Convert.ToHexStringLower(Hash(bytes)));

            await second.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
            await second.GetByText("Your friends are told").WaitForAsync();
            Assert.Equal("", await second.GetByLabel("Mail addresses of others").InputValueAsync());
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>What a friend's first look costs on 400 kbit/s: the page, its files, and the previews that he sees. Placeholders are there at once, and nothing moves.</summary>
    [Fact, Trait("Row", "F9"), Trait("Row", "F11")]
    public async Task A_first_look_at_many_photos_costs_little_has_placeholders_and_nothing_moves()
    {
        await using var anna = await Visit.OpenAsync(site, "anna");
        var folder = await UploadAsync(anna.Page, "Many", [.. Enumerable.Range(1, 8).Select(static turn => $"turn{turn}.jpg"), "photo.jpg", "plain.jpg", "progressive.jpg", "grey.jpg", "p3.jpg", "plain.webp", "photo.png", "photo.gif"]);
        var grant = (await site.Get<IPhotoGrants>().GrantAsync(PersonId.Parse("anna"), new() { Folder = folder, Friends = [PersonId.Parse("ben")] }, Cancel)).Single();
        await using var ben = await Visit.OpenAsync(site, "ben");
        var network = await SlowAsync(ben.Page);
        var bytes = 0.0;
        network.Event("Network.loadingFinished").OnEvent += (_, told) => bytes += told!.Value.GetProperty("encodedDataLength").GetDouble();
        await network.SendAsync("Network.setCacheDisabled", new() { ["cacheDisabled"] = true });
        await ben.Page.AddInitScriptAsync("window.moved = 0; new PerformanceObserver(list => { for (const entry of list.getEntries()) window.moved += entry.value; }).observe({ type: 'layout-shift', buffered: true });");
        await ben.Page.GotoAsync($"/g/{grant.Id}", new() { WaitUntil = WaitUntilState.DOMContentLoaded, Timeout = 60_000 });
        await ben.Page.Locator("canvas.placeholder").First.WaitForAsync();
        await ben.Page.WaitForFunctionAsync("() => [...document.querySelectorAll('.photos img')].filter(image => image.getBoundingClientRect().top < innerHeight).every(image => image.complete && image.naturalWidth > 0)", null, new() { Timeout = 60_000 });
        Assert.InRange(bytes, 20_000, 150 * 1024);
        Assert.InRange(await ben.Page.EvaluateAsync<double>("() => window.moved"), 0, 0.01);
        await ben.Page.WaitForFunctionAsync("() => [...document.querySelectorAll('canvas.placeholder')].every(canvas => !canvas.nextElementSibling.complete)", null, new() { Timeout = 60_000 });
    }

    /// <summary>The placeholder is the picture, blurred: its pixels are near those of the preview, made small.</summary>
    [Fact, Trait("Row", "F6")]
    public async Task A_placeholder_looks_like_its_picture()
    {
        await using var anna = await Visit.OpenAsync(site, "anna");
        await UploadAsync(anna.Page, "Blur", ["plain.jpg", "photo.png"]);
        await anna.Page.RouteAsync("**/photos/*?preview=*", static async route =>
        {
            await Task.Delay(2000);
            await route.ContinueAsync();
        });
        await anna.Page.ReloadAsync(new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await anna.Page.Locator("canvas.placeholder").Nth(1).WaitForAsync();
        const string Means = "canvas => { const small = document.createElement('canvas'); small.width = small.height = 4; const pen = small.getContext('2d'); pen.drawImage(canvas, 0, 0, 4, 4); return [...pen.getImageData(0, 0, 4, 4).data]; }";
        var blurred = await anna.Page.Locator("canvas.placeholder").First.EvaluateAsync<int[]>(Means);
        await anna.Page.Locator(".photos img").First.EvaluateAsync("async image => { while (!image.complete || image.naturalWidth === 0) await new Promise(done => setTimeout(done, 50)); }");
        var real = await anna.Page.Locator(".photos img").First.EvaluateAsync<int[]>(Means);
        Assert.InRange(blurred.Zip(real, static (one, other) => Math.Abs(one - other)).Average(), 0, 20);
        Assert.True(real.Chunk(4).Select(static pixel => pixel[0]).Distinct().Count() > 4, "The picture is not the same everywhere.");
    }

    /// <summary>As long as the server has no preview the browser shows one of its own, which goes nowhere; then the server's.</summary>
    [Fact, Trait("Row", "F13")]
    public async Task Until_there_is_a_preview_the_browser_makes_its_own()
    {
        var gate = new Gate();
        await using var app = await Product.StartAsync(sharing =>
        {
            sharing.AddPhotos().AddPages().Services.AddSingleton<IThumbnailer>(gate);
        });
        var uploads = app.Services.GetRequiredService<Core.Uploads>();
        var picture = await File.ReadAllBytesAsync(PictureFiles.Picture("photo.jpg"), Cancel);
        var anna = PersonId.Parse("anna");
        var upload = (await uploads.CreateAsync(anna, PhotoUploads.Purpose, new(picture.Length, Core.UploadMetadata.Empty), Cancel))!;
        await uploads.AppendAsync(anna, PhotoUploads.Purpose, upload.Id, new(0, new MemoryStream(picture)), Cancel);
        var page = await site.OpenPageAsync();
        await using var context = page.Context;
        await page.GotoAsync(app.Urls.First() + "/base/share/photos");
        await page.Locator("[data-pending]").ScrollIntoViewIfNeededAsync();
        await page.Locator("canvas.own").WaitForAsync();
        Assert.Equal(171, await page.Locator("canvas.own").EvaluateAsync<int>("canvas => canvas.width")); // upright: 800 of 1200, and 256 of those
        gate.Open.SetResult();
        await page.Locator(".photos img").WaitForAsync();
        Assert.Equal(0, await page.Locator("canvas.own").CountAsync());
    }

    sealed class Gate : IThumbnailer, IDisposable
    {
        readonly VipsThumbnailer _inner = new();

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string? WhyNot(PictureFormat format) => _inner.WhyNot(format);

        public async Task<Thumbnails> MakeAsync(IContentReader picture, PictureHeader header, IReadOnlyList<int> sizes, CancellationToken cancellationToken = default)
        {
            await Open.Task.WaitAsync(cancellationToken);
            return await _inner.MakeAsync(picture, header, sizes, cancellationToken);
        }

        public void Dispose() => _inner.Dispose();
    }

    /// <summary>400 kbit/s each way, 400 ms to the server and back.</summary>
    static async Task<ICDPSession> SlowAsync(IPage page)
    {
        var network = await page.Context.NewCDPSessionAsync(page);
        await network.SendAsync("Network.enable");
        await OfflineAsync(network, false);
        return network;
    }

    static Task OfflineAsync(ICDPSession network, bool isOffline) =>
        network.SendAsync("Network.emulateNetworkConditions", new() { ["offline"] = isOffline, ["latency"] = 400, ["downloadThroughput"] = 50_000, ["uploadThroughput"] = 50_000 });

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
    async Task<FolderId> UploadAsync(IPage page, string name, IReadOnlyList<string>? pictures = null)
    {
        pictures ??= Names;
        await page.GotoAsync("/photos");
        await page.GetByLabel("Name of a new folder").FillAsync(name);
        await page.GetByLabel("Photos, or drop them here").SetInputFilesAsync(pictures.Select(PictureFiles.Picture));
        await page.WaitForURLAsync("**/photos?folder=*");
        var folder = FolderId.Parse(page.Url.Split('=')[^1]);
        await Site.EventuallyAsync(async () =>
            await site.Get<IPhotos>().ListAsync(PersonId.Parse("anna"), new(folder), Cancel).CountAsync(static photo => photo.Previews == PreviewState.Ready, Cancel) == pictures.Count);
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
