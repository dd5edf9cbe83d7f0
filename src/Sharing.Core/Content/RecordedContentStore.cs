using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Sharing.Core;

/// <summary>Keeps small contents as records, <c>blob/{id}</c>, and all others in the store behind it.</summary>
/// <remarks>Thread-safe. A file that is to survive a power cut costs two flushes of the disk; commits of many writers share one. Only
/// <see cref="ISmallContents.PublishAsync"/> makes records: what is put together piece by piece goes to the store behind.</remarks>
sealed class RecordedContentStore(IContentStore inner, IRecordStore records, int maxLength) : DelegatingContentStore(inner)
{
    /// <summary>With base64 a record of that length fits <see cref="Record.MaxJsonLength"/> by far.</summary>
    public const int Longest = 64 * 1024;

    static readonly byte[] s_head = "{\"bytes\":\""u8.ToArray();

    public override int MaxSmallLength => maxLength;

    public override async ValueTask<ContentInfo?> FindAsync(ContentId id, CancellationToken cancellationToken = default) =>
        await Inner.FindAsync(id, cancellationToken) ?? (await ReadAsync(id, cancellationToken) is { } bytes ? new ContentInfo(id, bytes.Length) : null);

    public override async ValueTask<IContentReader?> OpenAsync(ContentId id, CancellationToken cancellationToken = default) =>
        await Inner.OpenAsync(id, cancellationToken) ?? (await ReadAsync(id, cancellationToken) is { } bytes ? new BytesReader(id, bytes) : null);

    public override async ValueTask<bool> DeleteAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        var there = await Inner.DeleteAsync(id, cancellationToken);
        return await DropAsync(id, cancellationToken) || there;
    }

    public override async ValueTask<Func<ValueTask>> DeleteAsync(RecordBatch batch, ContentId id, CancellationToken cancellationToken = default)
    {
        if (await records.GetAsync(KeyOf(id), cancellationToken) is { } record)
        {
            batch.Delete(record.Key, record.Version);
        }
        else
        {
            batch.Check(KeyOf(id), RecordBatch.Absent);
        }

        return await base.DeleteAsync(batch, id, cancellationToken);
    }

    public override async IAsyncEnumerable<ContentInfo> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var info in Inner.ListAsync(cancellationToken))
        {
            yield return info;
        }

        await foreach (var record in records.ScanAsync(RecordRange.Under("blob"), cancellationToken))
        {
            var id = ContentId.Parse(record.Key.Part(0));
            if (await Inner.FindAsync(id, cancellationToken) is null)
            {
                yield return new(id, Parse(record).Length);
            }
        }
    }

    /// <summary>A record that is wrong is dropped: the database has its own copy of nothing.</summary>
    public override async ValueTask<bool> QuarantineAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        var there = await base.QuarantineAsync(id, cancellationToken);
        return await DropAsync(id, cancellationToken) || there;
    }

    public override async ValueTask PublishAsync(ContentId id, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        ContentLayout.RequireId(id);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, maxLength, nameof(bytes));
        await records.CommitAsync(new RecordBatch().Put(KeyOf(id), Format(bytes.Span), RecordBatch.Any), cancellationToken);
        Step.Reached("put.recorded");
    }

    static RecordKey KeyOf(ContentId id) => RecordKey.Of("blob", id.ToString());

    static byte[] Format(ReadOnlySpan<byte> bytes)
    {
        var json = new byte[s_head.Length + Base64.GetMaxEncodedToUtf8Length(bytes.Length) + 2];
        s_head.CopyTo(json, 0);
        Base64.EncodeToUtf8(bytes, json.AsSpan(s_head.Length), out _, out _);
        json[^2] = (byte)'"';
        json[^1] = (byte)'}';
        return json;
    }

    /// <summary>What was damaged comes out as no bytes, whose hash does not fit.</summary>
    static byte[] Parse(Record record)
    {
        var json = record.Json.Span;
        if (json.Length < s_head.Length + 2)
        {
            return [];
        }

        var base64 = json[s_head.Length..^2];
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(base64.Length)];
        return Base64.DecodeFromUtf8(base64, bytes, out _, out var length) == OperationStatus.Done ? bytes[..length] : [];
    }

    async ValueTask<byte[]?> ReadAsync(ContentId id, CancellationToken cancellationToken) =>
        await records.GetAsync(KeyOf(id), cancellationToken) is { } record ? Parse(record) : null;

    async ValueTask<bool> DropAsync(ContentId id, CancellationToken cancellationToken) =>
        await records.GetAsync(KeyOf(id), cancellationToken) is { } record
        && (await records.CommitAsync(new RecordBatch().Delete(record.Key, record.Version), cancellationToken)).Committed;

    sealed class BytesReader(ContentId id, byte[] bytes) : IContentReader
    {
        public ContentInfo Info => new(id, bytes.Length);

        public ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ContentLayout.RequireRange(offset, buffer.Length);
            if (area == ContentArea.Groups)
            {
                return new(ContentLayout.ReadOnlyGroup(id, offset, buffer.Span));
            }

            var rest = bytes.AsMemory((int)Math.Min(offset, bytes.Length));
            rest = rest[..Math.Min(rest.Length, buffer.Length)];
            rest.CopyTo(buffer);
            return new(rest.Length);
        }

        public ValueTask DisposeAsync() => default;
    }
}
