using System.Text;
using Sharing.Offline;

namespace Sharing.Tests.Posts;

[Trait("Row", "R3")]
public sealed class OutboxTests
{
    readonly OutboxBench _bench = new();

    public static TheoryData<RetrySafety> Kinds => OutboxRetryTests.Kinds;

    static Resource Known(long length, string? note = null) => new()
    {
        Address = new("https://origin.example.org/film.mkv"), Name = "film.mkv", Length = length,
        More = note is null ? null : new Dictionary<string, string> { ["note"] = note },
    };

    [Fact(Timeout = 60_000)]
    public async Task A_network_that_hangs_holds_up_no_other_and_is_given_up_in_time()
    {
        var hanging = await _bench.AddAsync(RetrySafety.ClientChosenId, "hanging");
        var deaf = await _bench.AddAsync(RetrySafety.ClientChosenId, "deaf");
        var quick = await _bench.AddAsync(RetrySafety.ClientChosenId, "quick");
        hanging.Fails(Fault.Hangs);
        var never = new TaskCompletionSource();
        deaf.Before = (_, _) => never.Task; // does not even listen to its token
        var post = await _bench.ShareAsync();
        var stuck = Task.WhenAll(_bench.Outbox.RunOnceAsync("hanging"), _bench.Outbox.RunOnceAsync("deaf"));
        await _bench.RunAsync("quick");
        Assert.Single(quick.Shown);
        while (hanging.Calls + deaf.Calls < 2)
        {
            await Task.Yield();
        }

        Assert.False(stuck.IsCompleted);
        _bench.Time.Advance(_bench.Options.PublishTimeout);
        await stuck;
        Assert.Equal(PublishState.Waiting, (await _bench.LineAsync(post.Id, "hanging")).State);
        Assert.Equal(PublishState.Waiting, (await _bench.LineAsync(post.Id, "deaf")).State);
        await _bench.RunForAsync(TimeSpan.FromMinutes(2), "hanging");
        Assert.Single(hanging.Shown);
    }

    [Fact]
    public async Task A_network_that_refuses_undoes_no_other()
    {
        (await _bench.AddAsync(RetrySafety.ClientChosenId, "rude")).Answers(() => PublishOutcome.Refused("no"));
        var kind = await _bench.AddAsync(RetrySafety.ServerKey, "kind");
        var post = await _bench.ShareAsync();
        await _bench.RunAsync("rude");
        await _bench.RunAsync("kind");
        Assert.Single(kind.Shown);
        Assert.Equal(
            [("kind", PublishState.Sent), ("rude", PublishState.Refused)],
            (await _bench.Posts.FindAsync(OutboxBench.Anna, post.Id))!.Ledger!.Select(line => (line.Network, line.State)));
    }

    [Fact]
    [Trait("Row", "R4")]
    public async Task A_post_for_an_audience_that_a_network_cannot_keep_never_reaches_it_and_the_ledger_says_so()
    {
        var network = await _bench.AddAsync(RetrySafety.ClientChosenId, canUpdate: true);
        foreach (var audience in new[] { Audience.Followers, Audience.Of(PersonId.Parse("ben")) })
        {
            var post = await _bench.ShareAsync(audience);
            await _bench.Posts.UpdateAsync(OutboxBench.Anna, post.Id, Known(7));
            await _bench.RunForAsync(TimeSpan.FromHours(1));
            var line = await _bench.LineAsync(post.Id);
            Assert.Equal(PublishState.Refused, line.State);
            Assert.Contains("audience", line.Reason, StringComparison.Ordinal);
            Assert.False(await _bench.Outbox.RetryAsync(OutboxBench.Anna, post.Id, "faulty"));
            await _bench.Posts.WithdrawAsync(OutboxBench.Anna, post.Id);
            await _bench.RunForAsync(TimeSpan.FromHours(1));
        }

        Assert.Equal(0, network.Calls);
        await _bench.ShareAsync(Audience.Friends);
        await _bench.RunAsync();
        Assert.Single(network.Shown);
    }

    [Fact]
    [Trait("Row", "R4")]
    public async Task A_network_that_can_keep_less_after_a_restart_is_not_sent_what_was_queued_before()
    {
        var network = await _bench.AddAsync(RetrySafety.ClientChosenId);
        var post = await _bench.ShareAsync(Audience.Friends);
        network.Traits = network.Traits with { Audiences = [AudienceKind.Everyone] };
        _bench.Restart();
        await _bench.RunAsync();
        Assert.Equal(0, network.Calls);
        Assert.Equal(PublishState.Refused, (await _bench.LineAsync(post.Id)).State);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_changes_while_it_is_queued_goes_out_once_as_it_is_then(RetrySafety retry)
    {
        var network = await _bench.AddAsync(retry);
        var post = await _bench.ShareAsync();
        await _bench.Posts.UpdateAsync(OutboxBench.Anna, post.Id, Known(4711));
        await _bench.Posts.UpdateAsync(OutboxBench.Anna, post.Id, Known(4711)); // says nothing new
        await _bench.RunForAsync(TimeSpan.FromHours(1));
        Assert.Equal((2, 4711L), (Assert.Single(network.Shown).Revision, network.Shown[0].Resource.Length!.Value));
        Assert.Equal(1, network.Calls);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_changes_afterwards_is_changed_where_that_can_be_done_and_left_where_not(RetrySafety retry)
    {
        var changing = await _bench.AddAsync(retry, "changing", canUpdate: true);
        var fixedOne = await _bench.AddAsync(retry, "fixed");
        var post = await _bench.ShareAsync();
        for (var round = 1; round < 4; round++)
        {
            await _bench.RunForAsync(TimeSpan.FromMinutes(5), "changing");
            await _bench.RunForAsync(TimeSpan.FromMinutes(5), "fixed");
            await _bench.Posts.UpdateAsync(OutboxBench.Anna, post.Id, Known(round, "note"));
        }

        await _bench.RunAsync("changing");
        await _bench.RunAsync("fixed");
        Assert.Equal((4, 3L), (Assert.Single(changing.Shown).Revision, changing.Shown[0].Resource.Length!.Value));
        Assert.Equal((1, 1), (Assert.Single(fixedOne.Shown).Revision, fixedOne.Calls));
        Assert.Equal((4, PublishState.Sent), await _bench.LineAsync(post.Id, "changing") is var line ? (line.Revision, line.State) : default);
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Kinds))]
    public async Task What_changes_while_it_is_being_sent_waits_until_that_has_ended(RetrySafety retry)
    {
        foreach (var (canUpdate, fault) in new[] { (true, Fault.None), (false, Fault.None), (true, Fault.LostAfter), (false, Fault.LostAfter) })
        {
            var bench = new OutboxBench();
            var network = await bench.AddAsync(retry, canUpdate: canUpdate);
            network.Fails(fault);
            var (calls, sending, go) = (0, new TaskCompletionSource(), new TaskCompletionSource());
            network.Before = (_, _) =>
            {
                calls++;
                sending.TrySetResult();
                return go.Task;
            };
            var post = await bench.ShareAsync();
            var first = bench.Outbox.RunOnceAsync("faulty");
            await sending.Task;
            await bench.Posts.UpdateAsync(OutboxBench.Anna, post.Id, Known(4711));
            await bench.RunAsync(); // another worker claims what was scheduled anew
            Assert.Equal(1, calls);
            go.SetResult();
            await first;
            await bench.RunForAsync(TimeSpan.FromMinutes(10));
            Assert.Equal(canUpdate ? 2 : 1, Assert.Single(network.Shown).Revision);
            Assert.Equal(PublishState.Sent, (await bench.LineAsync(post.Id)).State);
            if (fault == Fault.None && !canUpdate)
            {
                Assert.Equal(1, calls);
            }
        }
    }

    [Fact]
    public async Task A_change_does_not_make_a_network_that_said_wait_be_asked_sooner()
    {
        var network = await _bench.AddAsync(RetrySafety.ClientChosenId);
        network.Answers(() => PublishOutcome.Wait(TimeSpan.FromHours(2)));
        var post = await _bench.ShareAsync();
        await _bench.RunAsync();
        await _bench.Posts.UpdateAsync(OutboxBench.Anna, post.Id, Known(7));
        await _bench.RunForAsync(TimeSpan.FromMinutes(119));
        Assert.Equal(1, network.Calls);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        await _bench.RunAsync();
        Assert.Equal(2, Assert.Single(network.Shown).Revision);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_post_withdrawn_before_it_was_sent_never_goes_out(RetrySafety retry)
    {
        var network = await _bench.AddAsync(retry, canUpdate: true);
        var post = await _bench.ShareAsync();
        Assert.True(await _bench.Posts.WithdrawAsync(OutboxBench.Anna, post.Id));
        Assert.False(await _bench.Posts.WithdrawAsync(OutboxBench.Anna, post.Id));
        await _bench.RunForAsync(TimeSpan.FromHours(1));
        Assert.Equal((0, PublishState.Refused), (network.Calls, await _bench.StateAsync(post.Id)));
        Assert.Null(await _bench.Posts.FindAsync(OutboxBench.Anna, post.Id));
        Assert.Empty((await _bench.Posts.ListAsync(OutboxBench.Anna)).Posts);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_post_withdrawn_afterwards_is_withdrawn_where_it_may_be_shown_also_when_nobody_knows(RetrySafety retry)
    {
        foreach (var fault in new[] { Fault.None, Fault.LostAfter })
        {
            var bench = new OutboxBench();
            var network = await bench.AddAsync(retry, canUpdate: true);
            network.Fails(fault);
            var post = await bench.ShareAsync();
            await bench.RunAsync();
            await bench.Posts.WithdrawAsync(OutboxBench.Anna, post.Id);
            await bench.RunForAsync(TimeSpan.FromHours(3));
            Assert.True(Assert.Single(network.Shown).Withdrawn);
            Assert.Equal(PublishState.Sent, await bench.StateAsync(post.Id));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_withdrawal_is_never_sent_to_a_network_that_would_take_it_for_a_post(RetrySafety retry)
    {
        foreach (var fault in new[] { Fault.None, Fault.LostBefore, Fault.LostAfter })
        {
            var bench = new OutboxBench();
            var network = await bench.AddAsync(retry);
            network.Fails(fault);
            var post = await bench.ShareAsync();
            await bench.RunAsync();
            await bench.Posts.WithdrawAsync(OutboxBench.Anna, post.Id);
            await bench.RunForAsync(TimeSpan.FromHours(3));
            Assert.Equal(1, network.Calls);
            Assert.Equal(fault == Fault.None ? PublishState.Sent : PublishState.Unknown, await bench.StateAsync(post.Id));
        }
    }

    [Fact]
    public async Task A_withdrawal_that_needs_a_login_goes_out_when_there_is_one()
    {
        var network = await _bench.AddAsync(RetrySafety.ClientChosenId, canUpdate: true);
        var post = await _bench.ShareAsync();
        await _bench.RunAsync();
        network.Knows = account => account.Token == "new";
        await _bench.Posts.WithdrawAsync(OutboxBench.Anna, post.Id);
        await _bench.RunForAsync(TimeSpan.FromHours(1));
        Assert.False(network.Shown[0].Withdrawn);
        await _bench.Accounts.ConnectAsync(OutboxBench.Anna, "faulty", "new");
        await _bench.RunAsync();
        Assert.True(network.Shown[0].Withdrawn);
    }

    [Fact]
    public async Task An_update_that_is_refused_leaves_the_post_withdrawable()
    {
        var network = await _bench.AddAsync(RetrySafety.ClientChosenId, canUpdate: true);
        var post = await _bench.ShareAsync();
        await _bench.RunAsync();
        network.Answers(() => PublishOutcome.Refused("no changes today"));
        await _bench.Posts.UpdateAsync(OutboxBench.Anna, post.Id, Known(7));
        await _bench.RunAsync();
        Assert.Equal(PublishState.Refused, (await _bench.LineAsync(post.Id)).State);
        await _bench.Posts.WithdrawAsync(OutboxBench.Anna, post.Id);
        await _bench.RunAsync();
        Assert.True(network.Shown[0].Withdrawn);
    }

    [Fact]
    public async Task A_share_goes_to_the_networks_that_are_connected_and_to_no_other()
    {
        var connected = await _bench.AddAsync(RetrySafety.ClientChosenId, "connected");
        var other = await _bench.AddAsync(RetrySafety.ClientChosenId, "other", connect: false);
        var home = await _bench.AddAsync(RetrySafety.ClientChosenId, "home", connect: false);
        home.Traits = home.Traits with { NeedsAccount = false };
        var post = await _bench.ShareAsync();
        Assert.Equal(["connected", "home"], post.Ledger!.Select(line => line.Network));
        Assert.True(await _bench.Accounts.DisconnectAsync(OutboxBench.Anna, "connected"));
        Assert.False(await _bench.Accounts.DisconnectAsync(OutboxBench.Anna, "connected"));
        await _bench.RunAsync("connected");
        await _bench.RunAsync("home");
        Assert.Equal(PublishState.NeedsLogin, (await _bench.LineAsync(post.Id, "connected")).State);
        Assert.Equal((0, 0, 1), (connected.Calls, other.Calls, home.Calls));
        Assert.Equal(
            [("connected", false), ("home", true), ("other", false)],
            (await _bench.Accounts.ListAsync(OutboxBench.Anna)).Select(state => (state.Network, state.Connected)));
        var unknown = await Assert.ThrowsAsync<SharingException>(() => _bench.Accounts.ConnectAsync(OutboxBench.Anna, "nowhere", "x"));
        Assert.Equal(ProblemCodes.InvalidInput, unknown.Code);
    }

    [Fact]
    public async Task A_network_that_needs_no_account_takes_none_and_everybody_is_connected_to_it()
    {
        var network = await _bench.AddAsync(RetrySafety.ServerKey, connect: false);
        network.Traits = network.Traits with { NeedsAccount = false };
        _bench.Restart();
        Assert.Equal(
            ProblemCodes.InvalidInput,
            (await Assert.ThrowsAsync<SharingException>(() => _bench.Accounts.ConnectAsync(OutboxBench.Anna, "faulty", "secret"))).Code);
        Assert.Equal((true, false), (await _bench.Accounts.ListAsync(OutboxBench.Anna)).Select(state => (state.Connected, state.NeedsAccount)).Single());
    }

    [Fact]
    public async Task A_share_repeated_with_its_key_is_the_same_share_and_a_key_used_for_another_is_told()
    {
        var network = await _bench.AddAsync(RetrySafety.ClientChosenId);
        var key = new string('鍵', 200);
        var posts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _bench.ShareAsync(key: key))));
        Assert.Single(posts.Select(post => post.Id).Distinct());
        await _bench.RunAsync();
        Assert.Equal(posts[0].Id, (await _bench.ShareAsync(key: key)).Id);
        await _bench.RunAsync();
        Assert.Single(network.Shown);
        foreach (var other in new[] { () => _bench.ShareAsync(key: key, text: "another"), () => _bench.ShareAsync(Audience.Friends, key) })
        {
            Assert.Equal(ProblemCodes.KeyReused, (await Assert.ThrowsAsync<SharingException>(other)).Code);
        }

        Assert.NotEqual((await _bench.ShareAsync()).Id, (await _bench.ShareAsync()).Id);
        Assert.NotEqual(posts[0].Id, (await _bench.ShareAsync(key: "k")).Id);
    }

    [Fact]
    [Trait("Row", "R4")]
    public async Task A_ledger_is_its_owners_alone_and_a_named_reader_learns_of_no_other()
    {
        await _bench.AddAsync(RetrySafety.ClientChosenId);
        var (ben, carl) = (PersonId.Parse("ben"), PersonId.Parse("carl"));
        var post = await _bench.ShareAsync(Audience.Of(ben, carl));
        var seen = await _bench.Posts.FindAsync(ben, post.Id);
        Assert.Null(seen!.Ledger);
        Assert.Equal([ben], seen.Audience.People);
        Assert.Null(await _bench.Posts.FindAsync(PersonId.Parse("sue"), post.Id));
        Assert.Null(await _bench.Posts.FindAsync(null, post.Id));
        Assert.NotNull((await _bench.Posts.FindAsync(OutboxBench.Anna, post.Id))!.Ledger);
        Assert.Null(await _bench.Posts.UpdateAsync(ben, post.Id, Known(1)));
        Assert.False(await _bench.Posts.WithdrawAsync(ben, post.Id));
        Assert.Empty((await _bench.Posts.ListAsync(ben)).Posts);
    }

    [Fact]
    public async Task A_text_is_cut_at_whole_characters_as_people_see_them()
    {
        var network = await _bench.AddAsync(RetrySafety.ClientChosenId);
        network.Traits = network.Traits with { MaxTextLength = 5 };
        _bench.Restart();
        foreach (var (text, cut) in new[]
        {
            ("abcde", "abcde"), ("abcdef", "abcd…"), (string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 6)), string.Concat(Enumerable.Repeat("👨‍👩‍👧‍👦", 4)) + "…"),
            ("e\u0301e\u0301e\u0301e\u0301e\u0301", "e\u0301e\u0301e\u0301e\u0301e\u0301"), ("🇩🇪🇩🇪🇩🇪🇩🇪🇩🇪🇩🇪", "🇩🇪🇩🇪🇩🇪🇩🇪…"),
        })
        {
            await _bench.ShareAsync(text: text);
            await _bench.RunAsync();
            Assert.Equal(cut, network.Shown[^1].Text);
        }
    }

    [Fact]
    public async Task A_publisher_whose_traits_do_not_fit_it_and_two_of_one_name_stop_the_host()
    {
        await _bench.AddAsync(RetrySafety.ClientChosenId);
        _bench.Publishers.Add(new FaultyNetwork(RetrySafety.LookFirst, _bench.Time));
        Assert.Contains("IPostLookup", Assert.Throws<InvalidOperationException>(_bench.Restart).Message, StringComparison.Ordinal);
        _bench.Publishers[1] = new FaultyNetwork(RetrySafety.ServerKey, _bench.Time);
        Assert.Contains("Two publishers", Assert.Throws<InvalidOperationException>(_bench.Restart).Message, StringComparison.Ordinal);
        foreach (var name in new[] { "", "Upper", "a b", new string('a', 41) })
        {
            var bad = new FaultyNetwork(RetrySafety.ServerKey, _bench.Time);
            bad.Traits = bad.Traits with { Network = name };
            _bench.Publishers[1] = bad;
            Assert.Throws<InvalidOperationException>(_bench.Restart);
        }
    }

    [Fact]
    public async Task A_token_is_in_no_answer_and_in_no_text_of_an_account()
    {
        await _bench.AddAsync(RetrySafety.ClientChosenId);
        var post = await _bench.ShareAsync();
        Assert.DoesNotContain("secret", $"{new Account { Owner = OutboxBench.Anna, Network = "x", Token = "secret" }}", StringComparison.Ordinal);
        Assert.DoesNotContain("secret", $"{post}{string.Join(' ', await _bench.Accounts.ListAsync(OutboxBench.Anna))}", StringComparison.Ordinal);
        var ledger = await _bench.Records.GetAsync(RecordKey.Of("ledger", post.Id.Value, "faulty"));
        Assert.DoesNotContain("secret", Encoding.UTF8.GetString(ledger!.Json.Span), StringComparison.Ordinal);
    }
}
