using Microsoft.Playwright;
using Sharing.Offline;

namespace Sharing.Browser.Tests;

public sealed class FeedTests(Site site)
{
    [Fact, Trait("Row", "R4")]
    public async Task A_friend_sees_the_post_comments_on_it_and_reshares_it()
    {
        site.Origin.Add("film.mp4", 20_000);
        await site.ShareAsync("anna", "film.mp4", Audience.Friends, "Look <img src=x onerror=alert(1)> here", 20_000);
        await using var ben = await Visit.OpenAsync(site, "ben");

        var card = ben.Card("film.mp4");
        Assert.Equal("Anna", await card.Locator(".author").InnerTextAsync());
        Assert.Equal("Look <img src=x onerror=alert(1)> here", await card.Locator(".text").InnerTextAsync());
        Assert.Contains("20 kB · Video · from 127.0.0.1:", await card.Locator(".resource").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Contains("Friends", await card.Locator(".badge").InnerTextAsync(), StringComparison.Ordinal);

        await card.GetByRole(AriaRole.Link, new() { Name = "Comment" }).ClickAsync();
        await ben.Page.GetByLabel("Your comment").FillAsync("Good & <b>short</b>");
        await ben.Page.GetByRole(AriaRole.Button, new() { Name = "Send comment" }).ClickAsync();
        Assert.Equal("Good & <b>short</b>", await ben.Page.Locator(".comments .text").InnerTextAsync());

        await ben.Card("film.mp4").GetByRole(AriaRole.Button, new() { Name = "Reshare" }).ClickAsync();
        await ben.Page.GetByText("Reshared. The people who read you").WaitForAsync();
        await ben.Page.GetByRole(AriaRole.Link, new() { Name = "Feed" }).ClickAsync();
        Assert.Equal(2, await ben.Card("film.mp4").CountAsync());
        var reshare = ben.Card("film.mp4").First;
        Assert.Contains("Reshared by Ben", await reshare.InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal("Anna", await reshare.Locator(".author").InnerTextAsync());
        ben.WasClean();
    }

    [Fact, Trait("Row", "R4")]
    public async Task A_stranger_meets_a_friends_only_post_nowhere()
    {
        site.Origin.Add("secret.pdf", 5_000);
        var post = await site.ShareAsync("anna", "secret.pdf", Audience.Friends);
        await using var carl = await Visit.OpenAsync(site, "carl");
        carl.Expected.Add(404);

        await carl.Page.GotoAsync("/");
        Assert.Equal(0, await carl.Card("secret.pdf").CountAsync());
        var unknown = PostId.New();
        foreach (var path in new[] { "/posts/", "/d/" })
        {
            var hidden = await carl.Page.GotoAsync(path + post.Id);
            var hiddenText = await hidden!.TextAsync();
            var missing = await carl.Page.GotoAsync(path + unknown);
            Assert.Equal(404, hidden.Status);
            Assert.Equal(404, missing!.Status);
            Assert.Equal(await missing.TextAsync(), hiddenText);
            Assert.Equal("There is nothing here", await carl.Page.Locator("h1").InnerTextAsync());
        }

        carl.WasClean();
    }

    [Fact, Trait("Row", "R4")]
    public async Task A_visitor_signs_in_on_the_way_to_a_friends_only_post_and_arrives()
    {
        site.Origin.Add("invited.txt", 5_000);
        var post = await site.ShareAsync("anna", "invited.txt", Audience.Friends);
        await using var visitor = await Visit.OpenAsync(site, null);
        visitor.Expected.Add(401);

        Assert.Equal(401, (await visitor.Page.GotoAsync($"/d/{post.Id}"))!.Status);
        Assert.Equal("Please sign in", await visitor.Page.Locator("h1").InnerTextAsync());

        await visitor.Page.GotoAsync($"/posts/{post.Id}");
        await visitor.SignInAsync("ben");
        Assert.EndsWith($"/posts/{post.Id}", visitor.Page.Url, StringComparison.Ordinal);
        Assert.Equal(1, await visitor.Card("invited.txt").CountAsync());
        visitor.WasClean();
    }

    [Fact, Trait("Row", "R4")]
    public async Task A_post_for_everyone_is_read_without_signing_in()
    {
        site.Origin.Add("open.epub", 5_000);
        var post = await site.ShareAsync("anna", "open.epub", Audience.Everyone);
        await using var visitor = await Visit.OpenAsync(site, null, width: 360);

        await visitor.Page.GotoAsync($"/posts/{post.Id}");
        Assert.Equal(1, await visitor.Card("open.epub").CountAsync());
        await visitor.Page.GetByRole(AriaRole.Link, new() { Name = "Sign in to comment" }).WaitForAsync();
        await visitor.Page.GotoAsync("/");
        Assert.Equal("Welcome to Sharing", await visitor.Page.Locator("h1").InnerTextAsync());
        visitor.WasClean();
    }

    [Fact, Trait("Row", "R4")]
    public async Task A_form_that_is_sent_twice_makes_one_comment()
    {
        site.Origin.Add("twice.txt", 5_000);
        var post = await site.ShareAsync("anna", "twice.txt", Audience.Friends);
        await using var ben = await Visit.OpenAsync(site, "ben", script: false);

        await ben.Page.GotoAsync($"/posts/{post.Id}");
        await ben.Page.GetByLabel("Your comment").FillAsync("Once");
        await ben.Page.GetByRole(AriaRole.Button, new() { Name = "Send comment" }).DblClickAsync();
        await ben.Page.GetByText("Your comment is there.").WaitForAsync();
        await ben.Page.GotoAsync($"/posts/{post.Id}");
        Assert.Equal(["Once"], await ben.Page.Locator(".comments .text").AllInnerTextsAsync());
        ben.WasClean();
    }

    [Fact]
    public async Task A_form_without_its_token_changes_nothing()
    {
        site.Origin.Add("forged.txt", 5_000);
        var post = await site.ShareAsync("anna", "forged.txt", Audience.Friends);
        await using var ben = await Visit.OpenAsync(site, "ben");

        var form = ben.Page.Context.APIRequest.CreateFormData();
        form.Set("text", "Forged");
        form.Set("key", "k");
        var answer = await ben.Page.Context.APIRequest.PostAsync($"/posts/{post.Id}/comments", new() { Form = form });
        Assert.Equal(400, answer.Status);
        await ben.Page.GotoAsync($"/posts/{post.Id}");
        Assert.Equal(0, await ben.Page.Locator(".comments").CountAsync());
    }

    [Fact, Trait("Row", "R4")]
    public async Task People_follow_and_befriend_by_id_and_are_told_what_is_wrong()
    {
        await using var carl = await Visit.OpenAsync(site, "carl");
        carl.Expected.Add(400);

        await carl.Page.GetByRole(AriaRole.Link, new() { Name = "People", Exact = true }).ClickAsync();
        await carl.Page.GetByLabel("The person's id").FillAsync("carl");
        await carl.Page.GetByRole(AriaRole.Button, new() { Name = "Follow", Exact = true }).ClickAsync();
        await carl.Page.GetByRole(AriaRole.Alert).GetByText("That is your own id.").WaitForAsync();
        await carl.Page.GetByLabel("The person's id").FillAsync("newcomer");
        await carl.Page.GetByRole(AriaRole.Button, new() { Name = "Follow", Exact = true }).ClickAsync();
        await carl.Page.GetByText("You follow this person now.").WaitForAsync();
        await carl.Page.GetByRole(AriaRole.Button, new() { Name = "Unfollow newcomer" }).ClickAsync();
        await carl.Page.GetByText("You follow nobody yet.").WaitForAsync();
        carl.WasClean();
    }

    [Fact, Trait("Row", "R3")]
    public async Task An_owner_sees_where_a_post_stands_and_withdraws_it()
    {
        site.Origin.Add("regret.zip", 5_000);
        var post = await site.ShareAsync("anna", "regret.zip", Audience.Friends);
        await using var anna = await Visit.OpenAsync(site, "anna", script: false);
        anna.Expected.Add(404);

        await anna.Page.GetByRole(AriaRole.Link, new() { Name = "My posts" }).ClickAsync();
        var card = anna.Card("regret.zip");
        Assert.Contains("Published", await card.Locator(".ledger").InnerTextAsync(), StringComparison.Ordinal);
        await card.Locator("summary").ClickAsync();
        await card.GetByRole(AriaRole.Button, new() { Name = "Withdraw it" }).ClickAsync();
        await anna.Page.GetByText("Withdrawn.").WaitForAsync();
        Assert.Equal(0, await anna.Card("regret.zip").CountAsync());
        Assert.Equal(404, (await anna.Page.GotoAsync($"/d/{post.Id}"))!.Status);
        anna.WasClean();
    }
}
