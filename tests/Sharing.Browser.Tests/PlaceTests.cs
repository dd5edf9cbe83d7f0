namespace Sharing.Browser.Tests;

/// <summary>The pages in somebody else's product: below a path base, under a prefix, with the product's name and stylesheet.</summary>
public sealed class PlaceTests(Site site)
{
    [Fact]
    public async Task Pages_respect_path_base_prefix_name_and_stylesheet_of_the_product()
    {
        await using var app = await Product.StartAsync(sharing => sharing.AddOffline().AddPages(pages =>
            (pages.ProductName, pages.Stylesheet, pages.SignInPath, pages.SignOutPath) = ("Acme & Sons", "/acme.css", "/account/in", null)));
        var address = app.Urls.First() + "/base/";
        var page = await site.OpenPageAsync();
        await using var context = page.Context;
        var faults = new List<string>();
        page.Response += (_, answer) =>
        {
            if (answer.Status >= 400 || !answer.Url.StartsWith(address, StringComparison.Ordinal))
            {
                faults.Add($"{answer.Status} {answer.Url}");
            }
        };
        page.Console += (_, message) => faults.Add(message.Text);

        foreach (var path in new[] { "share/", "share/me", "share/people" })
        {
            await page.GotoAsync(address + path);
            Assert.Contains("Acme & Sons", await page.TitleAsync(), StringComparison.Ordinal);
            Assert.Equal("rgb(1, 2, 3)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
            Assert.All(
                await page.EvaluateAsync<string[]>("""[...document.querySelectorAll('a[href^="/"], form')].map(e => e.getAttribute('href') ?? e.getAttribute('action'))"""),
                link => Assert.StartsWith("/base/share/", link, StringComparison.Ordinal));
        }

        Assert.Empty(faults);
    }

    [Fact]
    public async Task A_host_without_a_role_has_no_pages_of_it()
    {
        await using var app = await Product.StartAsync(sharing => sharing.AddSocialNetwork().AddPages());
        var page = await site.OpenPageAsync();
        await using var context = page.Context;

        await page.GotoAsync(app.Urls.First() + "/base/share/people");
        Assert.Equal(["Feed", "People"], await page.Locator("nav a").AllInnerTextsAsync());
        Assert.Equal(404, (await page.APIRequest.GetAsync(app.Urls.First() + "/base/share/me")).Status);
    }

    [Fact]
    public async Task Pages_that_were_not_added_cannot_be_mapped_and_the_message_says_what_to_call()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await using var app = await Product.StartAsync(sharing => sharing.AddOffline());
        });
        Assert.Contains("AddPages", fault.Message, StringComparison.Ordinal);
    }
}
