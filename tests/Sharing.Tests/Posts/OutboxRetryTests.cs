using Sharing.Offline;

namespace Sharing.Tests.Posts;

[Trait("Row", "R3")]
public sealed class OutboxRetryTests
{
    readonly OutboxBench _bench = new();

    public static TheoryData<RetrySafety> Kinds => [RetrySafety.ServerKey, RetrySafety.ClientChosenId, RetrySafety.LookFirst];

    async Task AssertOneAsync(FaultyNetwork network, PostId post)
    {
        Assert.Single(network.Shown);
        Assert.Equal(PublishState.Sent, (await _bench.LineAsync(post)).State);
        Assert.NotNull((await _bench.LineAsync(post)).RemoteId);
        Assert.False(await _bench.Outbox.RunOnceAsync("faulty"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_post_goes_out_once_and_never_again(RetrySafety retry)
    {
        var network = await _bench.AddAsync(retry);
        var post = await _bench.ShareAsync();
        Assert.Equal(PublishState.Queued, Assert.Single(post.Ledger!).State);
        await _bench.RunForAsync(TimeSpan.FromHours(5));
        await AssertOneAsync(network, post.Id);
        Assert.Equal(1, network.Calls);
        Assert.Equal($"d/{post.Id}", network.Shown[0].Link.PathAndQuery.TrimStart('/'));
        Assert.Equal("https://origin.example.org/film.mkv", network.Shown[0].Resource.Address.ToString());
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_reply_lost_before_or_after_the_network_stored_the_post_ends_in_one_post(RetrySafety retry)
    {
        foreach (var faults in new Fault[][] { [Fault.LostBefore], [Fault.LostAfter], [Fault.LostBefore, Fault.LostAfter, Fault.LostBefore], [Fault.LostAfter, Fault.LostAfter] })
        {
            var bench = new OutboxBench();
            var network = await bench.AddAsync(retry);
            foreach (var fault in faults)
            {
                network.Fails(fault);
            }

            var post = await bench.ShareAsync();
            await bench.RunAsync();
            Assert.Equal(PublishState.Waiting, (await bench.LineAsync(post.Id)).State);
            await bench.RunForAsync(TimeSpan.FromMinutes(20));
            Assert.Single(network.Shown);
            Assert.Equal(PublishState.Sent, (await bench.LineAsync(post.Id)).State);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_wait_that_is_answered_to_a_repeat_does_not_make_the_lost_attempt_known(RetrySafety retry)
    {
        // The first reply is lost after the post was stored; the second attempt is told to wait so long that the network forgets the key.
        var network = await _bench.AddAsync(retry);
        network.Fails(Fault.LostAfter).Answers(() => PublishOutcome.Wait(TimeSpan.FromHours(3)));
        var post = await _bench.ShareAsync();
        await _bench.RunForAsync(TimeSpan.FromHours(8));
        Assert.Single(network.Shown);
        Assert.Equal(retry == RetrySafety.ServerKey ? PublishState.Unknown : PublishState.Sent, (await _bench.LineAsync(post.Id)).State);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_lost_reply_and_then_a_login_in_between_end_in_one_post(RetrySafety retry)
    {
        var network = await _bench.AddAsync(retry, looks: retry == RetrySafety.ServerKey);
        network.Fails(Fault.LostAfter).Answers(() => PublishOutcome.NeedsLogin());
        var post = await _bench.ShareAsync();
        await _bench.RunForAsync(TimeSpan.FromMinutes(5));
        if (retry != RetrySafety.LookFirst) // which finds it before it would have to send
        {
            Assert.Equal(PublishState.NeedsLogin, (await _bench.LineAsync(post.Id)).State);
        }

        _bench.Time.Advance(TimeSpan.FromDays(1));
        await _bench.Accounts.ConnectAsync(OutboxBench.Anna, "faulty", "new");
        await _bench.RunForAsync(TimeSpan.FromHours(1));
        await AssertOneAsync(network, post.Id);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_dead_token_waits_for_a_login_and_then_goes_out_without_being_asked(RetrySafety retry)
    {
        var network = await _bench.AddAsync(retry);
        network.Knows = account => account.Token == "new";
        var post = await _bench.ShareAsync();
        await _bench.RunForAsync(TimeSpan.FromDays(3));
        Assert.Equal(PublishState.NeedsLogin, (await _bench.LineAsync(post.Id)).State);
        Assert.Equal(1, network.Calls);
        await _bench.Accounts.ConnectAsync(OutboxBench.Anna, "faulty", "new");
        await _bench.RunAsync();
        await AssertOneAsync(network, post.Id);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_login_that_comes_while_the_old_token_is_being_refused_is_not_missed(RetrySafety retry)
    {
        var network = await _bench.AddAsync(retry);
        network.Knows = account => account.Token == "new";
        network.Before = (_, cancellationToken) => _bench.Accounts.ConnectAsync(OutboxBench.Anna, "faulty", "new", cancellationToken);
        var post = await _bench.ShareAsync();
        await _bench.RunForAsync(TimeSpan.FromMinutes(5));
        await AssertOneAsync(network, post.Id);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_refused_stays_refused_with_its_reason(RetrySafety retry)
    {
        var network = await _bench.AddAsync(retry);
        network.Answers(() => PublishOutcome.Refused("too rude"));
        var post = await _bench.ShareAsync();
        await _bench.RunForAsync(TimeSpan.FromDays(2));
        Assert.Equal((PublishState.Refused, "too rude"), await _bench.LineAsync(post.Id) is var line ? (line.State, line.Reason) : default);
        Assert.Equal((1, 0), (network.Calls, network.Shown.Count));
    }

    public static TheoryData<RetrySafety, string, double> Waits
    {
        get
        {
            var data = new TheoryData<RetrySafety, string, double>();
            foreach (var kind in Kinds)
            {
                foreach (var (form, seconds) in new[]
                {
                    ("seconds", 40.0), ("date", 120), ("nothing", 1), ("negative", 1), ("past date", 1), ("year 9999", 86_400), ("for ever", 86_400),
                })
                {
                    data.Add(kind.Data, form, seconds);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task A_network_that_says_wait_is_asked_again_when_it_wished_and_not_before(RetrySafety retry, string form, double seconds)
    {
        var network = await _bench.AddAsync(retry);
        var now = _bench.Time.GetUtcNow();
        network.Answers(() => form switch
        {
            "seconds" => PublishOutcome.Wait(new System.Net.Http.Headers.RetryConditionHeaderValue(TimeSpan.FromSeconds(40))),
            "date" => PublishOutcome.Wait(new System.Net.Http.Headers.RetryConditionHeaderValue(now.AddMinutes(2))),
            "nothing" => PublishOutcome.Wait(null, "503"),
            "negative" => PublishOutcome.Wait(TimeSpan.FromSeconds(-5)),
            "past date" => PublishOutcome.Wait(new System.Net.Http.Headers.RetryConditionHeaderValue(now.AddYears(-1))),
            "year 9999" => PublishOutcome.Wait(new System.Net.Http.Headers.RetryConditionHeaderValue(DateTimeOffset.MaxValue)),
            _ => PublishOutcome.Wait(TimeSpan.MaxValue),
        });
        var post = await _bench.ShareAsync();
        await _bench.RunAsync();
        Assert.Equal((PublishState.Waiting, now.AddSeconds(seconds)), await _bench.LineAsync(post.Id) is var line ? (line.State, line.Until!.Value) : default);
        _bench.Time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        await _bench.RunAsync();
        Assert.Equal(1, network.Calls);
        _bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        await _bench.RunAsync();
        await AssertOneAsync(network, post.Id);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_network_that_fails_again_and_again_is_asked_ever_more_rarely(RetrySafety retry)
    {
        var network = await _bench.AddAsync(retry);
        for (var i = 0; i < 10; i++)
        {
            network.Answers(() => PublishOutcome.Wait(null, "503"));
        }

        var post = await _bench.ShareAsync();
        await _bench.RunForAsync(TimeSpan.FromMinutes(3)); // in steps of a minute
        Assert.InRange(network.Calls, 3, 5);
        await _bench.RunForAsync(TimeSpan.FromHours(1));
        await AssertOneAsync(network, post.Id);
    }

    [Fact]
    public async Task One_that_only_ever_says_wait_is_given_up_some_day_and_one_that_never_answers_is_unknown()
    {
        _bench.Options.PublishAttempts = 3;
        var (waits, silent) = (await _bench.AddAsync(RetrySafety.LookFirst, "waits"), await _bench.AddAsync(RetrySafety.ClientChosenId, "silent"));
        for (var i = 0; i < 9; i++)
        {
            waits.Answers(() => PublishOutcome.Wait(null, "busy"));
            silent.Fails(Fault.LostAfter);
        }

        var post = await _bench.ShareAsync();
        await _bench.RunForAsync(TimeSpan.FromHours(1), "waits");
        await _bench.RunForAsync(TimeSpan.FromHours(1), "silent");
        Assert.Equal((PublishState.Refused, 3), await _bench.LineAsync(post.Id, "waits") is var one ? (one.State, one.Attempts) : default);
        Assert.Equal((PublishState.Unknown, 3), await _bench.LineAsync(post.Id, "silent") is var two ? (two.State, two.Attempts) : default);
        Assert.Equal((3, 3), (waits.Calls, silent.Calls));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task After_the_key_window_a_lost_reply_is_looked_up_or_left_unknown_but_never_sent_blindly(bool looks)
    {
        var network = await _bench.AddAsync(RetrySafety.ServerKey, looks: looks);
        network.Fails(Fault.LostAfter);
        var post = await _bench.ShareAsync();
        await _bench.RunAsync();
        _bench.Time.Advance(TimeSpan.FromHours(2)); // the host was off
        await _bench.RunForAsync(TimeSpan.FromHours(1));
        Assert.Single(network.Shown);
        Assert.Equal(looks ? PublishState.Sent : PublishState.Unknown, (await _bench.LineAsync(post.Id)).State);
        Assert.Equal(1, network.Calls);
    }

    [Fact]
    public async Task A_repeat_that_could_arrive_after_the_key_window_is_not_sent()
    {
        var network = await _bench.AddAsync(RetrySafety.ServerKey);
        network.Fails(Fault.LostAfter).Answers(() => PublishOutcome.Wait(TimeSpan.FromMinutes(59)));
        var post = await _bench.ShareAsync();
        await _bench.RunAsync();
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        await _bench.RunAsync();
        _bench.Time.Advance(TimeSpan.FromMinutes(59)); // the window is open for another 59 seconds, a request may take 90
        await _bench.RunAsync();
        Assert.Equal(2, network.Calls);
        Assert.Equal(PublishState.Unknown, (await _bench.LineAsync(post.Id)).State);
    }

    [Fact]
    public async Task An_unknown_post_goes_out_again_when_its_owner_decides_so_and_nobody_else()
    {
        var network = await _bench.AddAsync(RetrySafety.ServerKey);
        network.Fails(Fault.LostBefore);
        var post = await _bench.ShareAsync();
        await _bench.RunAsync();
        _bench.Time.Advance(TimeSpan.FromHours(2));
        await _bench.RunAsync();
        Assert.False(await _bench.Outbox.RetryAsync(PersonId.Parse("ben"), post.Id, "faulty"));
        Assert.Empty(network.Shown);
        Assert.True(await _bench.Outbox.RetryAsync(OutboxBench.Anna, post.Id, "faulty"));
        await _bench.RunAsync();
        await AssertOneAsync(network, post.Id);
        Assert.False(await _bench.Outbox.RetryAsync(OutboxBench.Anna, post.Id, "faulty"));
    }

    [Theory]
    [InlineData(RetrySafety.LookFirst)]
    [InlineData(RetrySafety.ServerKey)]
    public async Task A_look_that_fails_is_repeated_and_nothing_is_sent_before_it_succeeds(RetrySafety retry)
    {
        var network = await _bench.AddAsync(retry, looks: true);
        network.Fails(Fault.LostAfter);
        network.LooksThatFail = 3;
        var post = await _bench.ShareAsync();
        await _bench.RunAsync();
        _bench.Time.Advance(TimeSpan.FromHours(2));
        await _bench.RunForAsync(TimeSpan.FromHours(1));
        await AssertOneAsync(network, post.Id);
        Assert.Equal((1, 4), (network.Calls, network.Looks));
    }

    [Fact]
    public async Task An_owner_who_retries_an_unknown_post_does_not_post_twice_where_one_can_look()
    {
        _bench.Options.PublishAttempts = 2;
        var network = await _bench.AddAsync(RetrySafety.LookFirst);
        network.Fails(Fault.LostAfter);
        network.LooksThatFail = 1;
        var post = await _bench.ShareAsync();
        await _bench.RunForAsync(TimeSpan.FromHours(1));
        Assert.Equal(PublishState.Unknown, (await _bench.LineAsync(post.Id)).State);
        Assert.True(await _bench.Outbox.RetryAsync(OutboxBench.Anna, post.Id, "faulty"));
        await _bench.RunAsync();
        await AssertOneAsync(network, post.Id);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_process_that_dies_between_the_intent_and_the_answer_posts_once(RetrySafety retry)
    {
        foreach (var stored in new[] { true, false })
        {
            var bench = new OutboxBench();
            var network = await bench.AddAsync(retry);
            network.Fails(stored ? Fault.LostAfter : Fault.LostBefore);
            using var death = new CancellationTokenSource();
            network.Before = (_, _) => death.CancelAsync();
            var post = await bench.ShareAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => bench.Outbox.RunOnceAsync("faulty", death.Token));
            while (network.Ended == 0)
            {
                await Task.Yield();
            }

            network.Before = (_, _) => Task.CompletedTask;
            bench.Restart();
            Assert.False(await bench.Outbox.RunOnceAsync("faulty"), "What the dead process had claimed comes back in time, not at once.");
            await bench.RunForAsync(TimeSpan.FromMinutes(10));
            Assert.Single(network.Shown);
            Assert.Equal(PublishState.Sent, (await bench.LineAsync(post.Id)).State);
        }
    }
}
