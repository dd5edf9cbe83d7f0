using Microsoft.Playwright;
using Sharing.Messaging;

namespace Sharing.Browser.Tests;

public sealed class LookTests(Site site)
{
    /// <summary>Every piece of visible text and its contrast with what is behind it (WCAG 2.2: 4.5, large text 3), where that is too low.</summary>
    internal const string TooFaint = """
        () => {
          const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
          const rgba = (colour) => {
            context.clearRect(0, 0, 1, 1);
            context.fillStyle = colour;
            context.fillRect(0, 0, 1, 1);
            return [...context.getImageData(0, 0, 1, 1).data];
          };
          const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
            .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const behind = (element) => {
            for (let at = element; at; at = at.parentElement) {
              const colour = rgba(getComputedStyle(at).backgroundColor);
              if (colour[3] === 255) return colour;
            }
            return [255, 255, 255, 255];
          };
          const found = [];
          let seen = 0;
          for (const element of document.querySelectorAll("body *")) {
            const text = [...element.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join("");
            if (!text || !element.checkVisibility() || element.closest(".hidden, .skip, option")) continue;
            seen++;
            const style = getComputedStyle(element);
            const [a, b] = [light(rgba(style.color)), light(behind(element))].sort((x, y) => y - x);
            const ratio = (a + 0.05) / (b + 0.05);
            const size = parseFloat(style.fontSize);
            const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
            if (ratio < (large ? 3 : 4.5)) found.push(`${text}: ${ratio.toFixed(2)}`);
          }
          if (seen < 4) found.push(`only ${seen} texts were looked at`);
          if (document.documentElement.scrollWidth > innerWidth) found.push("wider than the window");
          return found;
        }
        """;

    [Theory] // colours do not depend on the width, nor does the width on colours
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Text_stands_out_and_fits_in_both_colour_schemes(ColorScheme scheme, int width)
    {
        var name = $"a-file-with-a-name-that-is-much-too-long-for-narrow-windows-{scheme}-{width}.tar.gz";
        site.Origin.Add(name, 5_000);
        var post = await site.ShareAsync("anna", name, Audience.Friends, "Some words about it");
        await using var anna = await Visit.OpenAsync(site, "anna", scheme: scheme, width: width);
        anna.Expected.AddRange([400, 404]);
        var message = await site.SendAsync("ben", "anna", name, "<b>words</b>"u8.ToArray(), "text/plain", "Some words about it");
        await site.Get<CatalogBook>().AddAsync(new() { Key = name, Title = name, Kind = "book", Tags = ["long"] }, new MemoryStream("words"u8.ToArray()), TestContext.Current.CancellationToken);

        foreach (var path in new[] { "/", $"/posts/{post.Id}?done=commented", "/me?done=withdrawn", "/me/data", "/people", "/sign-in", "/d/0", "/inbox?done=sent", $"/inbox/{message.Id}", "/catalog" })
        {
            await anna.Page.GotoAsync(path);
            foreach (var summary in await anna.Page.Locator("summary").AllAsync())
            {
                await summary.ClickAsync();
            }

            Assert.Empty(await anna.Page.EvaluateAsync<string[]>(TooFaint));
        }

        await anna.Page.GotoAsync("/people");
        await anna.Page.GetByLabel("The person's id").FillAsync("anna");
        await anna.Page.GetByRole(AriaRole.Button, new() { Name = "Ask to be friends" }).ClickAsync();
        await anna.Page.GetByRole(AriaRole.Alert).WaitForAsync();
        Assert.Empty(await anna.Page.EvaluateAsync<string[]>(TooFaint));
        Assert.Equal("en", await anna.Page.Locator("html").GetAttributeAsync("lang"));
        anna.WasClean();
    }

    [Fact, Trait("Row", "R4")]
    public async Task Everything_is_done_with_the_keyboard_alone()
    {
        site.Origin.Add("keys.txt", 5_000);
        await site.ShareAsync("anna", "keys.txt", Audience.Friends);
        await using var ben = await Visit.OpenAsync(site, null);

        await ben.Page.GotoAsync("/sign-in"); // the field has the focus
        await ben.Page.Keyboard.TypeAsync(site.TokenOf("ben"));
        await ben.Page.Keyboard.PressAsync("Enter");
        await ben.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();

        await ben.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the content", await FocusedAsync(ben.Page));
        Assert.True(await ben.Page.Locator(".skip").EvaluateAsync<bool>("link => link.getBoundingClientRect().top >= 0"));
        await ben.Page.Keyboard.PressAsync("Enter");
        var card = ben.Card("keys.txt");
        await TabToAsync(ben.Page, card.GetByRole(AriaRole.Link, new() { Name = "Comment" }));
        Assert.Equal("solid", await ben.Page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        await ben.Page.Keyboard.PressAsync("Enter");
        await TabToAsync(ben.Page, ben.Page.GetByLabel("Your comment"));
        await ben.Page.Keyboard.TypeAsync("Without a mouse");
        await ben.Page.Keyboard.PressAsync("Tab");
        await ben.Page.Keyboard.PressAsync("Enter");
        await ben.Page.Locator(".comments").GetByText("Without a mouse").WaitForAsync();
        await TabToAsync(ben.Page, ben.Page.GetByRole(AriaRole.Button, new() { Name = "Reshare" }));
        await ben.Page.Keyboard.PressAsync("Enter");
        await ben.Page.GetByText("Reshared.").WaitForAsync();
        ben.WasClean();
    }

    static Task<string> FocusedAsync(IPage page) => page.EvaluateAsync<string>("document.activeElement.innerText.trim()");

    static async Task TabToAsync(IPage page, ILocator wanted)
    {
        await wanted.WaitForAsync();
        for (var presses = 0; presses < 60; presses++)
        {
            if (await wanted.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"The keyboard does not get to {wanted}.");
    }
}
