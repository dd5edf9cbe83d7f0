using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Sharing.Browser.Tests;

/// <summary>Somebody's browser: everything that goes wrong in it, and every request that leaves the host, is written down.</summary>
public sealed class Visit : IAsyncDisposable
{
    readonly ConcurrentQueue<string> _faults = new();
    readonly Site _site;

    Visit(Site site, IPage page) => (_site, Page) = (site, page);

    public IPage Page { get; }

    /// <summary>Statuses of pages that are meant to be refused: Chromium reports each as a console error.</summary>
    public List<int> Expected { get; } = [];

    /// <summary>Opens a browser, signed in through the form as a person, or not at all.</summary>
    public static async Task<Visit> OpenAsync(
        Site site, string? person, bool script = true, ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        var page = await site.OpenPageAsync(new()
        {
            BaseURL = site.Address.AbsoluteUri,
            JavaScriptEnabled = script,
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = width, Height = 800 },
        });
        var visit = new Visit(site, page);
        visit.Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                visit._faults.Enqueue(message.Text);
            }
        };
        visit.Page.PageError += (_, error) => visit._faults.Enqueue(error);
        page.Context.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(site.Address.AbsoluteUri, StringComparison.Ordinal)
                && !request.Url.StartsWith("blob:" + site.Address.AbsoluteUri, StringComparison.Ordinal))
            {
                visit._faults.Enqueue("A request left the host: " + request.Url);
            }
        };
        if (person is not null)
        {
            await visit.Page.GotoAsync("/sign-in");
            await visit.SignInAsync(person);
        }

        return visit;
    }

    /// <summary>Fills in the form for signing in, which is open.</summary>
    public async Task SignInAsync(string person)
    {
        await Page.GetByLabel("Your token").FillAsync(_site.TokenOf(person));
        await Page.Locator("main").GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).WaitForAsync();
    }

    /// <summary>A post's card on the page that is open.</summary>
    public ILocator Card(string name) => Page.GetByRole(AriaRole.Article).Filter(new() { HasText = name });

    /// <summary>A picture of the page for people to look at, wide and narrow, light and dark, into the folder SHARING_SCREENSHOTS; without one, nothing.</summary>
    public async Task ShotAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("SHARING_SCREENSHOTS") is not { Length: > 0 } folder)
        {
            return;
        }

        foreach (var (scheme, width) in ((ColorScheme, int)[])[(ColorScheme.Dark, 360), (ColorScheme.Light, 1280)])
        {
            await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await Page.SetViewportSizeAsync(width, 800);
            await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{scheme}-{width}.png"), FullPage = true });
        }
    }

    /// <summary>Nothing went wrong in this browser: no console errors, no violation of the policy, no request to another host.</summary>
    public void WasClean() => Assert.DoesNotContain(
        _faults, fault => !Expected.Any(status => fault.Contains($"with a status of {status}", StringComparison.Ordinal)));

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
