using Sharing.Core;
using Sharing.Trials.Scripted;
using static Sharing.Trials.Scripted.Samples;

namespace Sharing.Tests.Routes;

[Trait("Row", "R8")]
public sealed class TransferTests
{
    readonly TransferBench _bench = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Group - 1)]
    [InlineData(Group)]
    [InlineData(Group + 1)]
    [InlineData(2 * Group)]
    [InlineData((2 * Group) + 1)]
    [InlineData((7 * Group) - 1)]
    [InlineData(8 * Group)]
    public async Task Every_length_arrives_whether_the_origin_says_it_or_not(int length)
    {
        var bytes = Random(length, length);
        foreach (var (tells, ranges) in new[] { (true, true), (false, true), (true, false), (false, false) })
        {
            var origin = new ScriptedOrigin(bytes) { TellsLength = tells, KnowsRanges = ranges };
            var bench = new TransferBench();
            Assert.Equal(bytes, await bench.RunAsync(origin));
            Assert.Equal(length, origin.Delivered);
            Assert.Single(origin.Asked);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(Group)]
    [InlineData((3 * Group) + 5)]
    [InlineData((5 * Group) - 1)]
    public async Task After_a_reset_the_same_version_goes_on_at_the_first_missing_group(int at)
    {
        var bytes = Random(1, 5 * Group);
        var origin = new ScriptedOrigin(bytes) { Before = Scripts.ResetAt(at) };
        Assert.Equal(bytes, await _bench.RunAsync(origin));
        Assert.Equal([(0, null), (at / Group * Group, at < Group ? null : "\"1\"")], origin.Asked.Select(a => (a.Offset, a.Offset == 0 ? null : a.Validator)));
        Assert.True(origin.Delivered < bytes.Length + Group);
    }

    [Fact]
    public async Task An_origin_without_ranges_is_read_again_from_its_beginning_and_what_is_there_is_passed_over()
    {
        var bytes = Random(1, 5 * Group);
        var origin = new ScriptedOrigin(bytes) { KnowsRanges = false, Before = Scripts.ResetAt((3 * Group) + 9) };
        Assert.Equal(bytes, await _bench.RunAsync(origin));
        Assert.Equal(0, _bench.Told.Last().OriginChanges);
    }

    [Fact]
    public async Task Without_a_validator_the_rest_is_never_trusted_to_be_of_the_same_version()
    {
        var (old, now) = (Random(1, 5 * Group), Random(2, 5 * Group));
        var origin = new ScriptedOrigin(old, null);
        origin.Before = async (at, count, _) =>
        {
            if (ReferenceEquals(origin.Current.Bytes, old) && at >= 3 * Group)
            {
                origin.Change(now, null);
                throw new IOException("Reset.");
            }

            await Task.Yield();
            return count;
        };
        Assert.Equal(now, await _bench.RunAsync(origin));
        Assert.All(origin.Asked, asked => Assert.Equal(0, asked.Offset));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_changed_origin_is_fetched_anew_also_if_it_answers_a_range_of_the_new_version(bool knowsIfRange)
    {
        var (old, now) = (Random(1, 5 * Group), Random(2, (6 * Group) + 3));
        var origin = new ScriptedOrigin(old) { KnowsIfRange = knowsIfRange };
        var reset = Scripts.ResetAt((3 * Group) + 9);
        origin.Before = (at, count, token) =>
        {
            if (at >= 3 * Group && origin.Asked.Count == 1)
            {
                origin.Change(now, "\"2\"");
            }

            return reset(at, count, token);
        };
        Assert.Equal(now, await _bench.RunAsync(origin));
        Assert.Equal(1, _bench.Told.Last().OriginChanges);
    }

    [Fact]
    public async Task A_changed_origin_of_the_same_length_is_never_spliced()
    {
        var (old, now) = (Random(1, 5 * Group), Random(2, 5 * Group));
        var origin = new ScriptedOrigin(old) { KnowsIfRange = false };
        origin.Before = Scripts.OnceAt(3 * Group, () =>
        {
            origin.Change(now, "\"2\"");
            throw new IOException("Reset.");
        });
        Assert.Equal(now, await _bench.RunAsync(origin));
    }

    [Fact]
    public async Task Bytes_of_a_read_that_was_overtaken_are_never_taken_for_the_other_version()
    {
        var (old, now) = (Random(1, 5 * Group), Random(2, 5 * Group));
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var second = new ScriptedOrigin(now, "\"2\"") { Ready = began.Task, Traits = new("second", SourceKind.Origin) };
        var opened = 0;
        var first = new ScriptedOrigin(old)
        {
            Piece = Group,
            Opened = () =>
            {
                if (opened++ > 0)
                {
                    throw new IOException("It never comes back.");
                }
            },
            Before = async (at, count, _) =>
            {
                if (at == Group)
                {
                    began.TrySetResult();
                    await TransferLandingTests.UntilAsync(() => _bench.Told.Any(p => p.OriginChanges == 1)); // deaf to being cut
                }

                return count;
            },
        };
        Assert.Equal(now, await _bench.RunAsync(first, second));
        Assert.Equal(2 * Group, first.Delivered);
    }

    [Fact]
    public async Task An_origin_that_changes_too_often_is_given_up_by_name()
    {
        var origin = new ScriptedOrigin(Random(0, 5 * Group));
        var version = 1;
        origin.Before = (at, count, _) =>
        {
            if (at >= 2 * Group)
            {
                origin.Change(Random(++version, 5 * Group), $"\"{version}\"");
                throw new IOException("Reset.");
            }

            return new(count);
        };
        Assert.Equal(ProblemCodes.OriginChanged, (await _bench.FailsAsync(origin)).Code);
        Assert.Equal(_bench.Options.MaxOriginChanges + 2, version);
    }

    [Fact]
    public async Task A_truncated_body_of_a_known_length_is_asked_for_again_and_never_taken_for_whole()
    {
        var bytes = Random(1, 5 * Group);
        var cut = 0;
        var origin = new ScriptedOrigin(bytes)
        {
            Before = (at, count, _) => new(at >= (3 * Group) + 5 && cut++ == 0 ? 0 : count),
        };
        Assert.Equal(bytes, await _bench.RunAsync(origin));
    }

    [Fact]
    public async Task An_unknown_length_is_learnt_from_a_later_answer()
    {
        var bytes = Random(1, (5 * Group) + 7);
        var origin = new ScriptedOrigin(bytes) { TellsLength = false };
        origin.Before = Scripts.OnceAt(3 * Group, () =>
        {
            origin.TellsLength = true;
            throw new IOException("Reset.");
        });
        Assert.Equal(bytes, await _bench.RunAsync(origin));
        Assert.Equal(0, _bench.Told.Last().OriginChanges);
        Assert.True(origin.Delivered < bytes.Length + Group);
    }

    [Fact]
    public async Task A_body_that_ends_before_what_is_there_already_does_not_make_the_content_shorter()
    {
        var bytes = Random(1, 5 * Group);
        var opens = 0;
        var origin = new ScriptedOrigin(bytes) { TellsLength = false, KnowsRanges = false };
        origin.Before = (at, count, _) =>
        {
            if (at == 3 * Group && opens++ == 0)
            {
                throw new IOException("Reset.");
            }

            return new(at == Group && opens == 1 && origin.Asked.Count == 2 ? 0 : count);
        };
        Assert.Equal(bytes, await _bench.RunAsync(origin));
    }

    [Fact]
    public async Task An_answer_with_another_range_than_was_asked_for_is_not_taken()
    {
        var origin = new ScriptedOrigin(Random(1, 5 * Group)) { AnswersFrom = start => start + Group };
        Assert.Equal(ProblemCodes.NoSource, (await _bench.FailsAsync(origin)).Code);
        Assert.Equal(0, origin.Delivered);
        Assert.Equal(_bench.Options.MaxFailures, origin.Asked.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_too_large_is_refused_whether_its_length_is_said_or_seen(bool tells)
    {
        var bytes = Random(1, 5 * Group);
        var origin = new ScriptedOrigin(bytes) { TellsLength = tells };
        Assert.Equal(ProblemCodes.TooLarge, (await _bench.FailsAsync(bytes.Length - 1, origin)).Code);
        Assert.True(origin.Delivered <= (tells ? 0 : bytes.Length));
        var bench = new TransferBench();
        await using var transfer = await bench.StartAsync(bytes.Length, origin);
        Assert.Equal(bytes, await bench.EndAsync(transfer));
    }

    [Fact]
    public async Task When_no_source_is_left_the_transfer_fails_and_what_is_there_stays()
    {
        var bytes = Random(1, 6 * Group);
        var origin = new ScriptedOrigin(bytes) { Before = Scripts.ResetAt(4 * Group, int.MaxValue) };
        var library = new ScriptedLibrary(bytes);
        library.GiveUp();
        var error = await _bench.FailsAsync(origin, library);
        Assert.Equal(ProblemCodes.NoSource, error.Code);
        Assert.IsType<IOException>(error.InnerException);
        origin.Before = null;
        var before = origin.Delivered;
        Assert.Equal(bytes, await _bench.RunAsync(origin));
        Assert.Equal(2 * Group, origin.Delivered - before);
    }

    [Fact]
    public async Task Without_any_source_there_is_no_source() =>
        Assert.Equal(ProblemCodes.NoSource, (await _bench.FailsAsync()).Code);

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_make_a_source_rest_for_ever()
    {
        var bytes = Random(1, 3 * Group);
        var clock = new BackwardClock();
        var bench = new TransferBench(time: clock);
        var origin = new ScriptedOrigin(bytes)
        {
            Before = Scripts.OnceAt(Group, () =>
            {
                clock.Back = true;
                throw new IOException("Reset.");
            }),
        };
        Assert.Equal(bytes, await bench.RunAsync(origin));
    }

    [Fact]
    public async Task Progress_only_grows_and_ends_with_the_whole()
    {
        var bytes = Random(1, (9 * Group) + 1);
        var origin = new ScriptedOrigin(bytes) { Before = Scripts.ResetAt(5 * Group) };
        await using var transfer = await _bench.StartAsync(origin);
        var read = new List<TransferProgress>();
        await foreach (var progress in transfer.Progress)
        {
            read.Add(progress);
        }

        await transfer.Completion;
        foreach (var told in new[] { [.. _bench.Told], read })
        {
            Assert.Equal(told.Select(p => p.Done).Order(), told.Select(p => p.Done));
            Assert.All(told, p => Assert.True(p.Total is null || p.Done <= p.Total));
            Assert.Equal(bytes.Length, told[^1].Done);
            Assert.Equal(bytes.Length, told[^1].Total);
            Assert.Equal(origin.Delivered, told[^1].FromOrigin);
        }
    }

    [Fact]
    public async Task Two_sources_of_a_proven_content_share_the_chunks_and_none_is_fetched_twice()
    {
        var bytes = Random(1, (41 * Group) + 3);
        ScriptedLibrary[] libraries = [new(bytes) { Traits = new("one", SourceKind.Server) }, new(bytes) { Traits = new("two", SourceKind.Peer) }];
        foreach (var library in libraries)
        {
            library.Before = async (_, count, token) =>
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, token);
                return count;
            };
            library.Land();
        }

        Assert.Equal(bytes, await _bench.RunAsync(libraries));
        Assert.InRange(libraries.Sum(l => l.Delivered), bytes.Length, bytes.Length + (2 * Group));
        Assert.All(libraries, library => Assert.True(library.Delivered > 0));
    }

    sealed class BackwardClock : TimeProvider
    {
        public bool Back { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() - (Back ? TimeSpan.FromHours(1) : TimeSpan.Zero);
    }
}
