using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Sharing.Core;
using Sharing.P2P;
using Sharing.Testing;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.P2P;

public sealed class ExportHashesTests
{
    static readonly TimeSpan Forever = TimeSpan.FromDays(1);

    readonly FakeTimeProvider _time = new();
    readonly MemoryRecordStore _records = new();
    readonly byte[] _bytes = Samples.Random(1, (2 * 1024 * 1024) + 1);

    [Fact]
    [Trait("Row", "D4")]
    public async Task A_content_is_read_once_for_all_who_ask_and_never_again()
    {
        var (gate, content) = await StoreAsync();
        await using var hashes = Open(gate);
        Assert.Null(await hashes.FindSha256Async(content.Id, Token));
        var asked = Enumerable.Range(0, 10).Select(_ => hashes.GetAsync(content.Id, Forever, Token)).ToArray();
        gate.Release();
        var made = await Task.WhenAll(asked).WaitAsync(SwarmBench.Patience, Token);
        Assert.Single(made.Distinct());
        Assert.Equal(1, gate.Opened);
        await using var later = Open(gate);
        var read = (await later.GetAsync(content.Id, Forever, Token))!;
        Assert.Equal(1, gate.Opened);
        Assert.Equal((content, made[0]!.PieceLength), (read.Content, read.PieceLength));
        Assert.Equal([.. made[0]!.Sha256.Span, .. made[0]!.Sha1Pieces.Span, .. made[0]!.Sha256Pieces.Span, .. made[0]!.TreeLayer.Span, .. made[0]!.TreeRoot.Span],
            (byte[])[.. read.Sha256.Span, .. read.Sha1Pieces.Span, .. read.Sha256Pieces.Span, .. read.TreeLayer.Span, .. read.TreeRoot.Span]);
        Assert.NotNull(await later.FindSha256Async(content.Id, Token));
    }

    [Fact]
    [Trait("Row", "D4")]
    public async Task Who_has_no_patience_comes_again_and_the_work_went_on()
    {
        var (gate, content) = await StoreAsync();
        await using var hashes = Open(gate);
        var impatient = hashes.GetAsync(content.Id, TimeSpan.FromSeconds(2), Token);
        await gate.Reading.WaitAsync(SwarmBench.Patience, Token);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await impatient.WaitAsync(SwarmBench.Patience, Token));
        gate.Release();
        Assert.NotNull(await hashes.GetAsync(content.Id, Forever, Token).WaitAsync(SwarmBench.Patience, Token));
        Assert.Equal(1, gate.Opened);
    }

    [Fact]
    [Trait("Row", "D4")]
    public async Task The_work_is_given_up_when_nobody_has_asked_for_long()
    {
        var (gate, content) = await StoreAsync();
        await using var hashes = Open(gate);
        using var gone = new CancellationTokenSource();
        var asked = hashes.GetAsync(content.Id, Forever, gone.Token);
        await gate.Reading.WaitAsync(SwarmBench.Patience, Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        _time.Advance(ExportHashes.Remembered + TimeSpan.FromSeconds(1));
        gate.Release();
        await gate.Closed.WaitAsync(SwarmBench.Patience, Token);
        Assert.Null(await hashes.FindSha256Async(content.Id, Token));
        Assert.Equal(1, gate.Reads); // of three
        Assert.NotNull(await hashes.GetAsync(content.Id, Forever, Token).WaitAsync(SwarmBench.Patience, Token)); // begun anew
    }

    [Fact]
    [Trait("Row", "D4")]
    public async Task Hashes_go_with_their_content()
    {
        var (gate, content) = await StoreAsync();
        gate.Release();
        await using var hashes = Open(gate);
        await hashes.GetAsync(content.Id, Forever, Token);
        var sweep = new ServiceCollection().AddSingleton<IContentStore>(gate).AddSingleton<IRecordStore>(_records).AddSharing(static sharing => sharing.AddSharedData()).BuildServiceProvider();
        await using var services = sweep;
        await SweepAsync(services);
        Assert.NotNull(await hashes.FindSha256Async(content.Id, Token));
        await gate.DeleteAsync(content.Id, Token);
        await SweepAsync(services);
        Assert.Null(await hashes.FindSha256Async(content.Id, Token));
        Assert.Empty(await _records.ScanAsync(RecordRange.Under("export-pieces"), Token).ToArrayAsync(Token));
        await Assert.ThrowsAsync<SharingException>(() => hashes.GetAsync(content.Id, Forever, Token));
    }

    [Fact]
    [Trait("Row", "D4")]
    public async Task A_request_that_takes_longer_is_told_to_come_again()
    {
        var memory = new GatedStore(new MemoryContentStore(TimeProvider.System));
        await using var bench = await ForeignBench.StartAsync(_bytes.Length, 0, static options => options.ExportPatience = TimeSpan.FromMilliseconds(1), services: host => host.AddSingleton<IContentStore>(memory));
        foreach (var below in (string[])["/metalink", "/torrent"])
        {
            using var answer = await bench.AskAsync(bench.Link(below));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter?.Delta);
        }

        using var lead = await bench.AskAsync(bench.Link(), static request => request.Headers.Accept.ParseAdd(MetalinkFile.MediaType));
        Assert.Equal(HttpStatusCode.Found, lead.StatusCode); // to the bytes, which need no hash
        memory.Release();
        Assert.NotNull(await bench.Server.Get<ExportHashes>().GetAsync((await bench.Server.Get<IShares>().OpenAsync(null, bench.Share, null, Token))!.Content, Forever, Token));
        using var ready = await bench.AskAsync(bench.Link("/metalink"));
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    static CancellationToken Token => TestContext.Current.CancellationToken;

    static async Task SweepAsync(IServiceProvider services)
    {
        foreach (var sweep in services.GetServices<ISweep>().Where(static sweep => sweep.GetType().Name == "ExportSweep"))
        {
            await sweep.SweepAsync(static _ => { }, Token);
        }
    }

    ExportHashes Open(IContentStore store) => new(store, _records, _time, NullLogger<ExportHashes>.Instance);

    async Task<(GatedStore Gate, ContentInfo Content)> StoreAsync()
    {
        var store = new MemoryContentStore(_time);
        return (new(store), await store.PutAsync(new MemoryStream(_bytes), cancellationToken: Token));
    }

    /// <summary>A store whose contents are not read before they are released.</summary>
    sealed class GatedStore(IContentStore inner) : DelegatingContentStore(inner)
    {
        readonly TaskCompletionSource _open = new();
        readonly TaskCompletionSource _reading = new();
        readonly TaskCompletionSource _closed = new();

        public int Opened { get; private set; }

        public int Reads { get; private set; }

        public Task Reading => _reading.Task;

        public Task Closed => _closed.Task;

        public void Release() => _open.TrySetResult();

        public override async ValueTask<IContentReader?> OpenAsync(ContentId id, CancellationToken cancellationToken = default)
        {
            Opened++;
            return await base.OpenAsync(id, cancellationToken) is { } reader ? new Reader(this, reader) : null;
        }

        sealed class Reader(GatedStore store, IContentReader inner) : IContentReader
        {
            public ContentInfo Info => inner.Info;

            public async ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
            {
                store._reading.TrySetResult();
                store.Reads++;
                await store._open.Task.WaitAsync(cancellationToken);
                return await inner.ReadAsync(area, offset, buffer, cancellationToken);
            }

            public ValueTask DisposeAsync()
            {
                store._closed.TrySetResult();
                return inner.DisposeAsync();
            }
        }
    }
}
