using Microsoft.Playwright;

namespace Sharing.Browser.Tests;

public sealed class PeopleTests(Site site)
{
    [Fact, Trait("Row", "R4")]
    public async Task Somebody_asks_to_be_a_friend_and_is_declined()
    {
        await using var carl = await Visit.OpenAsync(site, "carl");
        await carl.Page.GotoAsync("/people");
        await carl.Page.GetByLabel("The person's id").FillAsync("ben");
        await carl.Page.GetByRole(AriaRole.Button, new() { Name = "Ask to be friends" }).ClickAsync();
        await carl.Page.GetByRole(AriaRole.Status).WaitForAsync();

        await using var ben = await Visit.OpenAsync(site, "ben");
        await ben.Page.GotoAsync("/people");
        await ben.Page.GetByRole(AriaRole.Button, new() { Name = "Decline Carl" }).ClickAsync();
        await ben.Page.GetByText("You declined the request.").WaitForAsync();
        Assert.Equal(0, await ben.Page.GetByRole(AriaRole.Button, new() { Name = "Accept Carl" }).CountAsync());
        carl.WasClean();
        ben.WasClean();
    }
}
