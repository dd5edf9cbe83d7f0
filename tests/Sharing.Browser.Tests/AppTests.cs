using Microsoft.Playwright;
using Sharing.Apps;
using Sharing.Trials.Apk;

namespace Sharing.Browser.Tests;

public sealed class AppTests(Site site)
{
    static readonly AppId Settings = AppId.Parse("io.appium.settings");

    [Fact, Trait("Row", "A6"), Trait("Row", "A9")]
    public async Task A_friends_app_is_got_in_the_build_that_fits_and_the_others_say_why_not()
    {
        var newest = await ShowAsync("ben");
        await using var anna = await Visit.OpenAsync(site, "anna");
        var page = anna.Page;
        await page.GotoAsync("/people");
        await page.GetByRole(AriaRole.Link, new() { Name = "Apps of Ben" }).ClickAsync();
        await page.GetByText("Say what you have").WaitForAsync();
        Assert.Equal(0, await page.GetByRole(AriaRole.Link, new() { Name = "Get" }).CountAsync());

        await page.GetByLabel("System").SelectOptionAsync("Android 10");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show what fits" }).ClickAsync();
        var fitting = page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Settings" }).First;
        var download = page.WaitForDownloadAsync();
        await fitting.GetByRole(AriaRole.Link, new() { Name = "Get" }).ClickAsync();
        Assert.Equal(await File.ReadAllBytesAsync(newest, TestContext.Current.CancellationToken), await File.ReadAllBytesAsync((await (await download).PathAsync())!, TestContext.Current.CancellationToken));
        await page.GetByText("Not to be had here for Android 10, arm64-v8a").WaitForAsync();

        await page.GetByLabel("System").SelectOptionAsync("Android 5.0");
        await page.GetByRole(AriaRole.Button, new() { Name = "Change" }).ClickAsync();
        await page.GetByText("Does not fit Android 5.0").WaitForAsync();
        await page.GetByText("Why not?").ClickAsync();
        await page.GetByText("min-sdk: needs API 26, the device has API 21").WaitForAsync();

        await page.GotoAsync($"/apps/{Settings}"); // where a message about an app leads
        await page.GetByText("Does not fit Android 5.0").WaitForAsync();
        anna.WasClean();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Apps_stand_out_and_fit_in_both_colour_schemes(ColorScheme scheme, int width)
    {
        await ShowAsync("ben");
        await site.Get<IAppLists>().PushAsync(PersonId.Parse("ben"), PersonId.Parse("anna"), TestContext.Current.CancellationToken);
        await using var anna = await Visit.OpenAsync(site, "anna", scheme: scheme, width: width);
        await anna.Page.GotoAsync("/apps/of/ben");
        await anna.Page.GetByLabel("System").SelectOptionAsync("Android 5.0");
        await anna.Page.GetByRole(AriaRole.Button, new() { Name = "Show what fits" }).ClickAsync();
        foreach (var path in new[] { "/apps", "/apps/of/ben" })
        {
            await anna.Page.GotoAsync(path);
            foreach (var summary in await anna.Page.Locator("summary").AllAsync())
            {
                await summary.ClickAsync();
            }

            Assert.Empty(await anna.Page.EvaluateAsync<string[]>(LookTests.TooFaint));
        }

        anna.WasClean();
    }

    [Fact, Trait("Row", "A3")]
    public async Task A_list_that_is_not_for_him_is_as_one_that_is_not_there()
    {
        await ShowAsync("ben");
        await using var carl = await Visit.OpenAsync(site, "carl");
        carl.Expected.Add(404);
        await carl.Page.GotoAsync("/apps/of/ben");
        var hidden = await carl.Page.ContentAsync();
        await carl.Page.GotoAsync("/apps/of/nobody");
        Assert.Equal(hidden, await carl.Page.ContentAsync());
        carl.WasClean();
    }

    /// <summary>Lets somebody show friends an app that the server has, and one that it has not.</summary>
    /// <returns>The file of the newest.</returns>
    async Task<string> ShowAsync(string person)
    {
        var newest = PackageFiles.Real.Single(static path => Path.GetFileName(path) == "settings-8.0.10.apk");
        await using var apk = File.OpenRead(newest);
        await site.Get<AppShelf>().AddAsync(apk, TestContext.Current.CancellationToken);
        var sharing = new AppSharing { Apps = [new() { App = Settings, Name = "Settings", Version = "8.0.10" }, new() { App = AppId.Parse("org.example.with.a.name.that.is.much.too.long.for.narrow.windows") }] };
        await site.Get<IAppLists>().SaveAsync(PersonId.Parse(person), sharing, TestContext.Current.CancellationToken);
        return newest;
    }
}
