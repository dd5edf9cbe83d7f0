using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Sharing.Offline;

namespace Sharing.Browser.Tests;

public sealed class LedgerTests(Site site)
{
    [Fact, Trait("Row", "R3")]
    public async Task An_owner_connects_a_network_sees_that_it_wants_a_new_login_and_sends_again()
    {
        var blog = new Blog();
        await using var app = await Product.StartAsync(sharing => sharing.AddOffline().AddPages().AddPublisher(_ => blog));
        var page = await site.OpenPageAsync();
        await using var context = page.Context;
        await page.GotoAsync(app.Urls.First() + "/base/share/me");

        await page.GetByLabel("Access token of blog").FillAsync("old");
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect" }).ClickAsync();
        await page.GetByText("Connected. Your posts go there").WaitForAsync();
        await app.Services.GetRequiredService<IPosts>().ShareAsync(
            PersonId.Parse("anna"),
            new() { Resource = new() { Address = new Uri("http://127.0.0.1:9/notes.md"), Name = "notes.md" }, Audience = Audience.Everyone },
            TestContext.Current.CancellationToken);
        var line = page.Locator(".ledger li").Filter(new() { HasText = "blog" });
        await ReloadUntilAsync(page, line, "Sign in again");
        Assert.Contains("The token has run out.", await line.InnerTextAsync(), StringComparison.Ordinal);

        await line.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await page.GetByText("It is being sent again.").WaitForAsync();
        await ReloadUntilAsync(page, line, "Sign in again");
        Assert.Equal(2, blog.Calls);

        await page.GetByText("Use another token").ClickAsync();
        await page.GetByLabel("Access token of blog").FillAsync("new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect", Exact = true }).ClickAsync();
        await ReloadUntilAsync(page, line, "Published");
        await page.GetByRole(AriaRole.Button, new() { Name = "Disconnect" }).ClickAsync();
        await page.GetByText("Not connected").WaitForAsync();
    }

    static Task ReloadUntilAsync(IPage page, ILocator line, string state) => Site.EventuallyAsync(async () =>
    {
        await page.GotoAsync(page.Url.Split('?')[0]);
        return (await line.InnerTextAsync()).Contains(state, StringComparison.Ordinal);
    });

    sealed class Blog : ISocialPublisher
    {
        public int Calls { get; private set; }

        public PublisherTraits Traits { get; } = new() { Network = "blog", Retry = RetrySafety.ClientChosenId, Audiences = [AudienceKind.Everyone] };

        public Task<PublishOutcome> PublishAsync(Post post, Account account, CancellationToken cancellationToken)
        {
            Calls++;
            return Task.FromResult(account.Token == "new" ? PublishOutcome.Sent(post.Key) : PublishOutcome.NeedsLogin("The token has run out."));
        }
    }
}
