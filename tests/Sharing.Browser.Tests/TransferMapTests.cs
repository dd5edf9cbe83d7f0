using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Sharing.Browser.Tests;

[Trait("Row", "D5")]
public sealed class TransferMapTests(Site site)
{
    [Fact]
    public async Task The_map_shows_who_gives_which_chunk_as_it_comes_and_why_with_the_keyboard_alone()
    {
        await using var terminal = await TransferSite.StartAsync();
        await terminal.HalfAsync();
        await using var visit = await TransferVisit.OpenAsync(site, terminal);
        var page = visit.Page;
        await page.GotoAsync("/transfers");
        await page.GetByRole(AriaRole.Link, new() { Name = "a film with <angles>" }).ClickAsync();
        var cells = page.Locator("[data-cells] .cell");
        Assert.Equal(TransferSite.Count, await cells.CountAsync());
        Assert.Equal(1, await page.Locator("[data-cells] .cell[tabindex='0']").CountAsync()); // one stop for the tab key

        await cells.First.FocusAsync();
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("Home");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("Chunk 1: ").WaitForAsync();
        Assert.Equal("1", await page.GetByLabel("Chunk", new() { Exact = true }).InputValueAsync());
        await page.GetByRole(AriaRole.Columnheader, new() { Name = "Price" }).WaitForAsync();

        await terminal.GoOnAsync();
        await page.GetByText("Complete, or stopped.").WaitForAsync();
        await page.GetByText("(100 %)").WaitForAsync();
        Assert.Equal(TransferSite.Count, await page.Locator("[data-cells] .cell.here").CountAsync());
        await page.GetByText("It delivered bytes that are not the content's.").WaitForAsync();
        Assert.Equal(1, await page.Locator(".pill.bad").CountAsync());
        visit.WasClean();
    }

    [Fact]
    public async Task Without_script_the_page_says_the_same_of_when_it_was_asked_for()
    {
        await using var terminal = await TransferSite.StartAsync();
        await terminal.HalfAsync();
        await using var visit = await TransferVisit.OpenAsync(site, terminal, script: false);
        await visit.Page.GotoAsync($"/transfers/{terminal.Manifest.Content}");
        await visit.Page.GetByLabel("Chunk 1:").ClickAsync();
        await visit.Page.GetByText("Chunk 1: ").WaitForAsync();
        await visit.Page.GetByLabel("Chunk", new() { Exact = true }).FillAsync("2");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await visit.Page.GetByText("Chunk 2: ").WaitForAsync();
        Assert.Equal(1, await visit.Page.Locator(".pill.bad").CountAsync());
        visit.WasClean();
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Letters_and_figures_stand_out_and_fit_in_both_colour_schemes(ColorScheme scheme, int width)
    {
        await using var terminal = await TransferSite.StartAsync();
        await terminal.HalfAsync();
        await using var visit = await TransferVisit.OpenAsync(site, terminal, scheme: scheme, width: width);
        await visit.Page.GotoAsync($"/transfers/{terminal.Manifest.Content}?chunk=1");
        await visit.Page.GetByText("Chunk 1: ").WaitForAsync();
        Assert.Empty(await visit.Page.EvaluateAsync<string[]>(LookTests.TooFaint));
        if (Environment.GetEnvironmentVariable("SHARING_SCREENSHOTS") is { Length: > 0 } folder)
        {
            await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"transfer-{scheme}-{width}.png"), FullPage = true });
        }

        visit.WasClean();
    }

    /// <summary>A browser at the terminal's pages; what goes wrong in it is written down.</summary>
    sealed class TransferVisit(IPage page) : IAsyncDisposable
    {
        readonly ConcurrentQueue<string> _faults = new();

        public IPage Page => page;

        public static async Task<TransferVisit> OpenAsync(Site site, TransferSite terminal, bool script = true, ColorScheme scheme = ColorScheme.Light, int width = 1280)
        {
            var visit = new TransferVisit(await site.OpenPageAsync(new()
            {
                BaseURL = terminal.Address.AbsoluteUri, JavaScriptEnabled = script, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce, ViewportSize = new() { Width = width, Height = 800 },
            }));
            visit.Page.Console += (_, message) =>
            {
                if (message.Type is "error" or "warning")
                {
                    visit._faults.Enqueue(message.Text);
                }
            };
            visit.Page.PageError += (_, error) => visit._faults.Enqueue(error);
            return visit;
        }

        public void WasClean() => Assert.Empty(_faults);

        public async ValueTask DisposeAsync() => await page.Context.DisposeAsync();
    }
}
