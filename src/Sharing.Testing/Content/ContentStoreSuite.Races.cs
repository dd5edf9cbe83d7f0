using Xunit;

namespace Sharing.Testing;

#pragma warning disable CS1591 // the names of the tests say it
public abstract partial class ContentStoreSuite
{
    [Fact(Timeout = 120_000)]
    public async Task Sixteen_who_publish_the_same_at_once_all_succeed_and_there_is_one()
    {
        for (var round = 1; round <= 5; round++)
        {
            var info = new ContentInfo(ContentSamples.Id(round), 100_000 + round);
            List<IPartialContent> partials = [];
            for (var i = 0; i < 16; i++)
            {
                partials.Add(await Store.OpenPartialAsync($"same-{round}-{i}", Cancel));
                await WriteAsync(partials[i], (int)info.Length);
            }

            await Task.WhenAll(partials.Select(partial => Task.Run(async () => await partial.PublishAsync(info, Cancel), Cancel)));
            await AssertStoredAsync(info);
            Assert.Equal(round, (await ListAsync()).Count);
            for (var i = 0; i < 16; i++)
            {
                await AssertFreshAsync($"same-{round}-{i}");
            }
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Writes_at_different_offsets_may_run_at_once_with_reads_and_flushes()
    {
        const int Length = 16 * 50_000;
        var bytes = ContentSamples.Bytes(Length);
        var info = new ContentInfo(ContentSamples.Id(1), Length);
        await using var partial = await Store.OpenPartialAsync("many", Cancel);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(part => Task.Run(async () =>
        {
            for (var offset = part * 50_000; offset < (part + 1) * 50_000; offset += 5_000)
            {
                await partial.WriteAsync(ContentArea.Data, offset, bytes.AsMemory(offset, 5_000), Cancel);
                var back = new byte[5_000];
                Assert.Equal(5_000, await partial.ReadAsync(ContentArea.Data, offset, back, Cancel));
                Assert.Equal(bytes.AsSpan(offset, 5_000), back.AsSpan());
            }

            await partial.FlushAsync(Cancel);
        }, Cancel)));

        await partial.WriteAsync(ContentArea.Groups, 0, ContentSamples.Groups(Length), Cancel);
        await partial.PublishAsync(info, Cancel);
        await AssertStoredAsync(info);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_write_that_overlaps_with_publishing_is_in_it_or_refused()
    {
        const int Length = 4_000_000;
        for (var round = 1; round <= 10; round++)
        {
            var info = new ContentInfo(ContentSamples.Id(round), Length);
            var partial = await Store.OpenPartialAsync("overlap", Cancel);
            await WriteAsync(partial, Length);
            using var started = new SemaphoreSlim(0);
            var writing = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
            {
                started.Release();
                await partial.WriteAsync(ContentArea.Data, writer * 1_000_000, new byte[1_000_000], Cancel);
            }, Cancel)).ToList();
            await started.WaitAsync(Cancel);
            await partial.PublishAsync(info, Cancel);
            await using var reader = await Store.OpenAsync(info.Id, Cancel);
            var stored = await ContentSamples.ReadAllAsync(reader!.ReadAsync, ContentArea.Data, Cancel);
            for (var writer = 0; writer < 4; writer++)
            {
                var refused = await Xunit.Record.ExceptionAsync(() => writing[writer]);
                Assert.True(refused is null or ObjectDisposedException, $"{refused}");
                var range = (writer * 1_000_000)..((writer + 1) * 1_000_000);
                Assert.True(stored.AsSpan(range).SequenceEqual(refused is null ? new byte[1_000_000] : ContentSamples.Bytes(Length).AsSpan(range)));
            }

            var again = await ContentSamples.ReadAllAsync(reader.ReadAsync, ContentArea.Data, Cancel);
            Assert.True(stored.AsSpan().SequenceEqual(again));
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Whoever_reads_while_others_publish_and_delete_reads_whole_contents_only()
    {
        var info = new ContentInfo(ContentSamples.Id(1), 200_000);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var readers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var seen = 0;
            while (!stop.IsCancellationRequested)
            {
                if (await Store.FindAsync(info.Id, Cancel) is { } found)
                {
                    Assert.Equal(info, found);
                }

                await using var reader = await Store.OpenAsync(info.Id, Cancel);
                if (reader is not null)
                {
                    await AssertSampleAsync(reader, info);
                    seen++;
                }
            }

            return seen;
        }, Cancel)).ToList();

        for (var round = 0; round < 50; round++)
        {
            await PublishAsync(1, 200_000);
            await AssertStoredAsync(info);
            Assert.True(await Store.DeleteAsync(info.Id, Cancel));
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
        await AssertMissingAsync(info.Id);
    }

    [Fact(Timeout = 120_000)]
    public async Task Of_many_who_open_the_same_key_at_once_just_one_gets_it()
    {
        for (var round = 0; round < 20; round++)
        {
            var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                try
                {
                    return await Store.OpenPartialAsync("race", Cancel);
                }
                catch (SharingException problem) when (problem.Code == ProblemCodes.Conflict)
                {
                    return null;
                }
            }, Cancel)));

            var partial = Assert.Single(opened, partial => partial is not null);
            await partial!.DiscardAsync(Cancel);
        }
    }

    [Fact(Timeout = 300_000)]
    public virtual async Task Random_sequences_of_operations_do_what_a_model_does()
    {
        for (var seed = 1; seed <= Sequences; seed++)
        {
            await new ContentModel(Store, seed).RunAsync(Cancel);
        }
    }
}
