using System.Buffers;

namespace Sharing.Core;

/// <summary>The bytes of one upload, held open by whoever has its turn.</summary>
/// <remarks>
/// <para>The offset is the length of the data area that is durable, and nothing else: it is asked for when the bytes are opened, and after each part was
/// flushed, but for the last one, which publishing makes durable before anybody is told. Bytes are only ever written at the end, so whatever a crash leaves is a beginning of the upload. (A file system must not make a file
/// longer before the bytes are there; the usual ones do not.)</para>
/// <para>Groups are hashed as they fill. Hashes written by an earlier process are not relied on: they are made again from the bytes before folding.</para>
/// </remarks>
sealed class UploadBytes : IAsyncDisposable
{
    const int Group = ContentTree.GroupSize;

    /// <summary>So often a long part is made durable: else ending it could take long, and whoever waits for the turn waits for that.</summary>
    const long Checkpoint = 512L * Group;

    const int HashesAtOnce = 64;

    readonly IPartialContent _partial;
    readonly UploadSession _session;
    readonly long _length;
    readonly byte[] _hashes = new byte[HashesAtOnce * ContentId.Size];
    long _firstHash;
    int _hashCount;

    UploadBytes(IPartialContent partial, UploadSession session, long length) => (_partial, _session, _length) = (partial, session, length);

    /// <summary>How many bytes are durable; all of them, which are published next, may not be yet.</summary>
    public long Offset { get; private set; }

    public static async ValueTask<UploadBytes> OpenAsync(
        IContentStore store, string key, long length, UploadSession session, CancellationToken cancellationToken)
    {
        var bytes = new UploadBytes(await store.OpenPartialAsync(key, cancellationToken), session, length);
        try
        {
            bytes.Offset = Math.Min(length, await bytes._partial.FlushAsync(cancellationToken));
            return bytes;
        }
        catch
        {
            await bytes.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes what a body brings, as far as the upload has room, and makes it durable unless that was the last. What came before a fault of the body counts.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.TooLarge"/>: the body goes on beyond the upload's length. What filled its last group does not count.</exception>
    public async Task AppendAsync(UploadBody body)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Group);
        try
        {
            var (at, tooLarge) = (Offset, false);
            var begun = await ReadBackAsync(buffer, at);
            if (_session.HashedTo != at)
            {
                _session.HashedFrom = at / Group;
            }

            _session.HashedTo = 0;
            while (at < _length && body.Fault is null)
            {
                var start = at - begun;
                var whole = (int)Math.Min(Group, _length - start);
                var filled = await FillAsync(body, buffer.AsMemory(0, whole), begun);
                tooLarge = start + filled == _length && await body.ReadAsync(new byte[1]) > 0;
                if (tooLarge || filled == begun)
                {
                    break;
                }

                await _partial.WriteAsync(ContentArea.Data, at, buffer.AsMemory(begun, filled - begun), CancellationToken.None);
                at = start + filled;
                if (filled < whole)
                {
                    break;
                }

                await HashAsync(start / Group, buffer.AsMemory(0, whole));
                begun = 0;
                if (at % Checkpoint == 0)
                {
                    await WriteHashesAsync();
                    await _partial.FlushAsync(CancellationToken.None);
                }
            }

            await WriteHashesAsync();
            Step.Reached("upload.written");
            Offset = at == _length && !tooLarge ? at : await _partial.FlushAsync(CancellationToken.None);
            _session.HashedTo = Offset;
            Step.Reached("upload.appended");
            if (tooLarge)
            {
                throw new SharingException(ProblemCodes.TooLarge, "There are more bytes than the upload has.");
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The content that all bytes make.</summary>
    public async Task<ContentInfo> FoldAsync(CancellationToken cancellationToken)
    {
        await HashAgainAsync(_session.HashedTo == _length && _length > 0 ? _session.HashedFrom : ContentTree.GroupCount(_length), cancellationToken);
        (_session.HashedFrom, _session.HashedTo) = (0, _length);
        var tree = new ContentTreeBuilder();
        await foreach (var (_, hashes) in GroupHashes.ReadAsync(_partial, _length, cancellationToken))
        {
            GroupHashes.Add(tree, hashes.Span);
        }

        return new(GroupHashes.Fold(tree), _length);
    }

    public ValueTask PublishAsync(ContentInfo content)
    {
        _session.HashedTo = 0; // should it fail, the bytes may be left without their hashes
        return _partial.PublishAsync(content, CancellationToken.None);
    }

    public ValueTask DisposeAsync() => _partial.DisposeAsync();

    /// <summary>The beginning of the group that the next byte belongs to.</summary>
    async Task<int> ReadBackAsync(byte[] buffer, long at)
    {
        var begun = (int)(at % Group);
        return await _partial.ReadUpToAsync(ContentArea.Data, at - begun, buffer.AsMemory(0, begun), CancellationToken.None) == begun
            ? begun
            : throw new IOException("There are fewer bytes than were flushed.");
    }

    static async Task<int> FillAsync(UploadBody body, Memory<byte> group, int filled)
    {
        while (filled < group.Length && await body.ReadAsync(group[filled..]) is var read and > 0)
        {
            filled += read;
        }

        return filled;
    }

    async Task HashAgainAsync(long groups, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Group);
        try
        {
            for (var group = 0L; group < groups; group++)
            {
                var whole = buffer.AsMemory(0, ContentTree.GroupLength(_length, group));
                if (await _partial.ReadUpToAsync(ContentArea.Data, group * Group, whole, cancellationToken) < whole.Length)
                {
                    throw new IOException("There are fewer bytes than were flushed.");
                }

                await HashAsync(group, whole);
            }

            await WriteHashesAsync();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Hashes a group; a few of them are written at once.</summary>
    async ValueTask HashAsync(long group, ReadOnlyMemory<byte> bytes)
    {
        if (_hashCount == HashesAtOnce || group != _firstHash + _hashCount)
        {
            await WriteHashesAsync();
            _firstHash = group;
        }

        GroupHashing.Hash(bytes.Span, group, only: ContentTree.GroupCount(_length) == 1, _hashes.AsSpan(_hashCount++ * ContentId.Size, ContentId.Size));
    }

    async ValueTask WriteHashesAsync()
    {
        if (_hashCount > 0)
        {
            await _partial.WriteAsync(ContentArea.Groups, _firstHash * ContentId.Size, _hashes.AsMemory(0, _hashCount * ContentId.Size), CancellationToken.None);
        }

        (_firstHash, _hashCount) = (_firstHash + _hashCount, 0);
    }
}
