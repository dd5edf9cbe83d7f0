using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.Testing;
using Sharing.Tests.Child;

namespace Sharing.Tests.Uploads;

/// <summary>Uploads on a bench: stores that a test can spoil, and a clock that it moves. What it makes anew is what a process that was started anew has.</summary>
sealed class UploadBench
{
    public static readonly PersonId Anna = PersonId.Parse("anna"), Ben = PersonId.Parse("ben");

    public UploadBench(IContentStore? store = null)
    {
        Records = new(new MemoryRecordStore(), Plan);
        Store = store ?? new MemoryContentStore(Clock);
        References = new(Records, Store, Clock);
        Things = new(References);
        Uploads = MakeAnew();
    }

    public FakeTimeProvider Clock { get; } = new();

    public FaultPlan Plan { get; } = new();

    public FaultyRecordStore Records { get; }

    public IContentStore Store { get; }

    public ContentReferences References { get; }

    public KeptThings Things { get; }

    public UploadOptions Options { get; } = new();

    public SpaceLedger Space => new(Records, Microsoft.Extensions.Options.Options.Create(Options));

    public Core.Uploads Uploads { get; private set; }

    /// <summary>As after a start.</summary>
    public Core.Uploads MakeAnew() => Uploads = new(Records, Store, Space, [Things], Microsoft.Extensions.Options.Options.Create(Options), Clock);

    public async Task<UploadId> CreateAsync(long length, PersonId? person = null, UploadMetadata? metadata = null) =>
        (await Uploads.CreateAsync(person ?? Anna, "things", new(length, metadata ?? UploadMetadata.Empty)))!.Id;

    public async Task<Upload> AppendAsync(UploadId id, long offset, byte[] bytes, UploadChecksum? checksum = null) =>
        (await Uploads.AppendAsync(Anna, "things", id, new(offset, new MemoryStream(bytes)) { Length = bytes.Length, Checksum = checksum }))!;

    public Task<Upload?> FindAsync(UploadId id, PersonId? person = null) => Uploads.FindAsync(person ?? Anna, "things", id);

    /// <summary>What the ledger says, and what it must say: what is being uploaded, and what was kept.</summary>
    public async Task<(long Ledger, long Counted)> CountAsync(PersonId person)
    {
        var counted = 0L;
        await foreach (var upload in Records.ScanAsync(UploadKeys.Uploads, UploadsJson.Default.UploadRecord))
        {
            counted += upload.Value.Owner == person ? upload.Value.Length : 0;
        }

        return (await Space.UsedAsync(person), counted);
    }

    public async Task AssertKeptAsync(UploadId id, byte[] bytes)
    {
        var hash = new byte[Blake3.HashSize];
        Blake3.Hash(bytes, hash);
        var content = new ContentId(hash);
        Assert.Equal(content.ToString(), (await FindAsync(id))!.Result);
        Assert.NotNull(await Records.GetAsync(RecordKey.Of("kept", id.Value)));
        await using var reader = await Store.OpenAsync(content);
        var (data, groups) = (new byte[bytes.Length], new byte[ContentTree.GroupCount(bytes.Length) * ContentId.Size]);
        await ReadAsync(reader!, ContentArea.Data, data);
        await ReadAsync(reader!, ContentArea.Groups, groups);
        Assert.Equal(bytes, data);
        var tree = new ContentTreeBuilder();
        GroupHashes.Add(tree, groups);
        Assert.Equal(content, GroupHashes.Fold(tree));
    }

    public Task SweepAsync() => Uploads.SweepAsync(static _ => { }, CancellationToken.None);

    public static byte[] Sample(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    static async Task ReadAsync(IContentReader reader, ContentArea area, Memory<byte> buffer)
    {
        for (var at = 0; at < buffer.Length;)
        {
            var read = await reader.ReadAsync(area, at, buffer[at..]);
            Assert.NotEqual(0, read);
            at += read;
        }
    }

    /// <summary>Bytes that come when a test says so.</summary>
    public sealed class Trickle : ReadOnlyStream
    {
        readonly Channel<byte[]> _bytes = Channel.CreateUnbounded<byte[]>();

        /// <summary>Ends when somebody waits for bytes.</summary>
        public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Send(byte[] bytes) => _bytes.Writer.TryWrite(bytes);

        public void End() => _bytes.Writer.Complete();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_bytes.Reader.TryRead(out var bytes))
            {
                Waiting.TrySetResult();
                if (!await _bytes.Reader.WaitToReadAsync(cancellationToken) || !_bytes.Reader.TryRead(out bytes))
                {
                    return 0;
                }
            }

            bytes.CopyTo(buffer);
            return bytes.Length;
        }
    }
}
