using Sharing.Core;
using Sharing.Offline;
using Sharing.Trials.Scripted;
using static Sharing.Trials.Scripted.Samples;

namespace Sharing.Tests.Routes;

[Trait("Row", "R8")]
public sealed class ChangeOverStreamTests
{
    const int Length = (5 * Group) + 11;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Group - 1)]
    [InlineData(Group)]
    [InlineData(Group + 1)]
    [InlineData((3 * Group) + 777)]
    [InlineData(5 * Group)]
    [InlineData(Length - 1)]
    public async Task It_changes_over_at_any_byte_even_while_the_origin_stalls(int at)
    {
        var bytes = Random(1, Length);
        var library = new ScriptedLibrary(bytes);
        var origin = new ScriptedOrigin(bytes) { Before = CutAt(at, library.Land) };
        await using var stream = await OpenAsync(origin, library);
        Assert.Equal(bytes, await ReadAsync(stream, 1000));
        Assert.Equal(SourceKind.Server, stream.Kind);
        Assert.Equal(at, origin.Delivered);
        Assert.Equal(Length - at, library.Delivered - (at % Group));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_what_was_passed_on_differs_it_stays_with_the_origins_read(bool inTheGroupUnderWay)
    {
        var bytes = Random(1, Length);
        var library = new ScriptedLibrary(Changed(bytes, inTheGroupUnderWay ? 3 : 1));
        var origin = new ScriptedOrigin(bytes, null) { Before = Scripts.OnceAt((3 * Group) + 5000, library.Land), Piece = 5000 };
        await using var stream = await OpenAsync(origin, library);
        Assert.Equal(bytes, await ReadAsync(stream, 777));
        Assert.Equal(SourceKind.Origin, stream.Kind);
        Assert.Single(origin.Asked);
    }

    [Fact]
    public async Task Where_only_the_rest_differs_it_changes_over_to_what_is_one_version_from_the_beginning()
    {
        var bytes = Random(1, Length);
        var stored = Changed(bytes, 4);
        var library = new ScriptedLibrary(stored);
        var origin = new ScriptedOrigin(bytes) { Before = CutAt(2 * Group, library.Land) };
        await using var stream = await OpenAsync(origin, library);
        Assert.Equal(stored, await ReadAsync(stream, 1000));
    }

    [Theory]
    [InlineData(Length - 1)]
    [InlineData(Length + 1)]
    [InlineData(Group)]
    public async Task A_library_version_of_another_length_than_was_announced_is_not_changed_over_to(int length)
    {
        var bytes = Random(1, Length);
        byte[] other = [.. bytes, 1];
        var library = new ScriptedLibrary(other[..length]);
        library.Land();
        await using var stream = await OpenAsync(new ScriptedOrigin(bytes), library);
        Assert.Equal(bytes, await ReadAsync(stream, 100_000));
    }

    [Fact]
    public async Task Where_no_length_was_announced_a_longer_version_is_followed_to_its_end()
    {
        var bytes = Random(1, Length);
        byte[] stored = [.. bytes, .. Random(2, 3 * Group)];
        var library = new ScriptedLibrary(stored);
        var origin = new ScriptedOrigin(bytes) { TellsLength = false, Before = CutAt(4 * Group, library.Land) };
        await using var stream = await OpenAsync(origin, library);
        Assert.Equal(stored, await ReadAsync(stream, 1000));
    }

    [Fact]
    public async Task A_content_of_exactly_one_group_ends_by_the_library_when_the_origin_does_not_say_its_end()
    {
        var bytes = Random(1, Group);
        var library = new ScriptedLibrary(bytes);
        byte[] longer = [.. bytes, 1];
        var origin = new ScriptedOrigin(longer) { TellsLength = false, Before = CutAt(Group, library.Land) };
        await using var stream = await OpenAsync(origin, library);
        Assert.Equal(bytes, await ReadAsync(stream, 1000));
    }

    [Theory]
    [InlineData("\"1\"")]
    [InlineData(null)]
    public async Task An_origin_that_breaks_off_is_asked_again(string? validator)
    {
        var bytes = Random(1, Length);
        var origin = new ScriptedOrigin(bytes, validator) { Before = Scripts.ResetAt((2 * Group) + 9, 3), Piece = 10_000 };
        await using var stream = await OpenAsync(origin, null);
        Assert.Equal(bytes, await ReadAsync(stream, 1000));
        Assert.Equal(4, origin.Asked.Count);
        Assert.Equal(validator is null ? 0 : Group, origin.Asked.Last().Offset);
    }

    [Theory]
    [InlineData("\"1\"", "\"2\"", true)]
    [InlineData("\"1\"", "\"2\"", false)]
    [InlineData(null, null, true)]
    [InlineData("\"1\"", null, true)]
    public async Task An_origin_that_changes_after_breaking_off_ends_the_stream_rather_than_splice(string? before, string? after, bool knowsIfRange)
    {
        var (old, now) = (Random(1, Length), Changed(Random(1, Length), 0, 4));
        var origin = new ScriptedOrigin(old, before) { KnowsIfRange = knowsIfRange };
        origin.Before = Scripts.OnceAt(3 * Group, () =>
        {
            origin.Change(now, after);
            throw new IOException("Reset.");
        });
        await using var stream = await OpenAsync(origin, null);
        var passed = new MemoryStream();
        var error = await Assert.ThrowsAsync<SharingException>(() => stream.CopyToAsync(passed));
        Assert.Equal(ProblemCodes.OriginChanged, error.Code);
        Assert.Equal(old[..(int)passed.Length], passed.ToArray());
    }

    [Fact]
    public async Task An_origin_that_changed_only_behind_what_was_passed_on_delivers_its_new_version_whole()
    {
        var old = Random(1, Length);
        var now = Changed(old, 4);
        var origin = new ScriptedOrigin(old);
        origin.Before = Scripts.OnceAt(3 * Group, () =>
        {
            origin.Change(now, "\"2\"");
            throw new IOException("Reset.");
        });
        await using var stream = await OpenAsync(origin, null);
        Assert.Equal(now, await ReadAsync(stream, 1000));
    }

    [Fact]
    public async Task An_origin_that_stays_away_ends_the_stream_unless_the_library_lands_meanwhile()
    {
        var bytes = Random(1, Length);
        var origin = new ScriptedOrigin(bytes) { Before = Scripts.ResetAt(2 * Group, int.MaxValue) };
        await using (var stream = await OpenAsync(origin, null))
        {
            await Assert.ThrowsAsync<IOException>(() => ReadAsync(stream, 1000));
        }

        var library = new ScriptedLibrary(bytes);
        await using var second = await OpenAsync(origin, library);
        var reset = origin.Before;
        origin.Before = (at, count, token) =>
        {
            if (at >= 2 * Group && origin.Asked.Count >= 9)
            {
                library.Land();
            }

            return reset(at, count, token);
        };
        Assert.Equal(bytes, await ReadAsync(second, 1000));
    }

    [Fact]
    public async Task A_landing_that_fails_leaves_the_stream_with_the_origin()
    {
        var bytes = Random(1, Length);
        var origin = new ScriptedOrigin(bytes);
        await using var stream = new ChangeOverStream(
            origin, await origin.OpenAsync(0, null), Task.FromException<IContentReader?>(new InvalidOperationException()), new HurriedClock());
        Assert.Equal(bytes, await ReadAsync(stream, 1000));
    }

    [Fact]
    public async Task A_library_that_breaks_off_while_it_is_compared_is_looked_at_again()
    {
        var bytes = Random(1, Length);
        var library = new ScriptedLibrary(bytes) { Before = Scripts.ResetAt((2 * Group) + 5, 2) };
        var origin = new ScriptedOrigin(bytes) { Before = CutAt((2 * Group) + 100, library.Land) };
        await using var stream = await OpenAsync(origin, library);
        Assert.Equal(bytes, await ReadAsync(stream, 1000));
    }

    [Fact]
    public async Task A_read_that_is_cancelled_loses_no_bytes()
    {
        var bytes = Random(1, Length);
        var gate = new TaskCompletionSource();
        var origin = new ScriptedOrigin(bytes) { Piece = Group, Before = async (at, count, _) =>
        {
            await (at == Group ? gate.Task : Task.CompletedTask);
            return count;
        } };
        await using var stream = await OpenAsync(origin, null);
        var passed = new byte[Length];
        await stream.ReadExactlyAsync(passed.AsMemory(0, Group));
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.ReadAsync(passed.AsMemory(Group), impatient.Token).AsTask());
        gate.SetResult();
        await stream.ReadExactlyAsync(passed.AsMemory(Group));
        Assert.Equal(bytes, passed);
    }

    static async Task<ChangeOverStream> OpenAsync(ScriptedOrigin origin, ScriptedLibrary? library) => new(
        origin, await origin.OpenAsync(0, null), library?.LandingAsync() ?? new TaskCompletionSource<IContentReader?>().Task, new HurriedClock());

    static async Task<byte[]> ReadAsync(Stream stream, int bufferSize)
    {
        var all = new MemoryStream();
        await stream.CopyToAsync(all, bufferSize).WaitAsync(TransferBench.Patience);
        return all.ToArray();
    }

    /// <summary>Delivers up to a byte, then lets something happen and stalls.</summary>
    static Func<long, int, CancellationToken, ValueTask<int>> CutAt(long cut, Action act) => async (at, count, token) =>
    {
        if (at >= cut)
        {
            act();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        }

        return (int)Math.Min(count, cut - at);
    };
}
