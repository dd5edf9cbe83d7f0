using System.Runtime.CompilerServices;
using Sharing.Core;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.Routes;

[Trait("Row", "D5")]
public sealed class TransferViewTests
{
    const int Chunk = 2 * Samples.Group; // as TransferBench has it

    static readonly byte[] Bytes = Samples.Random(21, (8 * Chunk) + 17);

    [Fact]
    public async Task A_view_says_who_brought_each_chunk_and_how_much_each_brought()
    {
        var (front, end) = (new Terminal("front", new(0, 4 * Chunk)), new Terminal("end", new(4 * Chunk, Bytes.Length - (4 * Chunk))));
        await using var transfer = await new TransferBench().StartAsync(front, end);
        await transfer.Completion.WaitAsync(TransferBench.Patience);
        var view = await transfer.ViewAsync();
        Assert.Equal((Bytes.Length, Chunk), (view.Length!.Value, view.ChunkSize));
        Assert.Equal([.. Enumerable.Repeat(new ChunkView(ChunkState.Here, 0), 4), .. Enumerable.Repeat(new ChunkView(ChunkState.Here, 1), 5)], view.Chunks);
        Assert.Equal([("front", 4L * Chunk), ("end", Bytes.Length - (4L * Chunk))], view.Sources.Select(source => (source.Name, source.BytesBrought)));
        Assert.All(view.Sources, source => Assert.Equal((0L, 0L, false), (source.BytesWasted, source.QueuedBytes, source.IsDropped)));
        Assert.All(view.Sources, source => Assert.True(source.BytesPerSecond > 0));
    }

    [Fact]
    public async Task While_it_runs_a_view_says_who_is_asked_for_what()
    {
        var silent = new Terminal("silent", new(0, Bytes.Length)) { IsSilent = true };
        await using var transfer = await new TransferBench().StartAsync(silent);
        await silent.Asked.WaitAsync(TransferBench.Patience);
        var view = await transfer.ViewAsync();
        Assert.Equal(new ChunkView(ChunkState.Asked, 0), Assert.Single(view.Chunks, chunk => chunk.State != ChunkState.Missing));
        Assert.Equal(Samples.Group, Assert.Single(view.Sources).QueuedBytes); // one group of a source that has proven nothing
        Assert.All(view.Chunks, chunk => Assert.True(chunk.State == ChunkState.Asked || chunk == new ChunkView(ChunkState.Missing, -1)));
    }

    [Fact]
    public async Task Views_follow_a_transfer_to_its_end()
    {
        await using var transfer = await new TransferBench().StartAsync(new Terminal("all", new(0, Bytes.Length)));
        var views = new List<TransferView>();
        using var patience = new CancellationTokenSource(TransferBench.Patience);
        await foreach (var view in transfer.ViewsAsync(patience.Token))
        {
            views.Add(view);
        }

        Assert.All(views[^1].Chunks, chunk => Assert.Equal(ChunkState.Here, chunk.State));
        Assert.Equal(9, views[^1].Chunks.Count);
    }

    [Fact]
    public async Task Why_a_chunk_came_from_there_is_told_with_what_was_compared()
    {
        var (all, some) = (new Terminal("all", new(0, Bytes.Length)), new Terminal("some", new(0, Chunk)));
        await using var transfer = await new TransferBench().StartAsync(all, some);
        await transfer.Completion.WaitAsync(TransferBench.Patience);
        var view = await transfer.ViewAsync();
        for (var chunk = 1; chunk < 9; chunk++)
        {
            var choice = (await transfer.ExplainAsync(chunk))!;
            Assert.Equal((chunk, 0, "all"), (choice.Chunk, choice.Others, Assert.Single(choice.Compared).Source)); // nobody else has it
        }

        var contested = (await transfer.ExplainAsync(0))!;
        Assert.Equal(view.Sources[view.Chunks[0].Source].Name, contested.Compared[0].Source);
        Assert.All(contested.Compared, offer => Assert.True(offer.Cost!.Value.Total > 0));
        Assert.Null(await transfer.ExplainAsync(9));
        Assert.Null(await transfer.ExplainAsync(-1));
    }

    [Fact]
    public async Task Of_a_terminal_that_lies_the_waste_and_the_reason_are_told()
    {
        var (liar, honest) = (new Terminal("liar", new(0, Bytes.Length)) { Lies = true }, new Terminal("honest", new(0, Bytes.Length)));
        await using var transfer = await new TransferBench().StartAsync(liar);
        await Assert.ThrowsAsync<SharingException>(() => transfer.Completion.WaitAsync(TransferBench.Patience));
        var source = Assert.Single((await transfer.ViewAsync()).Sources);
        Assert.Equal((true, source.BytesBrought), (source.IsDropped, source.BytesWasted));
        Assert.InRange(source.BytesBrought, 1, Samples.Group); // one group, whichever it was asked for
        Assert.Contains("not the content's", source.Reason, StringComparison.Ordinal);
        Assert.Equal(Bytes, await new TransferBench().RunAsync(liar, honest));
    }

    [Fact]
    public void What_is_remembered_of_the_most_chunks_takes_one_and_a_half_MiB_once_and_nothing_for_a_choice()
    {
        var selector = new CheapestSourceSelector();
        var (history, plan) = (new ChunkHistory(selector), new ChunkPlan(16 * 1024, Chunk, new RarestFirstPicker(new Random(1)), selector));
        var sources = Enumerable.Range(1, 50).Select(number => new SourceSlot(new Terminal($"{number}", new(0, 1))) { Number = (short)number, Offer = SourceOffer.Unknown, Held = null }).ToList();
        sources.ForEach(plan.Add);
        var before = GC.GetAllocatedBytesForCurrentThread();
        history.Begin(16 * 1024);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 1536 * 1024 + 1024);
        history.Asked(plan, sources[0], 0, 1, ChoiceKind.Cheapest, null, 0);
        var least = long.MaxValue; // of several: the runtime itself allocates now and then
        for (var round = 0; round < 5; round++)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            for (var chunk = 0; chunk < 16 * 1024; chunk++)
            {
                history.Asked(plan, sources[chunk % 50], chunk, chunk + 2, ChoiceKind.Cheapest, null, chunk);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.Equal(49, history.Of(77, sources)!.Others);
    }

    [Fact]
    public void Of_many_that_were_compared_the_cheapest_are_remembered_in_order()
    {
        var selector = new CheapestSourceSelector();
        var (history, plan) = (new ChunkHistory(selector), new ChunkPlan(4, Chunk, new RarestFirstPicker(new Random(1)), selector));
        double[] latencies = [5, 9, 3, 8, 1, 7];
        var sources = latencies.Select((latency, place) => new SourceSlot(new Terminal($"{latency}", new(0, 1)))
        {
            Number = SourceRoster.NumberAt(place), Offer = SourceOffer.Unknown, Held = null, Latency = TimeSpan.FromSeconds(latency),
        }).ToList();
        sources.ForEach(plan.Add);
        history.Begin(4);
        history.Asked(plan, sources[0], 1, 3, ChoiceKind.Cheapest, null, 2);
        var choice = history.Of(1, sources)!;
        Assert.Equal(["5", "1", "3", "7"], choice.Compared.Select(offer => offer.Source));
        Assert.Equal((ChoiceKind.RatherThanWait, 5, 2.0), (choice.Why, choice.Others, choice.At));
        Assert.Equal((ChoiceKind.FollowsOn, "5"), (history.Of(2, sources)!.Why, history.Of(2, sources)!.Compared[0].Source));
        Assert.Null(history.Of(3, sources));
        history.Asked(plan, sources[4], 1, 2, ChoiceKind.TakenOver, sources[0], 3);
        Assert.Equal((ChoiceKind.TakenOver, "5"), (history.Of(1, sources)!.Why, history.Of(1, sources)!.LateSource));
    }

    /// <summary>A terminal that has a run of the content.</summary>
    sealed class Terminal(string name, ByteRun held) : IContentSource, IPartSource
    {
        readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsSilent { get; init; }

        public bool Lies { get; init; }

        public Task Asked => _asked.Task;

        public SourceTraits Traits { get; } = new(name, SourceKind.Peer);

        public ValueTask<SourceOffer?> ProbeAsync(CancellationToken cancellationToken = default) => new(new SourceOffer { ContentId = Samples.IdOf(Bytes), Length = Bytes.Length });

        public ValueTask<SourceRead> OpenAsync(long offset, string? validator, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public ValueTask<Stream> OpenGroupsAsync(CancellationToken cancellationToken = default) => new(new MemoryStream(Samples.GroupsOf(Bytes)));

        public async ValueTask<Stream> OpenPartAsync(long offset, long length, CancellationToken cancellationToken = default)
        {
            _asked.TrySetResult();
            if (IsSilent)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return new MemoryStream(Lies ? new byte[length] : Bytes.AsSpan((int)offset, (int)length).ToArray());
        }

        public IAsyncEnumerable<ByteRun> WatchHeldAsync(CancellationToken cancellationToken = default) => WatchAsync(cancellationToken);

        async IAsyncEnumerable<ByteRun> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.Yield();
            yield return held;
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
