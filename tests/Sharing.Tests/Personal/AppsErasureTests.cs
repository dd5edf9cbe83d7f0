using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Apps;
using Sharing.Core;
using Sharing.Testing;
using Sharing.Tests.Content;

namespace Sharing.Tests.Personal;

/// <summary>What the radar and the lists of apps keep about somebody is taken out and erased. Whatever Zoe is, writes or names has "q7x9" in it.</summary>
[Trait("Row", "C1")]
public sealed class AppsErasureTests : IDisposable
{
    const string Mark = "q7x9";

    static readonly PersonId Zoe = PersonId.Parse("zoe/q7x9"), Ben = PersonId.Parse("ben"), Carl = PersonId.Parse("carl"), Nobody = PersonId.Parse("never-there");

    readonly TemporaryFolder _folder = new();
    readonly FakeTimeProvider _time = new();
    readonly FaultPlan _plan = new();
    readonly FaultyRecordStore _records;

    public AppsErasureTests() => _records = new(new MemoryRecordStore(), _plan);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>One host of any number on the same records.</summary>
    ServiceProvider Start(Action<SharingBuilder>? more = null) => new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time).AddKeyedSingleton<IRecordStore>("driver", _records).AddSingleton<IOwnContacts>(new Own())
        .AddSharing(sharing =>
        {
            sharing.AddRadar(radar => (radar.KeyFile, radar.ContactBudget, radar.ContactsPerDay) = (_folder.Join("radar.key"), 10, 1)).AddApps().WithBackgroundWork(false);
            more?.Invoke(sharing);
        }).BuildServiceProvider();

    [Fact(Timeout = 60_000)]
    public async Task What_is_hers_is_given_out_and_then_nothing_tells_of_her_and_others_keep_theirs()
    {
        await using var host = Start();
        await PlantAsync(host);
        var files = await Erasing.ExportAsync(host, Zoe, Cancel);
        Assert.Equal(["apps/pushed.json", "apps/received.json", "apps/shown.json", "radar/address-book.json", "radar/budget.json", "radar/found-friends.json"], files.Keys.Where(static key => key.StartsWith("apps/", StringComparison.Ordinal) || key.StartsWith("radar/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        foreach (var marker in (string[])["org.q7x9.hers", "name-q7x9", "1.q7x9", "os-q7x9", "\"ben\"", "\"carl\""])
        {
            Assert.Contains(marker, files["apps/shown.json"], StringComparison.Ordinal);
        }

        Assert.Contains("org.ben", files["apps/received.json"], StringComparison.Ordinal);
        Assert.Contains("\"contacts\": 3", files["radar/address-book.json"], StringComparison.Ordinal);
        Assert.Contains("\"ben\"", files["radar/found-friends.json"], StringComparison.Ordinal);
        Assert.DoesNotContain("carl", files["apps/received.json"], StringComparison.Ordinal); // who sees his apps is his

        for (var i = 0; i < 2; i++)
        {
            await Erasing.EraseAsync(host, Zoe, Cancel);
            Assert.Empty(await Erasing.FindAsync(host, [Mark], Cancel));
        }

        await OthersHaveTheirsAsync(host);
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_host_of_a_radar_forgets_her_and_those_that_were_found_by_her_are_found_no_longer()
    {
        await using var host = Start();
        await using var other = Start();
        await using var idle = Start();
        await PlantAsync(host);
        Assert.Equal(["carl", "zoe/q7x9"], await FriendsAsync(other, Ben)); // it has all books in memory
        await Erasing.EraseAsync(host, Zoe, Cancel);
        Assert.Empty(await Erasing.FindAsync(host, [Mark], Cancel));
        foreach (var one in (ServiceProvider[])[host, other, idle])
        {
            Assert.Equal(["carl"], await FriendsAsync(one, Ben));
            Assert.Empty(await FriendsAsync(one, Zoe));
            Assert.Equal(RelationshipKinds.None, (await one.GetRequiredService<IRelationshipGraph>().BetweenAsync(Ben, [Zoe], Cancel)).GetValueOrDefault(Zoe));
        }

        await host.GetRequiredService<IContactRadar>().RegisterAsync(Zoe, [Token(1), Token(2)], Cancel); // begins as somebody new
        Assert.Equal(["carl", "zoe/q7x9"], await FriendsAsync(other, Ben));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_she_tried_of_her_budget_she_gets_back_by_no_erasure_and_then_it_goes_by_itself()
    {
        await using var host = Start();
        var radar = host.GetRequiredService<IContactRadar>();
        var points = new BlindContacts([.. Enumerable.Range(0, 10).Select(static i => $"+4917012345{i:d2}")]).Points;
        await radar.EvaluateAsync(Zoe, points, Cancel);
        await Erasing.EraseAsync(host, Zoe, Cancel);
        Assert.Equal(ProblemCodes.LimitReached, (await Assert.ThrowsAsync<SharingException>(() => radar.EvaluateAsync(Zoe, points, Cancel))).Code);
        await host.GetRequiredService<SweepService>().SweepOnceAsync(Cancel);
        Assert.Single(await BudgetsAsync());
        _time.Advance(TimeSpan.FromDays(10));
        await host.GetRequiredService<SweepService>().SweepOnceAsync(Cancel);
        Assert.Empty(await BudgetsAsync());

        async Task<List<Record>> BudgetsAsync() => await host.GetRequiredService<IRecordStore>().ScanAsync(RecordRange.Under("radar-budget"), Cancel).ToListAsync(Cancel);
    }

    [Fact(Timeout = 60_000)]
    public async Task Broken_off_after_each_of_its_commits_it_goes_on()
    {
        await using var host = Start();
        await PlantAsync(host);
        var breaks = 0;
        foreach (var part in host.GetServices<IPersonalData>().Where(static part => part.Name is "apps" or "radar"))
        {
            for (var isErased = false; !isErased;)
            {
                _plan.Add("records.commit", Fault.Failing(), nth: 2);
                try
                {
                    isErased = await part.EraseAsync(Zoe, _time.GetUtcNow(), Cancel);
                }
                catch (IOException)
                {
                    breaks++;
                }

                _plan.Clear();
            }
        }

        Assert.True(breaks >= 4, $"{breaks}");
        await Erasing.EraseAsync(host, Zoe, Cancel);
        Assert.Empty(await Erasing.FindAsync(host, [Mark], Cancel));
        await OthersHaveTheirsAsync(host);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_terminal_forgets_the_address_book_of_the_one_whose_it_is()
    {
        await using var host = Start();
        var records = new MemoryRecordStore();
        await using var terminal = new ServiceCollection().AddLogging().AddKeyedSingleton<IRecordStore>("driver", records).AddSingleton(host.GetRequiredService<IContactRadar>())
            .AddSharing(static sharing => sharing.UseApps(new("http://127.0.0.1:9/"), null, Zoe, static (_, _, _) => ValueTask.FromResult<string?>(null))).BuildServiceProvider();
        await terminal.GetRequiredService<AddressBook>().RegisterAsync(Zoe, ["carl.q7x9@example.org", "0171 1234567"], "DE", cancellationToken: Cancel);
        var files = await Erasing.ExportAsync(terminal, Zoe, Cancel);
        Assert.Contains("carl.q7x9@example.org", files["address-book/contacts.json"], StringComparison.Ordinal);
        Assert.Contains("+491711234567", files["address-book/contacts.json"], StringComparison.Ordinal);
        Assert.Contains("DE", files["address-book/region.json"], StringComparison.Ordinal);
        Assert.DoesNotContain(await Erasing.ExportAsync(terminal, Ben, Cancel), static file => file.Key.StartsWith("address-book/", StringComparison.Ordinal));
        await EraseAddressesAsync(Ben);
        Assert.NotEmpty(await Erasing.FindAsync(terminal, [Mark], Cancel));
        await EraseAddressesAsync(Zoe);
        Assert.Empty(await Erasing.FindAsync(terminal, [Mark, "491711234567"], Cancel));

        async Task EraseAddressesAsync(PersonId who) => Assert.True(await terminal.GetServices<IPersonalData>().Single(static part => part.Name == "address-book").EraseAsync(who, default, Cancel));
    }

    [Fact(Timeout = 60_000)]
    public async Task Of_somebody_who_was_never_there_nothing_is_given_out_and_nothing_is_erased()
    {
        await using var host = Start();
        await PlantAsync(host);
        Assert.DoesNotContain(await Erasing.ExportAsync(host, Nobody, Cancel), static file => file.Key.StartsWith("apps/", StringComparison.Ordinal) || file.Key.StartsWith("radar/", StringComparison.Ordinal));
        await Erasing.EraseAsync(host, Nobody, Cancel);
        Assert.Equal(["carl", "zoe/q7x9"], await FriendsAsync(host, Ben));
        Assert.NotEmpty((await host.GetRequiredService<IAppLists>().OwnAsync(Zoe, Cancel)).Apps);
    }

    /// <summary>Does all that leaves something of Zoe's, or of her, in the records.</summary>
    static async Task PlantAsync(IServiceProvider host)
    {
        var (radar, lists, relationships) = (host.GetRequiredService<IContactRadar>(), host.GetRequiredService<IAppLists>(), host.GetRequiredService<IRelationships>());
        await radar.EvaluateAsync(Zoe, new BlindContacts(["+491711234567"]).Points, Cancel);
        await radar.RegisterAsync(Zoe, [Token(1), Token(2), Token(3)], Cancel);
        await radar.RegisterAsync(Ben, [Token(1), Token(2), Token(4), Token(5)], Cancel);
        await radar.RegisterAsync(Carl, [Token(4), Token(5)], Cancel);
        await radar.RegisterAsync(Zoe, [Token(1), Token(2), Token(6)], Cancel); // twice in the news
        foreach (var (one, other) in ((PersonId, PersonId)[])[(Zoe, Ben), (Zoe, Carl), (Ben, Carl)])
        {
            await relationships.BefriendAsync(one, other, true, Cancel);
            await relationships.BefriendAsync(other, one, true, Cancel);
        }

        await lists.SaveAsync(Zoe, new() { Apps = [new() { App = AppId.Parse("org.q7x9.hers"), Os = "os-q7x9", Name = "name-q7x9", Version = "1.q7x9", Audience = Audience.Of(Ben) }], Muted = [Carl] }, Cancel);
        await lists.SaveAsync(Ben, new() { Apps = [App("org.ben", Audience.Of(Zoe, Carl)), App("org.for.her", Audience.Of(Zoe))] }, Cancel);
        await lists.SaveAsync(Carl, new() { Apps = [App("org.carl", Audience.Friends)], Muted = [Zoe, Nobody] }, Cancel);
        Assert.Equal(AppPushState.Sent, (await lists.PushAsync(Zoe, Ben, Cancel)).State);
        Assert.Equal(AppPushState.Sent, (await lists.PushAsync(Ben, Zoe, Cancel)).State);
        Assert.Equal(AppPushState.Sent, (await lists.PushAsync(Carl, Ben, Cancel)).State);

        static SharedApp App(string id, Audience audience) => new() { App = AppId.Parse(id), Name = id, Audience = audience };
    }

    static async Task OthersHaveTheirsAsync(IServiceProvider host)
    {
        var lists = host.GetRequiredService<IAppLists>();
        Assert.Equal(["carl"], await FriendsAsync(host, Ben));
        Assert.Equal(["carl"], (await lists.ReceivedAsync(Ben, Cancel).ToListAsync(Cancel)).Select(static one => one.From.Value));
        Assert.Equal(["org.ben"], (await lists.OfAsync(Carl, Ben, Cancel)).Apps.Select(static app => app.App.Value)); // what was for her alone is for nobody, and not for all
        Assert.Equal(["org.ben", "org.for.her"], (await lists.OwnAsync(Ben, Cancel)).Apps.Select(static app => app.App.Value));
        Assert.Equal([Nobody], (await lists.OwnAsync(Carl, Cancel)).Muted);
    }

    static byte[] Token(int number) => SHA256.HashData(BitConverter.GetBytes(number))[..BlindContacts.TokenSize];

    static async Task<string[]> FriendsAsync(IServiceProvider host, PersonId who) => [.. (await host.GetRequiredService<IContactRadar>().FriendsAsync(who, Cancel).ToListAsync(Cancel)).Select(static friend => friend.Person.Value).Order(StringComparer.Ordinal)];

    /// <summary>Whose contact anybody is, is not what these tests are about.</summary>
    sealed class Own : IOwnContacts
    {
        public ValueTask<IReadOnlyList<string>> OfAsync(PersonId person, CancellationToken cancellationToken = default) => new([]);
    }
}
