using Microsoft.Extensions.DependencyInjection;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Offline;
using Sharing.Testing;
using Sharing.Tests.Hosting;

namespace Sharing.Tests.Social;

/// <summary>Two Mastodon servers, and a host where people of both are.</summary>
[Trait("Row", "R3")]
public sealed class AcquaintancesTests : IAsyncLifetime
{
    static readonly PersonId Anna = PersonId.Parse("anna"), Carl = PersonId.Parse("carl");

    readonly FakeTimeProvider _time = new();
    SharingHost _host = null!;
    MastodonServer _mastodon = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mastodon = await MastodonServer.StartAsync(_time);
        foreach (var name in (string[])["carl", "dora"])
        {
            _mastodon.Add(name);
        }

        _host = await SharingHost.StartAsync(
            static sharing => sharing.AddDownloadServer().AddMastodon().AddFeeds(), services => services.AddSingleton<TimeProvider>(_time), SharingRoles.Download | SharingRoles.Social);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _mastodon.DisposeAsync();
    }

    Task ConnectAsync(PersonId person, string name) => _host.Get<IAccounts>().ConnectAsync(person, "mastodon", new AccountToken("token-" + name, _mastodon.Address), Cancel);

    void FollowEachOther(string one, string other)
    {
        _mastodon.Follow(one, other);
        _mastodon.Follow(other, one);
    }

    async Task<string> ShownAsync() => string.Join(' ', (await new HttpAcquaintances(_host.Connect()).ListAsync(Anna, "mastodon", Cancel))!.Accounts
        .Select(static one => $"{one.Name.Split('@')[0]}:{(one.Follows ? "→" : "")}{(one.FollowedBy ? "←" : "")}{one.Person?.Value}"));

    [Fact]
    public async Task People_hear_who_of_those_whom_they_know_there_is_here_too_and_nobody_is_found_by_those_whom_he_does_not_follow()
    {
        FollowEachOther("anna", "ben");
        FollowEachOther("anna", "zoe@elsewhere.example");
        _mastodon.Follow("anna", "carl");
        _mastodon.Follow("dora", "anna");
        await ConnectAsync(Anna, "anna");
        await ConnectAsync(PersonId.Parse("benjamin"), "ben");
        await ConnectAsync(Carl, "carl");
        await ConnectAsync(PersonId.Parse("dora"), "dora");
        Assert.Equal("ben:→←benjamin zoe:→← carl:→ dora:←", await ShownAsync());

        // Who leaves, or signs in as somebody else, is found no more.
        await _host.Get<IAccounts>().DisconnectAsync(PersonId.Parse("benjamin"), "mastodon", Cancel);
        Assert.Equal("ben:→← zoe:→← carl:→ dora:←", await ShownAsync());
        await ConnectAsync(PersonId.Parse("eve"), "ben");
        Assert.Contains("ben:→←eve", await ShownAsync(), StringComparison.Ordinal);
        await ConnectAsync(PersonId.Parse("eve"), "dora");
        Assert.Equal("ben:→← zoe:→← carl:→ dora:←", await ShownAsync());
    }

    [Fact]
    public async Task Whom_a_block_separates_is_not_told_and_an_account_of_two_is_the_last_ones()
    {
        FollowEachOther("anna", "carl");
        await ConnectAsync(Anna, "anna");
        await ConnectAsync(Carl, "carl");
        await ConnectAsync(PersonId.Parse("eve"), "carl");
        await _host.Get<IAccounts>().DisconnectAsync(Carl, "mastodon", Cancel); // takes nothing of Eve's with it
        Assert.Equal("carl:→←eve", await ShownAsync());
        await _host.Get<IRelationships>().BlockAsync(PersonId.Parse("eve"), Anna, true, Cancel);
        Assert.Equal("carl:→←", await ShownAsync());
    }

    [Fact]
    public async Task Long_lists_are_read_page_by_page()
    {
        for (var i = 0; i < 170; i++)
        {
            _mastodon.Follow("anna", $"n{i}@elsewhere.example");
            _mastodon.Follow($"m{i}@elsewhere.example", "anna");
        }

        await ConnectAsync(Anna, "anna");
        var all = (await _host.Get<IAcquaintances>().ListAsync(Anna, "mastodon", Cancel))!.Accounts;
        Assert.Equal((170, 170, 340), (all.Count(static one => one.Follows), all.Count(static one => one.FollowedBy), all.Select(static one => one.Id).Distinct().Count()));
        Assert.Equal(6, _mastodon.Requests.Count(static request => request.EndsWith("/following", StringComparison.Ordinal) || request.EndsWith("/followers", StringComparison.Ordinal)));
        Assert.Equal("https://elsewhere.example/@m0", all.Single(static one => one.Name == "m0@elsewhere.example").Address!.ToString());
    }

    [Fact]
    public async Task What_cannot_be_had_is_said()
    {
        var list = new HttpAcquaintances(_host.Connect());
        Assert.Null(await list.ListAsync(Anna, "mastodon", Cancel)); // not connected
        Assert.Null(await list.ListAsync(Anna, "feed", Cancel)); // tells nothing
        Assert.Null(await list.ListAsync(Anna, "nowhere", Cancel));
        await ConnectAsync(Anna, "anna");
        _mastodon.Revoke("token-anna");
        var read = (await list.ListAsync(Anna, "mastodon", Cancel))!;
        Assert.Equal((0, "mastodon could not be asked now."), (read.Accounts.Count, read.Fault));
    }
}
