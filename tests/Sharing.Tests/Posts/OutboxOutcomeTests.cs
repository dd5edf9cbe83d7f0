using Sharing.Offline;

namespace Sharing.Tests.Posts;

/// <summary>What the outbox makes of each thing that a network may say.</summary>
[Trait("Row", "R3")]
public sealed class OutboxOutcomeTests
{
    readonly OutboxBench _bench = new();

    [Fact]
    public async Task Being_held_back_is_no_attempt_however_often_it_happens()
    {
        var network = await _bench.AddAsync(RetrySafety.ClientChosenId);
        for (var i = 0; i < 120; i++)
        {
            network.Answers(() => PublishOutcome.Hold(_bench.Time.GetUtcNow() + TimeSpan.FromMinutes(5), "not now"));
        }

        var post = await _bench.ShareAsync();
        await _bench.RunAsync();
        Assert.Equal((PublishState.Waiting, 0, "not now"), ((await _bench.LineAsync(post.Id)).State, (await _bench.LineAsync(post.Id)).Attempts, (await _bench.LineAsync(post.Id)).Reason));
        await _bench.RunForAsync(TimeSpan.FromHours(11));
        Assert.Equal((PublishState.Sent, 121), ((await _bench.LineAsync(post.Id)).State, network.Calls));
    }

    [Theory]
    [InlineData(RetrySafety.ServerKey)]
    [InlineData(RetrySafety.LookFirst)]
    public async Task What_may_be_there_is_said_with_its_reason_and_stays_uncertain(RetrySafety retry)
    {
        var network = await _bench.AddAsync(retry, looks: true);
        network.Fails(Fault.LostAfter); // it is there
        network.Answers(static () => PublishOutcome.Lost("broke off", TimeSpan.FromHours(3)));
        var post = await _bench.ShareAsync();
        await _bench.RunAsync();
        await _bench.RunForAsync(TimeSpan.FromHours(4));
        Assert.Equal(PublishState.Sent, (await _bench.LineAsync(post.Id)).State);
        Assert.Single(network.Shown);
    }

    [Fact]
    public async Task A_reason_is_shown_while_it_waits()
    {
        var network = await _bench.AddAsync(RetrySafety.ClientChosenId);
        network.Answers(static () => PublishOutcome.Lost("example.org broke off", TimeSpan.FromHours(3)));
        var post = await _bench.ShareAsync();
        await _bench.RunAsync();
        var line = await _bench.LineAsync(post.Id);
        Assert.Equal((PublishState.Waiting, 1, "example.org broke off", _bench.Time.GetUtcNow() + TimeSpan.FromHours(3)), (line.State, line.Attempts, line.Reason, line.Until!.Value));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_no_repeat_is_safe_a_lost_reply_is_unknown_and_is_not_sent_again_until_somebody_says_so(bool wasThere)
    {
        var network = await _bench.AddAsync(RetrySafety.None, canUpdate: true);
        network.Fails(wasThere ? Fault.LostAfter : Fault.LostBefore);
        var post = await _bench.ShareAsync();
        await _bench.RunForAsync(TimeSpan.FromDays(3));
        var line = await _bench.LineAsync(post.Id);
        Assert.Equal((PublishState.Unknown, 1), (line.State, network.Calls));
        Assert.Contains("only if you know", line.Reason, StringComparison.Ordinal);
        Assert.True(await _bench.Outbox.RetryAsync(OutboxBench.Anna, post.Id, "faulty"));
        await _bench.RunForAsync(TimeSpan.FromHours(1));
        Assert.Equal((PublishState.Sent, 2), ((await _bench.LineAsync(post.Id)).State, network.Calls));
    }

    [Fact]
    public async Task Where_no_repeat_is_safe_a_change_whose_reply_was_lost_is_unknown_too_and_the_next_change_goes_out()
    {
        var network = await _bench.AddAsync(RetrySafety.None, canUpdate: true);
        var post = await _bench.ShareAsync();
        await _bench.RunAsync();
        network.Fails(Fault.LostAfter);
        await _bench.Posts.UpdateAsync(OutboxBench.Anna, post.Id, post.Resource with { Length = 4711 });
        await _bench.RunForAsync(TimeSpan.FromDays(3));
        Assert.Equal((PublishState.Unknown, 2), ((await _bench.LineAsync(post.Id)).State, network.Calls));
        Assert.True(await _bench.Posts.WithdrawAsync(OutboxBench.Anna, post.Id));
        await _bench.RunForAsync(TimeSpan.FromHours(1));
        Assert.Equal(3, network.Calls);
        Assert.True(Assert.Single(network.Shown).Withdrawn);
    }

    [Fact]
    public async Task A_network_that_was_told_a_post_is_told_its_own_id_of_it_when_it_changes()
    {
        var network = await _bench.AddAsync(RetrySafety.ServerKey, canUpdate: true);
        var post = await _bench.ShareAsync();
        await _bench.RunAsync();
        Assert.Null(network.Shown[0].RemoteId);
        await _bench.Posts.UpdateAsync(OutboxBench.Anna, post.Id, post.Resource with { Length = 4711 });
        await _bench.RunAsync();
        Assert.Equal("remote-0", network.Shown[0].RemoteId);
    }

    [Theory]
    [InlineData("a", 10, 0, 10)]
    [InlineData("👨‍👩‍👧‍👦", 0, 100, 97)] // 25 bytes each, and an ellipsis of 3: three families
    [InlineData("👨‍👩‍👧‍👦", 3, 100, 53)]
    [InlineData("é", 0, 9, 9)]
    [InlineData("a", 0, 1, 3)] // no room for anything: the ellipsis alone
    public async Task A_text_is_cut_by_characters_and_by_bytes(string character, int length, int bytes, int expected)
    {
        var network = await _bench.AddAsync(RetrySafety.ClientChosenId);
        network.Traits = network.Traits with { MaxTextLength = length, MaxTextBytes = bytes };
        _bench.Restart();
        await _bench.ShareAsync(text: string.Concat(Enumerable.Repeat(character, 50)));
        await _bench.RunAsync();
        var text = network.Shown[0].Text;
        Assert.EndsWith("…", text, StringComparison.Ordinal);
        Assert.True(System.Text.Encoding.UTF8.GetByteCount(text) <= Math.Max(expected, 3) + (length > 0 && bytes == 0 ? 2 : 0), text);
        Assert.Equal(text.TrimEnd('…'), string.Concat(Enumerable.Repeat(character, text.TrimEnd('…').Length / character.Length)));
    }

    [Fact]
    public async Task An_account_says_where_it_is_and_a_network_that_can_be_asked_is_asked_first()
    {
        var network = await _bench.AddAsync(RetrySafety.ClientChosenId, connect: false);
        network.Traits = network.Traits with { HasServers = true, HasNames = true };
        _bench.Restart();
        await _bench.Accounts.ConnectAsync(OutboxBench.Anna, "faulty", new AccountToken("secret", new("https://example.social/"), "anna"));
        Account? seen = null;
        network.Knows = account => (seen = account) is not null;
        await _bench.ShareAsync();
        await _bench.RunAsync();
        Assert.Equal((new Uri("https://example.social/"), "anna", "secret"), (seen!.Server, seen.Name, seen.Token));
        var state = Assert.Single(await _bench.Accounts.ListAsync(OutboxBench.Anna));
        Assert.Equal((true, true, true, "anna", new Uri("https://example.social/")), (state.Connected, state.HasServers, state.HasNames, state.Name, state.Server));
        foreach (var bad in new[] { new AccountToken(new string('x', 4001)), new("x", new("ftp://x/")), new("x", new("relative", UriKind.Relative)), new("x", null, new string('x', 501)) })
        {
            Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => _bench.Accounts.ConnectAsync(OutboxBench.Anna, "faulty", bad))).Code);
        }
    }
}
