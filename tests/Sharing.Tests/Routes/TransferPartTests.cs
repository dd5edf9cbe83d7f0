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
    [Trait("Row", "D7")]
    public async Task What_is_not_the_content_asked_for_is_not_taken()
    {
        await using var transfer = await new TransferBench().StartAsync(new Part(Bytes, [new(0, Bytes.Length)]) { Id = Samples.IdOf(Samples.Random(12, Bytes.Length)) });
        await Assert.ThrowsAsync<SharingException>(() => transfer.Completion.WaitAsync(TransferBench.Patience));
    }

    /// <summary>A terminal that has some runs of a content.</summary>
    sealed class Part(byte[] bytes, ByteRun[] held) : IContentSource, IPartSource
    {
        int _watched;
        long _delivered;

        public SourceTraits Traits { get; } = new("terminal", SourceKind.Peer);

        public ContentId Id { get; init; } = Samples.IdOf(bytes);

        /// <summary>At which attempt it says what it has.</summary>
        public int SaysAt { get; init; } = 1;

        public bool IsSilent { get; init; }

        public long Delivered => Interlocked.Read(ref _delivered);

        public ValueTask<SourceOffer?> ProbeAsync(CancellationToken cancellationToken = default) => new(new SourceOffer { ContentId = Id, Length = bytes.Length });

        public ValueTask<SourceRead> OpenAsync(long offset, string? validator, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<Stream> OpenGroupsAsync(CancellationToken cancellationToken = default) => new(new MemoryStream(Samples.GroupsOf(bytes)));

        public async ValueTask<Stream> OpenPartAsync(long offset, long length, CancellationToken cancellationToken = default)
        {
            Assert.Contains(held, run => run.Offset <= offset && offset + length <= run.Offset + run.Length);
            if (IsSilent)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            Interlocked.Add(ref _delivered, length);
            return new MemoryStream(bytes, (int)offset, (int)length);
        }

        public IAsyncEnumerable<ByteRun> WatchHeldAsync(CancellationToken cancellationToken = default) => WatchAsync(cancellationToken);

        async IAsyncEnumerable<ByteRun> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
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
    }
}
