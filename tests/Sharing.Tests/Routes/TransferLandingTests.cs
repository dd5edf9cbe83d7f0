using Sharing.Core;
using Sharing.Trials.Scripted;
using static Sharing.Trials.Scripted.Samples;

namespace Sharing.Tests.Routes;

[Trait("Row", "R8")]
public sealed class TransferLandingTests
{
    readonly TransferBench _bench = new();

    [Theory]
    [InlineData(0, 10)]
    [InlineData(1, 10)]
    [InlineData((4 * Group) + 100, 6)]
    [InlineData(9 * Group, 1)]
    public async Task When_the_library_lands_only_the_missing_groups_come_from_it(int at, int missing)
    {
        var bytes = Random(1, 10 * Group);
        var library = new ScriptedLibrary(bytes);
        var origin = new ScriptedOrigin(bytes) { Before = Scripts.LandAt(at, library) };
        Assert.Equal(bytes, await _bench.RunAsync(origin, library));
        Assert.Equal(missing * Group, library.Delivered);
        Assert.Single(origin.Asked);
        Assert.Equal(0, _bench.Told.Last().OriginChanges);
        Assert.Equal(library.Delivered, _bench.Told.Last().FromServer);
    }

    [Theory]
    [InlineData("\"1\"")]
    [InlineData(null)]
    public async Task Of_another_version_only_the_groups_that_differ_or_are_missing_come_from_the_library(string? validator)
    {
        var bytes = Random(1, 40 * Group);
        var stored = Changed(bytes, 0, 7, 8, 20);
        var library = new ScriptedLibrary(stored);
        var origin = new ScriptedOrigin(bytes, validator) { Before = Scripts.LandAt(30 * Group, library) };
        Assert.Equal(stored, await _bench.RunAsync(origin, library));
        Assert.Equal((10 + 4) * Group, library.Delivered);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_origin_that_begins_anew_while_the_librarys_hashes_are_fetched_does_not_drop_what_they_will_prove(bool changes)
    {
        var bytes = Random(1, 40 * Group);
        var again = new TaskCompletionSource();
        var library = new ScriptedLibrary(bytes) { GroupsReady = again.Task };
        var opened = 0;
        var origin = new ScriptedOrigin(bytes, changes ? "\"1\"" : null);
        origin.Before = Scripts.OnceAt(30 * Group, () =>
        {
            library.Land();
            if (changes)
            {
                origin.Change(Random(2, 40 * Group), "\"2\"");
            }

            throw new IOException("Reset.");
        });
        origin.Opened = () =>
        {
            if (++opened == 2)
            {
                _ = Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System).ContinueWith(_ => again.SetResult(), TaskScheduler.Default); // time to do harm
            }
        };
        Assert.Equal(bytes, await _bench.RunAsync(origin, library));
        Assert.Equal(10 * Group, library.Delivered);
    }

    [Theory]
    [InlineData(3 * Group)]
    [InlineData((3 * Group) + 1)]
    [InlineData(Group)]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(12 * Group)]
    [InlineData((20 * Group) - 1)]
    public async Task A_library_version_of_another_length_is_what_results(int length)
    {
        var bytes = Random(1, 12 * Group);
        var stored = length <= bytes.Length ? bytes[..length] : [.. bytes, .. Random(2, length - bytes.Length)];
        var library = new ScriptedLibrary(stored);
        var origin = new ScriptedOrigin(bytes) { Before = Scripts.LandAt(8 * Group, library) };
        Assert.Equal(stored, await _bench.RunAsync(origin, library));
    }

    [Fact]
    public async Task An_origin_that_lies_about_its_version_is_found_out_when_the_library_lands()
    {
        var (old, now) = (Random(1, 10 * Group), Random(2, 10 * Group));
        var library = new ScriptedLibrary(now);
        var origin = new ScriptedOrigin(old);
        origin.Before = async (at, count, token) =>
        {
            if (at == 4 * Group && ReferenceEquals(origin.Current.Bytes, old))
            {
                origin.Change(now, "\"1\"");
                throw new IOException("Reset.");
            }

            return await Scripts.LandAt(7 * Group, library)(at, count, token);
        };
        Assert.Equal(now, await _bench.RunAsync(origin, library));
        Assert.Equal((4 + 3) * Group, library.Delivered);
    }

    [Fact]
    public async Task A_stalled_library_read_that_began_before_does_not_matter_to_an_origin_that_is_overtaken()
    {
        var bytes = Random(1, 10 * Group);
        var library = new ScriptedLibrary(bytes);
        var origin = new ScriptedOrigin(bytes)
        {
            Before = async (at, count, token) =>
            {
                if (at >= 5 * Group)
                {
                    library.Land();
                    try
                    {
                        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                    }
                    catch (OperationCanceledException cut)
                    {
                        throw new IOException("A connection that was cut says whatever it likes.", cut);
                    }
                }

                return count;
            },
        };
        Assert.Equal(bytes, await _bench.RunAsync(origin, library));
    }

    [Fact]
    public async Task A_library_that_fails_leaves_the_rest_to_the_origin()
    {
        var bytes = Random(1, 10 * Group);
        var library = new ScriptedLibrary(bytes) { Before = Scripts.ResetAt(6 * Group, int.MaxValue) };
        var origin = new ScriptedOrigin(bytes) { Before = Scripts.OnceAt(3 * Group, library.Land) };
        Assert.Equal(bytes, await _bench.RunAsync(origin, library));
    }

    [Fact]
    public async Task An_origin_that_stalls_while_the_library_rests_gives_way_again()
    {
        var bytes = Random(1, 10 * Group);
        var library = new ScriptedLibrary(bytes) { Before = Scripts.ResetAt(6 * Group) };
        var origin = new ScriptedOrigin(bytes)
        {
            Before = async (at, count, token) =>
            {
                if (at >= 2 * Group)
                {
                    library.Land();
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
                }

                return count;
            },
        };
        _bench.Options.FirstRest = TimeSpan.FromMilliseconds(200);
        Assert.Equal(bytes, await _bench.RunAsync(origin, library));
        Assert.Equal(2, origin.Asked.Count);
    }

    [Fact]
    public async Task A_list_of_groups_that_does_not_fold_into_the_id_is_never_adopted()
    {
        var bytes = Random(1, 10 * Group);
        var library = new ScriptedLibrary(bytes) { Groups = _ => GroupsOf(Changed(bytes, 2)) };
        library.Land();
        var lists = 0;
        var origin = new ScriptedOrigin(bytes)
        {
            Before = async (_, count, token) =>
            {
                for (lists = library.Lists; lists < _bench.Options.MaxFailures; lists = library.Lists)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, token);
                }

                return count;
            },
        };
        Assert.Equal(bytes, await _bench.RunAsync(origin, library));
        Assert.Equal(0, library.Delivered);
        Assert.Equal(bytes.Length, origin.Delivered);
    }

    [Fact]
    public async Task A_list_of_groups_that_is_right_only_the_first_time_does_no_harm()
    {
        var bytes = Random(1, 10 * Group);
        var library = new ScriptedLibrary(bytes) { Groups = before => GroupsOf(before == 0 ? bytes : Changed(bytes, 2)) };
        var origin = new ScriptedOrigin(bytes) { Before = Scripts.LandAt(5 * Group, library) };
        Assert.Equal(bytes, await _bench.RunAsync(origin, library));
    }

    [Fact]
    public async Task A_list_that_fails_once_is_fetched_again_and_the_origins_bytes_stay_what_they_were()
    {
        var bytes = Random(1, 10 * Group);
        var stored = Changed(bytes, 1);
        var library = new ScriptedLibrary(stored) { Groups = before => before == 0 ? GroupsOf(stored)[..100] : GroupsOf(stored) };
        var origin = new ScriptedOrigin(bytes) { Before = Scripts.LandAt(5 * Group, library) };
        Assert.Equal(stored, await _bench.RunAsync(origin, library));
        Assert.Equal((1 + 5) * Group, library.Delivered);
    }

    [Fact]
    public async Task A_source_that_lies_about_proven_bytes_is_left_alone_from_then_on()
    {
        var bytes = Random(1, 10 * Group);
        var liar = new ScriptedLibrary(bytes) { Bytes = Changed(bytes, 4), Traits = new("liar", SourceKind.Peer) };
        var honest = new ScriptedLibrary(bytes);
        liar.Land();
        honest.Before = async (_, count, token) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, token);
            return count;
        };
        liar.Before = Scripts.OnceAt(4 * Group, honest.Land);
        Assert.Equal(bytes, await _bench.RunAsync(liar, honest));
        Assert.True(liar.Delivered <= 6 * Group);
    }

    [Fact]
    public async Task A_second_library_with_another_content_is_left_alone()
    {
        var bytes = Random(1, 10 * Group);
        var (first, second) = (new ScriptedLibrary(bytes), new ScriptedLibrary(Random(2, 10 * Group)));
        first.Land();
        first.Before = Scripts.OnceAt(4 * Group, second.Land);
        Assert.Equal(bytes, await _bench.RunAsync(first, second));
        Assert.Equal(0, second.Delivered);
    }

    [Fact]
    public async Task A_proven_content_that_nobody_has_any_more_gives_way_at_the_next_try()
    {
        var (old, now) = (Random(1, 10 * Group), Random(2, 10 * Group));
        var library = new ScriptedLibrary(old);
        library.Land();
        library.Before = Scripts.StallAt(5 * Group);
        await using (var transfer = await _bench.StartAsync(library))
        {
            await UntilAsync(() => library.Delivered >= 5 * Group);
        }

        var origin = new ScriptedOrigin(now);
        var gone = new ScriptedLibrary(old);
        gone.GiveUp();
        Assert.Equal(ProblemCodes.NoSource, (await _bench.FailsAsync(origin, gone)).Code);
        Assert.Equal(now, await _bench.RunAsync(origin, gone));
    }

    [Fact]
    public async Task A_library_that_was_renewed_meanwhile_is_followed_to_its_new_content()
    {
        var old = Random(1, 10 * Group);
        var now = Changed(old, 2);
        var library = new ScriptedLibrary(old);
        library.Land();
        library.Before = Scripts.StallAt(5 * Group);
        await using (var transfer = await _bench.StartAsync(library))
        {
            await UntilAsync(() => library.Delivered >= 5 * Group);
        }

        var renewed = new ScriptedLibrary(now);
        renewed.Land();
        Assert.Equal(now, await _bench.RunAsync(renewed));
        Assert.InRange(renewed.Delivered, 6 * Group, 7 * Group);
    }

    internal static async Task UntilAsync(Func<bool> done)
    {
        using var patience = new CancellationTokenSource(TransferBench.Patience);
        while (!done())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, patience.Token);
        }
    }
}
