using System.Runtime.CompilerServices;
using Sharing.Core;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.Routes;

public sealed class TransferPartTests
{
    static readonly byte[] Bytes = Samples.Random(11, (9 * Samples.Group) + 17);

    [Fact]
    [Trait("Row", "D4")]
    public async Task Parts_come_from_whoever_has_them()
    {
        var half = 4 * Samples.Group;
        var (front, end) = (new Part(Bytes, [new(0, half)]), new Part(Bytes, [new(half, Bytes.Length - half)]));
        Assert.Equal(Bytes, await new TransferBench().RunAsync(front, end));
        Assert.True(front.Delivered >= half && end.Delivered >= Bytes.Length - half);
    }

    [Fact]
    [Trait("Row", "D7")]
    public async Task A_terminal_that_could_not_say_yet_what_it_has_is_asked_again()
    {
        var late = new Part(Bytes, [new(0, Bytes.Length)]) { SaysAt = 3 };
        Assert.Equal(Bytes, await new TransferBench().RunAsync(late));
    }

    [Fact]
    [Trait("Row", "D7")]
    public async Task What_one_is_silent_about_is_brought_by_another()
    {
        var (silent, other) = (new Part(Bytes, [new(0, Bytes.Length)]) { IsSilent = true }, new Part(Bytes, [new(0, Bytes.Length)]));
        Assert.Equal(Bytes, await new TransferBench().RunAsync(silent, other));
        Assert.Equal(0, silent.Delivered);
    }

    [Fact]
    [Trait("Row", "D4")]
    public async Task What_somebody_is_about_to_read_comes_before_the_rest()
    {
        var bytes = Samples.Random(15, 128 * Samples.Group);
        var begin = new TaskCompletionSource();
        var source = new Part(bytes, [new(0, bytes.Length)]) { Waits = begin.Task };
        var bench = new TransferBench();
        await using var transfer = await bench.StartAsync(source);
        transfer.Front = (100 * Samples.Group) + 5;
        begin.SetResult();
        Assert.Equal(bytes, await bench.EndAsync(transfer));
        var asked = source.Asked.Skip(1).Take(10).ToArray(); // the first, perhaps, before somebody read
        Assert.InRange(asked[0], 100 * Samples.Group, 101 * Samples.Group);
        Assert.Equal(asked.Order(), asked);
    }

    [Theory]
    [InlineData(SourceKind.Server)]
    [InlineData(SourceKind.Peer)]
    [Trait("Row", "D7")]
    public async Task A_source_that_turns_bad_costs_one_group_of_each_read_whoever_it_is_and_whatever_it_brought_before(SourceKind kind)
    {
        var bytes = Samples.Random(13, 64 * Samples.Group);
        var bad = new Part(bytes, [new(0, bytes.Length)]) { Kind = kind, WrongFrom = 20 * Samples.Group };
        var good = new Part(bytes, [new(0, bytes.Length)]) { Waits = bad.Wrong };
        Assert.Equal(bytes, await new TransferBench().RunAsync(good, bad));
        Assert.InRange(bad.WrongRead, 1, 2 * Samples.Group); // two reads may be under way, if it is far for what it brings
    }

    [Theory]
    [InlineData(SourceKind.Server)]
    [InlineData(SourceKind.Peer)]
    [Trait("Row", "D7")]
    public async Task A_source_that_falls_silent_in_the_middle_of_many_chunks_holds_nothing_up(SourceKind kind)
    {
        var bytes = Samples.Random(14, 64 * Samples.Group);
        var stalls = new Part(bytes, [new(0, bytes.Length)]) { Kind = kind, SilentFrom = 20 * Samples.Group };
        var other = new Part(bytes, [new(0, bytes.Length)]) { Waits = stalls.Silent };
        Assert.Equal(bytes, await new TransferBench().RunAsync(stalls, other));
    }

    [Fact]
    [Trait("Row", "D7")]
    public async Task A_read_is_cut_when_another_source_has_brought_what_it_was_for()
    {
        var chunk = 2 * Samples.Group;
        var silent = new Part(Bytes, [new(0, chunk)]) { SilentFrom = 0 };
        var instead = new Part(Bytes, [new(0, chunk)]) { SaysAfter = silent.Silent };
        var rest = new Part(Bytes, [new(chunk, Bytes.Length - chunk)]) { Waits = silent.Cut };
        Assert.Equal(Bytes, await new TransferBench().RunAsync(silent, instead, rest));
    }

    [Fact]
    public async Task The_read_instead_is_cut_when_the_silent_source_brings_it_after_all()
    {
        var (chunk, goOn) = (2 * Samples.Group, new TaskCompletionSource());
        var late = new Part(Bytes, [new(0, chunk)]) { Waits = goOn.Task };
        var instead = new Part(Bytes, [new(0, chunk)]) { SilentFrom = 0, SaysAfter = late.IsAsked };
        var rest = new Part(Bytes, [new(chunk, Bytes.Length - chunk)]) { Waits = instead.Cut };
        var running = new TransferBench().RunAsync(late, instead, rest);
        await instead.Silent.WaitAsync(TransferBench.Patience);
        goOn.SetResult();
        Assert.Equal(Bytes, await running);
    }

    [Fact]
    [Trait("Row", "D7")]
    public async Task What_is_not_the_content_asked_for_is_not_taken()
    {
        await using var transfer = await new TransferBench().StartAsync(new Part(Bytes, [new(0, Bytes.Length)]) { Id = Samples.IdOf(Samples.Random(12, Bytes.Length)) });
        await Assert.ThrowsAsync<SharingException>(() => transfer.Completion.WaitAsync(TransferBench.Patience));
    }

    /// <summary>A terminal that has some runs of a content, or a server.</summary>
    sealed class Part(byte[] bytes, ByteRun[] held) : IContentSource, IPartSource
    {
        readonly TaskCompletionSource _wrong = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly TaskCompletionSource _silent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int _watched;
        long _delivered;
        long _wrongRead;

        public SourceTraits Traits => new("terminal", Kind);

        public SourceKind Kind { get; init; } = SourceKind.Peer;

        /// <summary>Where the parts begin that it was asked for, in order.</summary>
        public List<long> Asked { get; } = [];

        public ContentId Id { get; init; } = Samples.IdOf(bytes);

        /// <summary>At which attempt it says what it has.</summary>
        public int SaysAt { get; init; } = 1;

        public bool IsSilent { get; init; }

        /// <summary>From which byte on it is silent.</summary>
        public long SilentFrom { get; init; } = long.MaxValue;

        /// <summary>From which byte on it brings others.</summary>
        public long WrongFrom { get; init; } = long.MaxValue;

        /// <summary>What it waits for before it brings anything.</summary>
        public Task Waits { get; init; } = Task.CompletedTask;

        /// <summary>What it waits for before it says what it has.</summary>
        public Task SaysAfter { get; init; } = Task.CompletedTask;

        /// <summary>Ends when it is asked for something.</summary>
        public Task IsAsked => _asked.Task;

        public long Delivered => Interlocked.Read(ref _delivered);

        /// <summary>How many wrong bytes were read from it.</summary>
        public long WrongRead => Interlocked.Read(ref _wrongRead);

        /// <summary>Ends when a wrong byte was read.</summary>
        public Task Wrong => _wrong.Task;

        /// <summary>Ends when it fell silent.</summary>
        public Task Silent => _silent.Task;

        /// <summary>Ends when it is not waited for any more.</summary>
        public Task Cut => _cut.Task;

        public ValueTask<SourceOffer?> ProbeAsync(CancellationToken cancellationToken = default) => new(new SourceOffer { ContentId = Id, Length = bytes.Length });

        public ValueTask<SourceRead> OpenAsync(long offset, string? validator, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<Stream> OpenGroupsAsync(CancellationToken cancellationToken = default) => new(new MemoryStream(Samples.GroupsOf(bytes)));

        public async ValueTask<Stream> OpenPartAsync(long offset, long length, CancellationToken cancellationToken = default)
        {
            Assert.Contains(held, run => run.Offset <= offset && offset + length <= run.Offset + run.Length);
            lock (Asked)
            {
                Asked.Add(offset);
            }

            _asked.TrySetResult();

            await Waits.WaitAsync(cancellationToken);
            if (IsSilent)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return new Body(this, offset, length);
        }

        public IAsyncEnumerable<ByteRun>? WatchHeldAsync(CancellationToken cancellationToken = default) => Kind == SourceKind.Server ? null : WatchAsync(cancellationToken);

        async IAsyncEnumerable<ByteRun> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            await SaysAfter.WaitAsync(cancellationToken);
            if (Interlocked.Increment(ref _watched) < SaysAt)
            {
                throw new IOException("It has nothing yet.");
            }

            foreach (var run in held)
            {
                yield return run;
            }

            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (offset >= SilentFrom)
            {
                _silent.TrySetResult();
                await using var cut = cancellationToken.Register(() => _cut.TrySetResult());
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            var count = (int)Math.Min(buffer.Length, (offset < SilentFrom ? SilentFrom : long.MaxValue) - offset);
            bytes.AsMemory((int)offset, count).CopyTo(buffer);
            for (var at = 0; at < count; at++)
            {
                buffer.Span[at] ^= (byte)(offset + at >= WrongFrom ? 1 : 0);
            }

            if (offset + count > WrongFrom)
            {
                Interlocked.Add(ref _wrongRead, offset + count - Math.Max(offset, WrongFrom));
                _wrong.TrySetResult();
            }

            Interlocked.Add(ref _delivered, count);
            return count;
        }

        sealed class Body(Part part, long offset, long length) : ReadOnlyStream
        {
            long _read;

            public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            {
                var count = (int)Math.Min(buffer.Length, length - _read);
                var read = count == 0 ? 0 : await part.ReadAsync(offset + _read, buffer[..count], cancellationToken);
                _read += read;
                return read;
            }
        }
    }
}
