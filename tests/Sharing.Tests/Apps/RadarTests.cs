using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.Apps;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Offline;
using Sharing.Testing;
using Sharing.Tests.Content;
using Sharing.Tests.Hosting;

namespace Sharing.Tests.Apps;

public sealed class RadarTests : IAsyncDisposable
{
    const SharingRoles Roles = SharingRoles.Social | SharingRoles.Radar | SharingRoles.Apps;

    static readonly PersonId Anna = PersonId.Parse("anna"), Ben = PersonId.Parse("ben"), Carl = PersonId.Parse("carl"), Dora = PersonId.Parse("dora");

    readonly TemporaryFolder _folder = new();
    readonly FakeTimeProvider _time = new();
    readonly StringBuilder _log = new();
    SharingHost? _host;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _folder.Dispose();
    }

    async Task<SharingHost> StartAsync(Action<RadarOptions>? configure = null, bool onDisk = false) => _host = await SharingHost.StartAsync(
        sharing => (onDisk ? sharing.UseFolder(_folder.Path) : sharing).AddSocialNetwork().AddRadar(configure).AddApps(),
        services => services.AddSingleton<TimeProvider>(_time).AddSingleton<IOwnContacts>(new Numbers()).AddSingleton<ILoggerProvider>(new Listener(_log)), Roles);

    HttpContactRadar Radar => new(_host!.Connect());

    Task<int> RegisterAsync(PersonId who, params string[] contacts) => new AddressBook(Radar, new ContactNormalizer()).RegisterAsync(who, contacts, "DE", cancellationToken: Cancel);

    async Task<string[]> FriendsAsync(PersonId who) => [.. await Radar.FriendsAsync(who, Cancel).Select(static friend => $"{friend.Person} {friend.Shared}{(friend.Confirmed ? " confirmed" : "")}").ToListAsync(Cancel)];

    [Fact]
    [Trait("Row", "A1")]
    [Trait("Row", "A2")]
    public async Task Two_who_share_two_contacts_are_friends_however_they_spell_them_and_are_not_told_which()
    {
        await StartAsync();
        Assert.Equal(3, await RegisterAsync(Anna, "0171 1234567", "+49 (0)30 901820", "Carl@Example.org", "nonsense", "0171-1234567"));
        Assert.Equal(3, await RegisterAsync(Ben, "+491711234567", "mailto:carl@example.org", "+1 212 555 0199"));
        await RegisterAsync(Carl, "+491711234567", "+49 30 55555555");
        Assert.Equal(["ben 2"], await FriendsAsync(Anna));
        Assert.Equal(["anna 2"], await FriendsAsync(Ben));
        Assert.Empty(await FriendsAsync(Carl));
        await RegisterAsync(Carl, "+491711234567", "+493055555555", "+4930901820");
        Assert.Equal(["ben 2", "carl 2"], await FriendsAsync(Anna)); // one book changed, and only its pairs
        await RegisterAsync(Ben, "+491711234567");
        Assert.Equal(["carl 2"], await FriendsAsync(Anna));
    }

    [Fact]
    [Trait("Row", "A2")]
    public async Task Several_hosts_on_the_same_records_are_one_radar()
    {
        var records = new MemoryRecordStore();
        ServiceProvider Host() => new ServiceCollection().AddSingleton<IRecordStore>(records).AddSingleton<IOwnContacts>(new Numbers())
            .AddSharing(sharing => sharing.AddSocialNetwork().AddRadar(radar => radar.KeyFile = _folder.Join("radar.key"))).BuildServiceProvider();
        await using var one = Host();
        await using var other = Host();
        var (here, there) = (one.GetRequiredService<IContactRadar>(), other.GetRequiredService<IContactRadar>());
        static byte[] Token(int number) => SHA256.HashData(BitConverter.GetBytes(number))[..BlindContacts.TokenSize];
        static async Task<string[]> Of(IContactRadar radar, PersonId who) => [.. await radar.FriendsAsync(who, Cancel).Select(static friend => $"{friend.Person} {friend.Shared}").ToListAsync(Cancel)];

        await here.RegisterAsync(Anna, [Token(1), Token(2)], Cancel);
        Assert.Empty(await Of(there, Anna)); // it has read the books
        await here.RegisterAsync(Ben, [Token(1), Token(2), Token(3)], Cancel);
        Assert.Equal(["ben 2"], await Of(there, Anna));
        await there.RegisterAsync(Carl, [Token(2), Token(3)], Cancel);
        Assert.Equal(["anna 2", "carl 2"], await Of(here, Ben));
        await there.WithdrawAsync(Anna, Cancel);
        Assert.Equal(["carl 2"], await Of(here, Ben));

        for (var i = 0; i < 1001; i++)
        {
            await here.RegisterAsync(PersonId.Parse($"p{i % 7}"), [Token(i + 100)], Cancel); // more than the other one can follow step by step
        }

        await here.WithdrawAsync(Carl, Cancel);
        await here.RegisterAsync(Dora, [Token(1), Token(2)], Cancel);
        Assert.Equal(["dora 2"], await Of(there, Ben));
    }

    [Fact]
    [Trait("Row", "A2")]
    public async Task The_graph_tells_of_found_friends_to_other_hosts_too_until_a_block_and_confirms_them()
    {
        var host = await StartAsync();
        await RegisterAsync(Anna, "+491711234567", "+4930901820");
        await RegisterAsync(Ben, "+491711234567", "+4930901820");
        var graph = new HttpRelationships(host.Connect(asHost: true));
        Assert.Equal(RelationshipKinds.Found, (await graph.BetweenAsync(Anna, [Ben, Carl], Cancel))[Ben]);
        Assert.Equal([Ben], (await graph.RelatedAsync(Anna, RelationshipKinds.Found, Cancel)).Keys);
        Assert.Empty(await graph.RelatedAsync(Anna, RelationshipKinds.Friend, Cancel)); // it opens nothing but lists of apps
        var relationships = host.Get<IRelationships>();
        await relationships.BefriendAsync(Anna, Ben, true, Cancel);
        Assert.Equal(RelationshipKinds.Found | RelationshipKinds.Invited, (await graph.BetweenAsync(Anna, [Ben], Cancel))[Ben]);
        await relationships.BefriendAsync(Ben, Anna, true, Cancel);
        Assert.Equal(["ben 2 confirmed"], await FriendsAsync(Anna));
        await relationships.BlockAsync(Ben, Anna, true, Cancel);
        Assert.Empty(await FriendsAsync(Anna));
        Assert.Equal(RelationshipKinds.BlockedBy, (await graph.BetweenAsync(Anna, [Ben], Cancel))[Ben]);
    }

    [Fact]
    [Trait("Row", "A4")]
    public async Task A_contact_leads_to_the_friend_who_has_it_and_of_nobody_else_anything_is_told()
    {
        var relationships = (await StartAsync()).Get<IRelationships>();
        var book = new AddressBook(Radar, new ContactNormalizer(), new MemoryRecordStore());
        await book.RegisterAsync(Anna, ["+491711234567", "+4930901820"], "DE", cancellationToken: Cancel);
        await RegisterAsync(Ben, "+491711234567", "+4930901820");
        await RegisterAsync(Carl, "+12125550199");
        Assert.Equal([Ben], await book.WhoAsync(Anna, Numbers.Of(Ben), cancellationToken: Cancel));
        Assert.Equal([Ben], await book.WhoAsync(Anna, "0" + Numbers.Of(Ben)[3..], cancellationToken: Cancel)); // as it is written in the country of the book
        foreach (var nobody in new[] { Numbers.Of(Carl), Numbers.Of(Dora), "+491711234567", "nonsense" })
        {
            Assert.Empty(await book.WhoAsync(Anna, nobody, cancellationToken: Cancel));
        }

        await relationships.BefriendAsync(Anna, Carl, true, Cancel);
        Assert.Empty(await book.WhoAsync(Anna, Numbers.Of(Carl), cancellationToken: Cancel));
        await relationships.BefriendAsync(Carl, Anna, true, Cancel);
        Assert.Equal([Carl], await book.WhoAsync(Anna, Numbers.Of(Carl), cancellationToken: Cancel)); // a friend, although nothing is in common
        await relationships.BlockAsync(Ben, Anna, true, Cancel);
        Assert.Empty(await book.WhoAsync(Anna, Numbers.Of(Ben), cancellationToken: Cancel));
    }

    [Fact]
    [Trait("Row", "A2")]
    public async Task With_mutual_listing_each_must_list_the_other()
    {
        await StartAsync(radar => radar.MutualListing = true);
        await RegisterAsync(Anna, "+491711234567", "+4930901820", Numbers.Of(Ben));
        await RegisterAsync(Ben, "+491711234567", "+4930901820");
        Assert.Empty(await FriendsAsync(Anna));
        await RegisterAsync(Ben, "+491711234567", "+4930901820", Numbers.Of(Anna));
        Assert.Equal(["ben 2"], await FriendsAsync(Anna));
    }

    [Fact]
    [Trait("Row", "A2")]
    public async Task Guesses_end_at_the_budget_and_new_ones_come_by_the_day()
    {
        var host = await StartAsync(radar => (radar.ContactBudget, radar.ContactsPerDay) = (1500, 100));
        var points = new BlindContacts([.. Enumerable.Range(0, 1000).Select(i => $"+49171{i:d7}")]).Points;
        await Radar.EvaluateAsync(Anna, points, Cancel);
        var stopped = 0;
        for (var guesses = 0; guesses < 1_000_000; guesses += points.Count)
        {
            stopped += await Xunit.Record.ExceptionAsync(() => host.Get<IContactRadar>().EvaluateAsync(Anna, points, Cancel)) is SharingException { Code: ProblemCodes.LimitReached } ? 1 : 0;
        }

        Assert.Equal(1000, stopped); // a million guesses
        await Radar.WithdrawAsync(Anna, Cancel);
        Assert.Equal(ProblemCodes.LimitReached, (await Assert.ThrowsAsync<SharingException>(() => Radar.EvaluateAsync(Anna, points, Cancel))).Code);
        await Radar.EvaluateAsync(Ben, [.. points.Take(10)], Cancel); // another's is his own
        _time.Advance(TimeSpan.FromDays(2));
        await Radar.EvaluateAsync(Anna, [.. points.Take(700)], Cancel);
        Assert.Equal(ProblemCodes.LimitReached, (await Assert.ThrowsAsync<SharingException>(() => Radar.EvaluateAsync(Anna, [points[0]], Cancel))).Code);
    }

    [Fact]
    [Trait("Row", "A1")]
    public async Task Contacts_that_were_tried_before_cost_nothing_again()
    {
        await StartAsync(radar => (radar.ContactBudget, radar.ContactsPerDay) = (3, 1));
        var book = new AddressBook(Radar, new ContactNormalizer(), new MemoryRecordStore());
        await book.RegisterAsync(Anna, ["+491711234567", "+4930901820"], "DE", cancellationToken: Cancel);
        await book.RegisterAsync(Anna, ["+491711234567", "+4930901820", "a@b.de"], "DE", cancellationToken: Cancel);
        await book.RegisterAsync(Anna, ["+491711234567", "+4930901820", "a@b.de"], "DE", cancellationToken: Cancel);
        Assert.Equal(ProblemCodes.LimitReached, (await Assert.ThrowsAsync<SharingException>(() => book.RegisterAsync(Anna, ["c@d.de"], "DE", cancellationToken: Cancel))).Code);
    }

    [Fact]
    [Trait("Row", "A1")]
    public async Task What_is_no_point_no_token_or_too_much_is_refused()
    {
        await StartAsync(radar => radar.MostContacts = 2);
        async Task RefusedAsync(Func<Task> act) => Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(act)).Code);
        await RefusedAsync(() => Radar.EvaluateAsync(Anna, [new byte[31]], Cancel));
        await RefusedAsync(() => Radar.EvaluateAsync(Anna, [], Cancel));
        await RefusedAsync(() => Radar.EvaluateAsync(Anna, [[.. Enumerable.Repeat((byte)255, 32)]], Cancel)); // above the prime
        await RefusedAsync(() => Radar.EvaluateAsync(Anna, [OffCurve()], Cancel));
        await RefusedAsync(() => Radar.RegisterAsync(Anna, [new byte[15]], Cancel));
        await RefusedAsync(() => Radar.RegisterAsync(Anna, [new byte[16], new byte[16], new byte[16]], Cancel));
    }

    [Fact]
    [Trait("Row", "A1")]
    public async Task The_largest_book_fits_into_a_request()
    {
        await StartAsync();
        var tokens = Enumerable.Range(0, new RadarOptions().MostContacts).Select(i => new byte[16].Select((_, at) => (byte)(i >> (at % 4 * 8))).ToArray()).ToList();
        await Radar.RegisterAsync(Anna, tokens, Cancel);
        await Radar.RegisterAsync(Ben, tokens, Cancel);
        Assert.Equal([$"ben {tokens.Count}"], await FriendsAsync(Anna));
    }

    /// <summary>The tokens are the same whoever makes them, the server learns nothing that tells two contacts apart, and without the key they are not to be had.</summary>
    [Fact]
    [Trait("Row", "A1")]
    public async Task Blinded_contacts_look_like_anything_and_their_tokens_are_the_servers_own()
    {
        await StartAsync();
        var (first, again) = (new BlindContacts(["+491711234567"]), new BlindContacts(["+491711234567"]));
        Assert.NotEqual(first.Points[0], again.Points[0]);
        var token = first.Unblind(await Radar.EvaluateAsync(Anna, first.Points, Cancel))[0];
        Assert.Equal(token, again.Unblind(await Radar.EvaluateAsync(Ben, again.Points, Cancel))[0]);
        Assert.Equal(token, BlindContacts.TokenOf("+491711234567", _host!.Get<RadarKeys>().Evaluating));
        Assert.NotEqual(token, BlindContacts.TokenOf("+491711234567", P256.RandomScalar().Number));
    }

    [Fact]
    [Trait("Row", "A1")]
    public async Task No_dump_of_database_journal_or_log_holds_a_contact_and_what_is_withdrawn_is_gone()
    {
        var contacts = new[] { "+491711234567", "+4930901820", "carl@example.org" };
        await StartAsync(onDisk: true);
        await RegisterAsync(Anna, contacts);
        await RegisterAsync(Ben, contacts);
        Assert.Equal(["ben 3"], await FriendsAsync(Anna));
        var keys = _host!.Get<RadarKeys>();
        var tokens = contacts.Select(contact => BlindContacts.TokenOf(contact, keys.Evaluating)).ToArray();
        byte[][] secrets =
        [
            .. contacts.Select(Encoding.UTF8.GetBytes), .. contacts.Select(static contact => System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(contact))),
            .. contacts.Select(P256.PointOf), .. tokens, .. tokens.Select(token => BitConverter.GetBytes(keys.Kept(token))), .. tokens.Select(static token => Encoding.ASCII.GetBytes(Convert.ToBase64String(token))),
            Encoding.ASCII.GetBytes("1234567"), Encoding.ASCII.GetBytes("901820"),
        ];
        AssertHoldsNone(secrets);
        var sealedOf = await SealedAsync(Anna);
        Assert.True(Holds(sealedOf));
        await Radar.WithdrawAsync(Anna, Cancel);
        Assert.False(Holds(sealedOf)); // neither in a free page nor in the journal
        Assert.Empty(await FriendsAsync(Ben));
        Assert.DoesNotContain("1234567", _log.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("carl@", _log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Row", "A2")]
    public async Task Books_outlive_the_server_and_without_its_key_file_nothing_opens_them()
    {
        await StartAsync(onDisk: true);
        await RegisterAsync(Anna, "+491711234567", "+4930901820");
        await RegisterAsync(Ben, "+491711234567", "+4930901820");
        await _host!.DisposeAsync();
        await StartAsync(onDisk: true);
        Assert.Equal(["ben 2"], await FriendsAsync(Anna));
        await RegisterAsync(Carl, "+491711234567", "+4930901820"); // the same tokens as before
        Assert.Equal(["ben 2", "carl 2"], await FriendsAsync(Anna));
        var key = Directory.GetFiles(_folder.Path, "radar.key", SearchOption.AllDirectories).Single();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        }

        await _host!.DisposeAsync();
        File.Delete(key);
        await StartAsync(onDisk: true);
        await Assert.ThrowsAnyAsync<Exception>(() => FriendsAsync(Anna));
    }

    [Fact]
    [Trait("Row", "A4")]
    public async Task Nobody_learns_whether_a_stranger_is_registered()
    {
        var host = await StartAsync();
        await RegisterAsync(Anna, "+491711234567", "+4930901820");
        await RegisterAsync(Dora, "+33123456789");
        var lists = new HttpAppLists(host.Connect());
        Assert.Equivalent(await lists.OfAsync(Anna, PersonId.Parse("nobody"), Cancel), await lists.OfAsync(Anna, Dora, Cancel));
        Assert.Equal(await lists.PushAsync(Anna, PersonId.Parse("nobody"), Cancel), await lists.PushAsync(Anna, Dora, Cancel));
    }

    static byte[] OffCurve()
    {
        for (byte last = 0; ; last++)
        {
            byte[] x = [.. new byte[31], last];
            if (Xunit.Record.Exception(() => P256.Multiply(x, P256.RandomScalar().Number)) is SharingException)
            {
                return x;
            }
        }
    }

    async Task<byte[]> SealedAsync(PersonId person)
    {
        var records = _host!.Get<IRecordStore>();
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(person.Value)));
        return (await records.GetAsync(RecordKey.Of("radar-part", hash, "0000"), Cancel))!.Json[10..40].ToArray();
    }

    void AssertHoldsNone(byte[][] secrets)
    {
        foreach (var secret in secrets)
        {
            Assert.False(Holds(secret), Convert.ToHexString(secret));
        }
    }

    bool Holds(byte[] bytes) => Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(static path => Path.GetExtension(path) is not (".key" or ".lock"))
        .Any(path => ReadShared(path).AsSpan().IndexOf(bytes) >= 0);

    static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    sealed class Numbers : IOwnContacts
    {
        public static string Of(PersonId person) => $"+49170000000{Array.IndexOf([Anna, Ben, Carl], person) + 1}";

        public ValueTask<IReadOnlyList<string>> OfAsync(PersonId person, CancellationToken cancellationToken = default) => new([Of(person)]);
    }

    sealed class Listener(StringBuilder log) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (log)
            {
                log.AppendLine(formatter(state, exception)).AppendLine(exception?.ToString());
            }
        }

        public void Dispose()
        {
        }
    }
}
