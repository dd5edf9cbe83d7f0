using System.Security.Cryptography;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Testing;
using Sharing.Trials.Index;

namespace Sharing.Tests.P2P.Index;

/// <summary>What a terminal believes of that which others say of themselves.</summary>
[Trait("Row", "D6")]
public sealed class SpreadRecordTests : IAsyncDisposable
{
    readonly TestShare _share = new();
    readonly SpreadNet _net = new();
    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly ECDsa _other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [Fact]
    public async Task A_record_that_its_terminal_did_not_sign_is_refused_and_so_is_its_sender_from_then_on()
    {
        var (swarm, ticket) = (await SwarmAsync(), await TicketAsync(NameOf(_key)));
        Assert.Null(swarm.Answer(Question(Record(ticket, signer: _other)), Now));
        Assert.DoesNotContain(NameOf(_key), Known(swarm));
        Assert.Null(swarm.Answer(Question(Record(ticket, signer: _key)), Now)); // whoever lies once
        Assert.DoesNotContain(NameOf(_key), Known(swarm));
        Assert.NotNull((await SwarmAsync(terminal: 1)).Answer(Question(Record(ticket, signer: _key)), Now));
    }

    [Fact]
    public async Task A_record_with_a_ticket_that_is_not_its_terminals_for_the_content_now_is_refused()
    {
        using var stranger = new TestShare(); // with a key of its own
        var (name, otherContent) = (NameOf(_key), new ContentId([.. Enumerable.Repeat((byte)9, ContentId.Size)]));
        string[] tickets =
        [
            await TicketAsync(NameOf(_other)), await TicketAsync(name, content: otherContent), await TicketAsync(name, life: TimeSpan.FromSeconds(-1)), await TicketAsync(name, by: stranger),
        ];
        for (var terminal = 0; terminal < tickets.Length; terminal++)
        {
            var swarm = await SwarmAsync(terminal);
            Assert.Null(swarm.Answer(Question(Record(tickets[terminal], signer: _key)), Now));
            Assert.DoesNotContain(name, Known(swarm));
        }
    }

    [Fact]
    public async Task What_is_handed_on_is_checked_as_well_and_whoever_hands_on_what_is_forged_is_asked_no_more()
    {
        var (swarm, liar) = (await SwarmAsync(), DeviceName.Parse(NameOf(_other))!.Value);
        Assert.NotNull(swarm.Answer(Question(Record(await TicketAsync(NameOf(_other)), signer: _other, key: _other)), Now));
        Assert.Contains(NameOf(_other), Known(swarm));
        Assert.False(swarm.Hear(liar, SpreadMessages.Answer([(Record(await TicketAsync(NameOf(_key)), signer: _other), 0)]), Now));
        Assert.Empty(Known(swarm));
    }

    [Fact]
    public async Task What_is_older_than_what_is_known_is_not_taken_and_what_is_newer_is()
    {
        var (swarm, ticket) = (await SwarmAsync(), await TicketAsync(NameOf(_key)));
        Assert.NotNull(swarm.Answer(Question(Record(ticket, signer: _key, version: 5, chunk: 1)), Now));
        Assert.NotNull(swarm.Answer(Question(Record(ticket, signer: _key, version: 4, chunk: 2)), Now));
        Assert.Equal((true, false), (Knows(1), Knows(2)));
        Assert.NotNull(swarm.Answer(Question(Record(ticket, signer: _key, version: 6, chunk: 3)), Now));
        Assert.Equal((false, true), (Knows(1), Knows(3)));

        bool Knows(int chunk) => swarm.Knows(chunk, static _ => true);
    }

    [Fact]
    public async Task What_a_terminal_says_of_itself_grows_newer_also_when_it_left_and_came_again_with_an_older_version()
    {
        var setting = new SpreadSwarm.Setting(64, 60_000, _key.ExportSubjectPublicKeyInfo(), text => _key.SignData(text, HashAlgorithmName.SHA256), static (_, _) => true);
        var (swarm, ticket, member) = (new SpreadSwarm(setting, new Random(1)), await TicketAsync(NameOf(_key)), Self(version: 3));
        SwarmMember[] start = [Self(version: 0) with { Device = NameOf(_other) }];
        var versions = new List<long>();
        Say(member, 1000);
        swarm.Leave(2000);
        Assert.True(Ask(2000).IsGone);
        Say(member, 3000);
        Say(member with { IsMetered = true }, 3001);
        Say(member with { IsMetered = true }, 10_000);
        Assert.Equal(versions.Distinct().Order(), versions);
        Assert.True(versions[0] >= 3);
        Say(Self(version: 2) with { IsWhole = true }, 20_000); // older than what it said itself
        Assert.False(SpreadMessages.ReadQuestion(swarm.Ask(start, 20_000)!.Value.Question)!.Own.Member.IsWhole);

        void Say(SwarmMember said, long now)
        {
            swarm.Say(said, ChunkSet.Parse("1-1")!.Value, ticket, now);
            Assert.False(Ask(now).IsGone);
        }

        SpreadRecord Ask(long now)
        {
            var own = SpreadMessages.ReadQuestion(swarm.Ask(start, now)!.Value.Question)!.Own;
            versions.Add(own.Member.Version);
            return own;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _net.DisposeAsync();
        _share.Dispose();
        _key.Dispose();
        _other.Dispose();
    }

    const long Now = 1000;

    static string NameOf(ECDsa key) => PeerCertificates.NameOf(key.ExportSubjectPublicKeyInfo());

    static List<string> Known(SpreadSwarm swarm) => [.. swarm.Look(100, Now).Members.Select(static member => member.Device)];

    static byte[] Question(SpreadRecord own) => SpreadMessages.Ask(own, [], [], new Random(1));

    /// <summary>What a terminal keeps that announced itself.</summary>
    async Task<SpreadSwarm> SwarmAsync(int terminal = 0)
    {
        var at = _net.At(terminal, _share);
        await at.Index.AnnounceAsync(_share.Content.Id, new() { Device = at.Device, Addresses = ["127.0.0.1:7400"] }, await TicketAsync(at.Device), TestContext.Current.CancellationToken);
        return at.Swarms.Find(_share.Content.Id)!;
    }

    Task<string> TicketAsync(string device, ContentId? content = null, TimeSpan? life = null, TestShare? by = null) => (by ?? _share).SignAsync(new()
    {
        Share = ShareId.Parse(new string('5', 32)), Content = content ?? _share.Content.Id, Length = _share.Content.Length, Device = device, Expires = _net.Time.GetUtcNow() + (life ?? TimeSpan.FromDays(1)),
    });

    SwarmMember Self(long version) => new() { Device = NameOf(_key), Addresses = ["127.0.0.9:7400"], Session = 1, Version = version };

    SpreadRecord Record(string ticket, ECDsa signer, ECDsa? key = null, long version = 0, int chunk = 0)
    {
        var bytes = SpreadRecord.Make(
            (key ?? _key).ExportSubjectPublicKeyInfo(), ticket, Self(version) with { Device = NameOf(key ?? _key) }, ChunkSet.Parse($"{chunk}-{chunk}")!.Value, gone: false,
            text => signer.SignData(text, HashAlgorithmName.SHA256))!.Bytes;
        return SpreadRecord.Read(bytes)!;
    }
}
