using System.Globalization;
using Sharing.P2P;
using Xunit;

namespace Sharing.Testing;

/// <summary>What every <see cref="IChunkIndex"/> must do, wherever it is (rows D3, D6). Derive it, return an index that knows nobody, and run your tests.</summary>
public abstract class ChunkIndexSuite : IAsyncLifetime
{
    static readonly ShareId Share = ShareId.New();

    /// <summary>The index under test.</summary>
    protected IndexUnderTest Subject { get; private set; } = null!;

    /// <summary>Ends with the test run.</summary>
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes an index that knows nobody.</summary>
    protected abstract Task<IndexUnderTest> CreateAsync();

    /// <summary>Clears away what <see cref="CreateAsync"/> made.</summary>
    protected virtual ValueTask CleanUpAsync() => default;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Subject = await CreateAsync();
        Assert.NotNull(Subject);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CleanUpAsync();
        GC.SuppressFinalize(this);
    }

    static string AddressOf(int terminal) => string.Create(CultureInfo.InvariantCulture, $"127.0.{terminal / 250}.{(terminal % 250) + 1}:7400");

    SwarmMember Member(int terminal, string chunks = "", long session = 1, long version = 0) => new()
    {
        Device = Subject.DeviceOf(terminal), Addresses = [AddressOf(terminal)], Session = session, Version = version, Chunks = chunks,
    };

    Task<string> TicketAsync(int terminal, ContentId? content = null, TimeSpan? life = null) => Subject.SignAsync(new()
    {
        Share = Share, Content = content ?? Subject.Content.Id, Length = Subject.Content.Length, Device = Subject.DeviceOf(terminal), Expires = Subject.Time.GetUtcNow() + (life ?? TimeSpan.FromDays(1)),
    });

    async Task<SwarmView> AnnounceAsync(int terminal, SwarmMember? member = null, string? ticket = null) =>
        await Subject.IndexOf(terminal).AnnounceAsync(Subject.Content.Id, member ?? Member(terminal), ticket ?? await TicketAsync(terminal), Cancel);

    /// <summary>What a terminal sees after the convergence time.</summary>
    async Task<SwarmView> SeenAsync(int terminal)
    {
        await AnnounceAsync(terminal);
        await Subject.ConvergeAsync();
        return await AnnounceAsync(terminal);
    }

    /// <summary>The same with another letter in its signature.</summary>
    static string Forged(string ticket) => ticket[..^9] + (ticket[^9] == 'A' ? 'B' : 'A') + ticket[^8..];

    async Task<string> RefusedAsync(int terminal, SwarmMember member, string ticket) =>
        (await Assert.ThrowsAsync<SharingException>(async () => await Subject.IndexOf(terminal).AnnounceAsync(Subject.Content.Id, member, ticket, Cancel))).Code;

#pragma warning disable CS1591 // the names of the tests say it
    [Fact]
    public async Task What_a_terminal_says_is_seen_by_the_others_as_it_was_said_and_not_by_itself()
    {
        await AnnounceAsync(0);
        var said = Member(1, "0-9,20-20") with { Addresses = [AddressOf(1), "[::1]:7400"] };
        await AnnounceAsync(1, said);
        var view = await SeenAsync(0);
        var seen = Assert.Single(view.Members);
        Assert.Equal((said.Device, said.Session, said.Chunks, false, false), (seen.Device, seen.Session, seen.Chunks, seen.IsWhole, seen.IsPlain));
        Assert.Equal(said.Addresses, seen.Addresses);
        Assert.Equal(2, view.Count);
        Assert.True(view.AnnounceWithin >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task What_is_newer_replaces_what_was_said_before_and_what_is_older_does_not()
    {
        await AnnounceAsync(0);
        await AnnounceAsync(1, Member(1, "0-3", session: 5, version: 1));
        await AnnounceAsync(1, Member(1, "0-7", session: 5, version: 2));
        await AnnounceAsync(1, Member(1, "0-1", session: 5, version: 1));
        Assert.Equal("0-7", Assert.Single((await SeenAsync(0)).Members).Chunks);
        await AnnounceAsync(1, Member(1, "2-2", session: 6, version: 0));
        await AnnounceAsync(1, Member(1, "0-30", session: 5, version: 9));
        Assert.Equal("2-2", Assert.Single((await SeenAsync(0)).Members).Chunks);
        await AnnounceAsync(1, Member(1, session: 6, version: 1) with { IsWhole = true });
        Assert.True(Assert.Single((await SeenAsync(0)).Members).IsWhole);
    }

    [Fact]
    public async Task Who_is_not_heard_of_for_so_long_is_forgotten_and_who_announces_in_half_of_it_is_not()
    {
        var within = (await AnnounceAsync(0)).AnnounceWithin;
        await AnnounceAsync(1);
        await AnnounceAsync(2);
        Assert.Equal(2, (await SeenAsync(0)).Members.Count);
        for (var i = 0; i < 3; i++)
        {
            Subject.Time.Advance(within / 2);
            await AnnounceAsync(2);
            await AnnounceAsync(0);
        }

        Assert.Equal(Subject.DeviceOf(2), Assert.Single((await SeenAsync(0)).Members).Device);
    }

    [Fact]
    public async Task Who_leaves_is_gone_and_may_come_again()
    {
        var ticket = await TicketAsync(1);
        await AnnounceAsync(0);
        await AnnounceAsync(1, ticket: ticket);
        Assert.Single((await SeenAsync(0)).Members);
        await Subject.IndexOf(1).LeaveAsync(Subject.Content.Id, Subject.DeviceOf(1), ticket, Cancel);
        Assert.Empty((await SeenAsync(0)).Members);
        await AnnounceAsync(1, Member(1, version: 1), ticket);
        Assert.Single((await SeenAsync(0)).Members);
    }

    [Fact]
    public async Task A_ticket_that_is_not_the_devices_for_the_content_now_opens_nothing_and_nothing_is_learnt()
    {
        await AnnounceAsync(0);
        var (member, other) = (Member(1), new ContentId([.. Enumerable.Repeat((byte)9, 32)]));
        foreach (var ticket in (string[])[await TicketAsync(1, other), await TicketAsync(2), await TicketAsync(1, life: TimeSpan.FromSeconds(-1)), "", "rubbish", "e30.e30", Forged(await TicketAsync(1))])
        {
            Assert.Equal(ProblemCodes.NotFound, await RefusedAsync(1, member, ticket));
        }

        Assert.Equal(ProblemCodes.NotFound, await RefusedAsync(1, member with { Device = Subject.DeviceOf(2) }, await TicketAsync(1)));
        Assert.Empty((await SeenAsync(0)).Members);
    }

    [Fact]
    public async Task Anothers_ticket_takes_nothing_back()
    {
        await AnnounceAsync(0);
        await AnnounceAsync(1);
        await Subject.IndexOf(2).LeaveAsync(Subject.Content.Id, Subject.DeviceOf(1), await TicketAsync(2), Cancel);
        await Subject.IndexOf(2).LeaveAsync(Subject.Content.Id, Subject.DeviceOf(1), "", Cancel);
        Assert.Single((await SeenAsync(0)).Members);
    }

    [Fact]
    public async Task What_no_terminal_can_be_is_refused_by_a_stable_code()
    {
        await AnnounceAsync(0);
        var (member, ticket) = (Member(1), await TicketAsync(1));
        foreach (var chunks in (string[])["x", "1", "3-2", "0-1,1-2", "0-1,2-3", "01-2", "-1-2", "0-1,", ",0-1", "0 -1", "0-99999999999", "0-1\u0000", "+0-1", new string('0', 300_000)])
        {
            Assert.Equal(ProblemCodes.InvalidInput, await RefusedAsync(1, member with { Chunks = chunks }, ticket));
        }

        foreach (var address in (string[])["", "nowhere", "example.org:80", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:65536", "[::1"])
        {
            Assert.Equal(ProblemCodes.InvalidInput, await RefusedAsync(1, member with { Addresses = [address] }, ticket));
        }

        Assert.Equal(ProblemCodes.InvalidInput, await RefusedAsync(1, member with { Addresses = [.. Enumerable.Range(1, 9).Select(i => $"127.0.0.1:{i}")] }, ticket));
        Assert.Equal(ProblemCodes.InvalidInput, await RefusedAsync(1, member with { Session = -1 }, ticket));
        Assert.Empty((await SeenAsync(0)).Members);
    }

    [Fact]
    public async Task Eight_addresses_many_runs_and_terminals_that_only_fetch_are_told()
    {
        await AnnounceAsync(0);
        var runs = string.Join(',', Enumerable.Range(0, 16).Select(i => string.Create(CultureInfo.InvariantCulture, $"{4 * i}-{(4 * i) + (i % 3)}")));
        string[] addresses = [.. Enumerable.Range(1, 8).Select(i => string.Create(CultureInfo.InvariantCulture, $"127.0.0.{i}:{7000 + i}"))];
        await AnnounceAsync(1, Member(1, runs) with { Addresses = addresses });
        await AnnounceAsync(2, Member(2) with { Addresses = [] });
        var seen = (await SeenAsync(0)).Members.ToDictionary(member => member.Device);
        Assert.Equal(addresses, seen[Subject.DeviceOf(1)].Addresses);
        Assert.Equal(runs, seen[Subject.DeviceOf(1)].Chunks);
        Assert.Empty(seen[Subject.DeviceOf(2)].Addresses);
    }

    [Fact]
    public async Task Of_many_a_sample_is_told_and_their_number_and_whoever_asks_is_not_among_them()
    {
        var many = Subject.MembersPerAnswer + 12;
        for (var i = 0; i < many; i++)
        {
            await AnnounceAsync(i, Member(i) with { IsWhole = i == 5 });
        }

        await Subject.ConvergeAsync();
        var seen = new HashSet<string>();
        for (var i = 0; i < 2 * many; i++)
        {
            var view = await AnnounceAsync(i % many, Member(i % many, version: 1 + (i / many)) with { IsWhole = i % many == 5 });
            Assert.InRange(view.Count, Subject.KnowsAll ? many : Subject.MembersPerAnswer / 2, many);
            Assert.Equal(Math.Min(Subject.MembersPerAnswer, view.Count - 1), view.Members.Select(member => member.Device).Distinct().Count());
            Assert.DoesNotContain(view.Members, member => member.Device == Subject.DeviceOf(i % many));
            seen.UnionWith(view.Members.Select(member => member.Device));
        }

        Assert.Equal(many, seen.Count); // each is told to somebody
    }

    [Fact]
    public async Task Terminals_that_announce_at_once_are_all_known()
    {
        var terminals = Math.Min(16, Subject.MembersPerAnswer);
        await Task.WhenAll(Enumerable.Range(0, terminals).Select(i => Task.Run(async () =>
        {
            for (var version = 0; version < 10; version++)
            {
                await AnnounceAsync(i, Member(i, $"0-{version}", version: version));
            }
        }, Cancel)));
        await Subject.ConvergeAsync();
        var view = await AnnounceAsync(0, Member(0, "0-9", version: 10));
        Assert.Equal(terminals, view.Count);
        Assert.All(view.Members, member => Assert.Equal("0-9", member.Chunks));
        Assert.Equal(terminals - 1, view.Members.Count);
    }
}
