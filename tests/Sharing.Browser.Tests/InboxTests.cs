using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using Sharing.Messaging;

namespace Sharing.Browser.Tests;

public sealed class InboxTests(Site site)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact, Trait("Row", "M4"), Trait("Row", "M5"), Trait("Row", "M6")]
    public async Task A_file_is_sent_it_appears_where_the_inbox_is_open_is_shown_and_sent_on()
    {
        await using var anna = await Visit.OpenAsync(site, "anna");
        await using var ben = await Visit.OpenAsync(site, "ben");
        await ben.Page.GotoAsync("/inbox");
        await anna.Page.GotoAsync("/inbox");
        await anna.Page.Locator("#sending").GetByLabel("Ben").CheckAsync();
        await anna.Page.GetByLabel("A file").SetInputFilesAsync(new FilePayload { Name = "plan.txt", MimeType = "text/plain", Buffer = "We meet <b>at nine</b>."u8.ToArray() });
        await anna.Page.GetByLabel("What you say of it").FillAsync("Read this");
        await anna.Page.GetByRole(AriaRole.Button, new() { Name = "Send", Exact = true }).ClickAsync();
        await anna.Page.GetByText("Sent. It is in the inboxes").WaitForAsync();

        await ben.Page.GetByRole(AriaRole.Link, new() { Name = "plan.txt" }).First.ClickAsync(); // it came by itself: the page was never loaded again
        await ben.Page.GetByText("Read this").WaitForAsync();
        var bens = new Uri(ben.Page.Url).AbsolutePath;
        await ben.Page.FrameLocator("iframe.shown").GetByText("We meet <b>at nine</b>.").WaitForAsync();
        var download = await ben.Page.RunAndWaitForDownloadAsync(() => ben.Page.GetByRole(AriaRole.Link, new() { Name = "Download plan.txt" }).ClickAsync());
        Assert.Equal("plan.txt", download.SuggestedFilename);
        Assert.Equal("We meet <b>at nine</b>.", await File.ReadAllTextAsync(await download.PathAsync(), Cancel));

        await ben.ShotAsync("message");
        await ben.Page.GetByText("Send on").First.ClickAsync();
        await ben.Page.GetByLabel("Others (network ids)").FillAsync("carl, nobody-of-that-name");
        await ben.Page.GetByRole(AriaRole.Button, new() { Name = "Send on" }).ClickAsync();
        await ben.Page.GetByText("Sent, but not to everybody").WaitForAsync();
        await using var carl = await Visit.OpenAsync(site, "carl");
        await carl.Page.GotoAsync("/inbox");
        await carl.Page.GetByText("New", new() { Exact = true }).First.WaitForAsync();
        await carl.ShotAsync("inbox");
        await carl.Page.GetByRole(AriaRole.Link, new() { Name = "plan.txt" }).First.ClickAsync();
        await carl.Page.GetByText("sent on").First.WaitForAsync();
        await carl.Page.GotoAsync("/inbox");
        Assert.Equal(0, await carl.Page.GetByText("New", new() { Exact = true }).CountAsync());
        carl.Expected.Add(404);
        await carl.Page.GotoAsync(bens);
        await carl.Page.GetByText("There is nothing here").WaitForAsync(); // he has the one that was sent on, and not Anna's
        anna.WasClean();
        ben.WasClean();
        carl.WasClean();
    }

    /// <summary>Pages and pictures with scripts in them, whatever they are said to be: shown in the frame and opened by themselves, they run nothing and ask nobody for anything.</summary>
    [Theory, Trait("Row", "M6"), Trait("Row", "M8")]
    [InlineData("page.html", "text/html", "<!doctype html><h1>Hello</h1><script>document.title='ran';fetch('/pwned')</script><img src=/pwned onerror=\"fetch('/pwned')\"><iframe src='javascript:parent.fetch(\"/pwned\")'></iframe>")]
    [InlineData("photo.png", "image/png", "<svg xmlns='http://www.w3.org/2000/svg' onload=\"fetch('/pwned')\"><script>document.title='ran';fetch('/pwned')</script><text y='20'>Hello</text></svg>")]
    [InlineData("notes.txt", "text/plain", "<html><meta http-equiv=refresh content='0;url=/pwned'><link rel=stylesheet href=/pwned><form action=/pwned><button>Hello</button></form><script>location='/pwned'</script>")]
    public async Task What_could_run_in_a_browser_runs_nowhere(string name, string said, string bytes)
    {
        var sent = await site.SendAsync("anna", "ben", name, Encoding.UTF8.GetBytes(bytes), said);
        await using var ben = await Visit.OpenAsync(site, "ben");
        var asked = new List<string>(); // what got through: what the policy stops is a request for the browser, too
        ben.Page.Context.Response += (_, response) => asked.Add(response.Url);
        await ben.Page.GotoAsync($"/inbox/{sent.Id}");
        await ben.Page.FrameLocator("iframe.shown").GetByText("Hello").WaitForAsync();
        Assert.Equal("null", await ben.Page.Frames[1].EvaluateAsync<string>("self.origin"));
        var answer = await ben.Page.GotoAsync($"/inbox/{sent.Id}/view", new() { WaitUntil = WaitUntilState.NetworkIdle });
        Assert.Equal("null", await ben.Page.EvaluateAsync<string>("self.origin"));
        Assert.NotEqual("ran", await ben.Page.TitleAsync());
        Assert.StartsWith("sandbox;", answer!.Headers["content-security-policy"], StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers["x-content-type-options"]);
        Assert.Contains(asked, static url => url.EndsWith("/view", StringComparison.Ordinal));
        Assert.DoesNotContain(asked, static url => url.EndsWith("/pwned", StringComparison.Ordinal));
    }

    /// <summary>A page elsewhere: nothing is asked of it before the reader says so, and then without scripts and without a referrer.</summary>
    [Fact, Trait("Row", "M8")]
    public async Task A_web_page_is_shown_in_a_frame_when_the_reader_wants_that()
    {
        site.Origin.Add("news.html", 2_000);
        var address = new Uri(site.Origin.Address, "news.html");
        var sent = await site.Get<IMessages>().SendAsync(PersonId.Parse("anna"), new() { To = ["ben"], Resource = new() { Name = "News", Addresses = [address] } }, null, Cancel);
        await using var ben = await Visit.OpenAsync(site, "ben");
        var asked = new List<IRequest>();
        ben.Page.Context.Request += (_, request) => asked.Add(request);
        await ben.Page.GotoAsync($"/inbox/{sent.Id}");
        await ben.Page.GetByText(address.AbsoluteUri).First.WaitForAsync();
        Assert.DoesNotContain(asked, request => request.Url == address.AbsoluteUri);
        ben.WasClean();
        await ben.Page.GetByRole(AriaRole.Link, new() { Name = "Show it here" }).ClickAsync();
        await ben.Page.Locator("iframe.shown").WaitForAsync();
        await ben.ShotAsync("web");
        await Site.EventuallyAsync(() => Task.FromResult(asked.Any(request => request.Url == address.AbsoluteUri)));
        Assert.False((await asked.First(request => request.Url == address.AbsoluteUri).AllHeadersAsync()).ContainsKey("referer"));
        Assert.Equal("", await ben.Page.Locator("iframe.shown").GetAttributeAsync("sandbox"));
    }

    /// <summary>A browser's own EventSource, which nobody of us wrote: in order, once, and after a break from where it was.</summary>
    [Fact, Trait("Row", "M9")]
    public async Task An_EventSource_gets_everything_in_order_and_goes_on_after_a_break()
    {
        await using var carl = await Visit.OpenAsync(site, "carl");
        await carl.Page.GotoAsync("/people");
        Task SendAsync(int number) => site.Get<IMessages>().SendAsync(PersonId.Parse("anna"), new() { To = ["carl"], Text = $"{number}", Resource = new() { Name = "n", Addresses = [new("https://example.org/n")] } }, null, Cancel);
        var last = (await site.Get<IInbox>().ReadAsync(PersonId.Parse("carl"), new() { Before = long.MaxValue }, Cancel)).Next;
        for (var at = 1; at <= 3; at++)
        {
            await SendAsync(at);
        }

        await carl.Page.EvaluateAsync($$"""
            () => {
              window.got = [];
              window.events = new EventSource("/v1/inbox/events?after={{last}}");
              events.addEventListener("message", event => got.push([Number(event.lastEventId), JSON.parse(event.data).text]));
            }
            """);
        async Task<JsonElement[]> GotAsync() => [.. (await carl.Page.EvaluateAsync<JsonElement>("() => got")).EnumerateArray()];
        await Site.EventuallyAsync(async () => (await GotAsync()).Length == 3);
        for (var at = 4; at <= 6; at++)
        {
            await SendAsync(at);
        }

        await Site.EventuallyAsync(async () => (await GotAsync()).Length == 6);
        await carl.Page.EvaluateAsync("() => { const last = got.at(-1)[0]; events.close(); window.events = new EventSource(`/v1/inbox/events?after=${last}`); events.addEventListener('message', event => got.push([Number(event.lastEventId), JSON.parse(event.data).text])); }");
        await SendAsync(7);
        await Site.EventuallyAsync(async () => (await GotAsync()).Length == 7);
        Assert.Equal(Enumerable.Range(1, 7).Select(at => $"[{last + at},\"{at}\"]"), (await GotAsync()).Select(static one => one.GetRawText().Replace(" ", "", StringComparison.Ordinal)));
        carl.WasClean();
    }

    [Fact, Trait("Row", "M1")]
    public async Task What_is_asked_for_in_the_catalogue_is_in_the_inbox_and_opens()
    {
        await site.Get<CatalogBook>().AddAsync(new() { Key = "sunrise", Title = "Sunrise", Kind = "picture", Tags = ["morning"], FileName = "sunrise.gif" }, new MemoryStream(Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")), Cancel);
        await using var anna = await Visit.OpenAsync(site, "anna");
        await anna.Page.GotoAsync("/catalog");
        await anna.Page.GetByLabel("Words in the title or the tags").FillAsync("morning");
        await anna.Page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await anna.ShotAsync("catalog");
        await anna.Page.GetByRole(AriaRole.Button, new() { Name = "Get it Sunrise" }).ClickAsync();
        await anna.Page.GetByText("you asked for it").WaitForAsync();
        Assert.Equal(1, await anna.Page.Locator("img.shown").EvaluateAsync<int>("picture => picture.decode().then(() => picture.naturalWidth)"));
        anna.WasClean();
    }
}
