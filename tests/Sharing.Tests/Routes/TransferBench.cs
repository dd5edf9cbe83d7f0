using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.Routes;

/// <summary>Transfers over stores in memory; each start is a new engine, as after a restart of the process.</summary>
sealed class TransferBench(IContentStore? store = null, IRecordStore? records = null, TimeProvider? time = null)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public IContentStore Store { get; } = store ?? new MemoryContentStore();

    public IRecordStore Records { get; } = records ?? new MemoryRecordStore();

    public TransferOptions Options { get; } = new()
    {
        ChunkSize = 2 * Samples.Group,
        CheckpointBytes = 4 * Samples.Group,
        FirstRest = TimeSpan.FromMilliseconds(1),
        MaxFailures = 4,
        ProgressInterval = TimeSpan.Zero,
    };

    public ConcurrentQueue<TransferProgress> Told { get; } = [];

    public Task<Transfer> StartAsync(params IContentSource[] sources) => StartAsync(0, sources);

    public Task<Transfer> StartAsync(long maxLength, params IContentSource[] sources)
    {
        var engine = new TransferEngine(
            Store, Records, new CheapestSourceSelector(), Microsoft.Extensions.Options.Options.Create(Options), time ?? TimeProvider.System,
            NullLogger<TransferEngine>.Instance);
        return engine.StartAsync(
            new TransferRequest { Key = "t", Sources = sources, MaxLength = maxLength, Progress = new Listener(Told) });
    }

    /// <summary>Runs a transfer to its end, checks that the stored content is what its id says, and returns its bytes.</summary>
    public async Task<byte[]> RunAsync(params IContentSource[] sources)
    {
        await using var transfer = await StartAsync(sources);
        return await EndAsync(transfer);
    }

    public async Task<byte[]> EndAsync(Transfer transfer)
    {
        var result = await transfer.Completion.WaitAsync(Patience);
        var bytes = await Samples.ReadAsync(Store, result.Content);
        Assert.Equal(Samples.IdOf(bytes), result.Content.Id);
        Assert.Equal(bytes.Length, result.Content.Length);
        return bytes;
    }

    public async Task<SharingException> FailsAsync(params IContentSource[] sources) => await FailsAsync(0, sources);

    public async Task<SharingException> FailsAsync(long maxLength, params IContentSource[] sources)
    {
        await using var transfer = await StartAsync(maxLength, sources);
        return await Assert.ThrowsAsync<SharingException>(() => transfer.Completion.WaitAsync(Patience));
    }

    sealed class Listener(ConcurrentQueue<TransferProgress> told) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => told.Enqueue(value);
    }
}
