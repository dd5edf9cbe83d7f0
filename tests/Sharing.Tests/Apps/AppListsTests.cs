using Sharing.Apps;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Tests.Hosting;

namespace Sharing.Tests.Apps;

/// <summary>Once in the process, once over HTTP with the relationships at another host.</summary>
public abstract class AppListsTests : IAsyncLifetime
{
    protected static readonly PersonId Anna = PersonId.Parse("anna"), Ben = PersonId.Parse("ben/x"), Carl = PersonId.Parse("carl");

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected IAppLists Lists { get; set; } = null!;

    protected IRelationships Relationships { get; set; } = null!;

    protected IFriendGroups Groups { get; set; } = null!;

    public abstract ValueTask InitializeAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    static SharedApp App(string id, Audience? audience = null) => new() { App = AppId.Parse(id), Name = id, VersionCode = 3, Version = "1.2", Audience = audience ?? Audience.Friends };

    async Task BefriendAsync(PersonId one, PersonId other)
    {
        await Relationships.BefriendAsync(one, other, true, Cancel);
        await Relationships.BefriendAsync(other, one, true, Cancel);
    }

    static string[] Ids(AppListAnswer answer) => [.. answer.Apps.Select(static app => app.App.Value)];

    [Fact]
    [Trait("Row", "A3")]
    public async Task Nothing_is_shown_unless_it_was_said()
    {
        await BefriendAsync(Anna, Ben);
        Assert.Empty((await Lists.OwnAsync(Anna, Cancel)).Apps);
        Assert.Equal(AppListRefusal.NothingShared, (await Lists.OfAsync(Ben, Anna, Cancel)).Refusal);
        Assert.Equal(AppListRefusal.NotAvailable, (await Lists.OfAsync(Carl, Anna, Cancel)).Refusal);
        Assert.Equal(AppListRefusal.NotAvailable, (await Lists.OfAsync(null, Anna, Cancel)).Refusal);
    }

    [Fact]
    [Trait("Row", "A3")]
    public async Task A_group_of_friends_sees_what_is_for_it_while_they_are_in_it_and_friends()
    {
        await BefriendAsync(Anna, Ben);
        await Groups.SaveAsync(Anna, new("family", [Ben, Carl]), Cancel); // Carl is in it, and no friend
        await Lists.SaveAsync(Anna, new() { Apps = [App("org.family", Audience.OfGroups("family", "work"))] }, Cancel);
        Assert.Equal(["org.family"], Ids(await Lists.OfAsync(Ben, Anna, Cancel)));
        Assert.Equal(AppListRefusal.NotAvailable, (await Lists.OfAsync(Carl, Anna, Cancel)).Refusal);
        await Groups.SaveAsync(Anna, new("family", [Carl]), Cancel);
        Assert.Equal(AppListRefusal.NothingShared, (await Lists.OfAsync(Ben, Anna, Cancel)).Refusal);
    }

    [Fact]
    [Trait("Row", "A3")]
    [Trait("Row", "A4")]
    public async Task Each_sees_what_its_audience_covers_and_a_friendship_that_ends_closes_it()
    {
        await BefriendAsync(Anna, Ben);
        await BefriendAsync(Anna, Carl);
        await Lists.SaveAsync(Anna, new() { Apps = [App("org.all", Audience.Everyone), App("org.friends"), App("org.ben", Audience.Of(Ben))] }, Cancel);
        Assert.Equal(["org.all", "org.friends", "org.ben"], Ids(await Lists.OfAsync(Ben, Anna, Cancel)));
        Assert.Equal(["org.all", "org.friends"], Ids(await Lists.OfAsync(Carl, Anna, Cancel)));
        Assert.Equal(["org.all"], Ids(await Lists.OfAsync(PersonId.Parse("stranger"), Anna, Cancel)));
        Assert.Equal(["org.all"], Ids(await Lists.OfAsync(null, Anna, Cancel)));
        Assert.All((await Lists.OfAsync(Ben, Anna, Cancel)).Apps, static app => Assert.Equal(Audience.Friends, app.Audience)); // nobody learns who else sees it
        await Relationships.BefriendAsync(Anna, Ben, false, Cancel);
        Assert.Equal(["org.all"], Ids(await Lists.OfAsync(Ben, Anna, Cancel))); // named or not
        await Relationships.BlockAsync(Anna, Ben, true, Cancel);
        Assert.Equal(AppListRefusal.NotAvailable, (await Lists.OfAsync(Ben, Anna, Cancel)).Refusal);
    }

    [Fact]
    [Trait("Row", "A5")]
    public async Task A_push_arrives_and_says_why_it_does_not()
    {
        Assert.Equal(AppPushState.NotFriends, (await Lists.PushAsync(Anna, Ben, Cancel)).State);
        Assert.Equal(AppPushState.NotFriends, (await Lists.PushAsync(Anna, Anna, Cancel)).State);
        await BefriendAsync(Anna, Ben);
        Assert.Equal(AppPushState.NothingShared, (await Lists.PushAsync(Anna, Ben, Cancel)).State);
        await Lists.SaveAsync(Anna, new() { Apps = [App("org.friends")] }, Cancel);
        Assert.Equal(AppPushState.Sent, (await Lists.PushAsync(Anna, Ben, Cancel)).State);
        Assert.Equal(AppPushState.Sent, (await Lists.PushAsync(Anna, Ben, Cancel)).State);
        var received = Assert.Single(await Lists.ReceivedAsync(Ben, Cancel).ToListAsync(Cancel));
        Assert.Equal((Anna, "org.friends"), (received.From, received.Apps.Single().App.Value));
        await Lists.SaveAsync(Ben, new() { Receives = false }, Cancel);
        Assert.Equal(AppPushState.NotReceiving, (await Lists.PushAsync(Anna, Ben, Cancel)).State);
    }

    [Fact]
    [Trait("Row", "A5")]
    public async Task Whoever_is_muted_is_not_told_and_what_was_pushed_goes_with_the_friendship()
    {
        await BefriendAsync(Anna, Ben);
        await Lists.SaveAsync(Anna, new() { Apps = [App("org.friends")] }, Cancel);
        await Lists.SaveAsync(Ben, new() { Muted = [Anna] }, Cancel);
        Assert.Equal(AppPushState.Sent, (await Lists.PushAsync(Anna, Ben, Cancel)).State);
        Assert.Empty(await Lists.ReceivedAsync(Ben, Cancel).ToListAsync(Cancel));
        await Lists.SaveAsync(Ben, new(), Cancel);
        Assert.Empty(await Lists.ReceivedAsync(Ben, Cancel).ToListAsync(Cancel));
        await Lists.PushAsync(Anna, Ben, Cancel);
        Assert.Single(await Lists.ReceivedAsync(Ben, Cancel).ToListAsync(Cancel));
        await Relationships.BefriendAsync(Ben, Anna, false, Cancel);
        Assert.Empty(await Lists.ReceivedAsync(Ben, Cancel).ToListAsync(Cancel));
    }

    [Fact]
    [Trait("Row", "A3")]
    public async Task What_is_no_list_is_refused_and_names_cannot_turn_text_around()
    {
        async Task RefusedAsync(AppSharing sharing) => Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => Lists.SaveAsync(Anna, sharing, Cancel))).Code);
        await RefusedAsync(new() { Apps = [App("org.a", Audience.Followers)] });
        await RefusedAsync(new() { Apps = [.. Enumerable.Repeat(App("org.a"), 1001)] });
        await Lists.SaveAsync(Anna, new() { Apps = [App("org.a") with { Name = "Pla\u202Eyer\u0000\u200B" + new string('x', 300) }] }, Cancel);
        Assert.Equal("Player" + new string('x', 194), (await Lists.OwnAsync(Anna, Cancel)).Apps.Single().Name);
    }
}

public sealed class MemoryAppListsTests : AppListsTests
{
    public override ValueTask InitializeAsync()
    {
        var records = new MemoryRecordStore();
        var store = new RelationshipStore(records);
        (Lists, Relationships, Groups) = (new AppLists(records, store, TimeProvider.System), store, store);
        return default;
    }
}

public sealed class HttpAppListsTests : AppListsTests
{
    SharingHost _social = null!, _apps = null!;

    public override async ValueTask InitializeAsync()
    {
        _social = await SharingHost.StartAsync(sharing => sharing.AddSocialNetwork().AddRadar(), roles: SharingRoles.Social | SharingRoles.Radar);
        _apps = await SharingHost.StartAsync(sharing => sharing.UseRelationshipsOf(_social.Address, _ => ValueTask.FromResult<string?>("host")).AddApps(), roles: SharingRoles.Apps);
        (Lists, Relationships, Groups) = (new HttpAppLists(_apps.Connect()), _social.Get<IRelationships>(), _social.Get<IFriendGroups>());
    }

    public override async ValueTask DisposeAsync()
    {
        await _apps.DisposeAsync();
        await _social.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    [Trait("Row", "A2")]
    [Trait("Row", "A4")]
    public async Task Whom_the_radar_found_at_another_host_sees_the_list_here()
    {
        var book = new AddressBook(new HttpContactRadar(_social.Connect()), new ContactNormalizer());
        foreach (var person in new[] { Anna, Ben })
        {
            await book.RegisterAsync(person, ["+491711234567", "+4930901820"], "DE", cancellationToken: Cancel);
        }

        await Lists.SaveAsync(Anna, new() { Apps = [new() { App = AppId.Parse("org.friends") }] }, Cancel);
        Assert.Single((await Lists.OfAsync(Ben, Anna, Cancel)).Apps);
        Assert.Equal(AppPushState.Sent, (await Lists.PushAsync(Anna, Ben, Cancel)).State);
    }

    [Fact]
    public async Task Without_the_server_that_knows_the_friends_one_is_asked_to_come_again()
    {
        await Lists.SaveAsync(Anna, new() { Apps = [new() { App = AppId.Parse("org.friends") }] }, Cancel);
        await _social.DisposeAsync();
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => Lists.OfAsync(Ben, Anna, Cancel));
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, refused.StatusCode);
    }
}
