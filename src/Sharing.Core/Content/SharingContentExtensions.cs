using System.Buffers;
using Sharing.Core;

namespace Sharing;

/// <summary>Putting contents into a store.</summary>
public static class SharingContentExtensions
{
    const int Block = 16 * ContentTree.GroupSize;

    /// <summary>Puts a content into the store: hashes it while writing, and returns when it is durable under its id. Without a reference
    /// (<see cref="ContentReferences.AddAsync"/>) the sweep takes it away after its grace.</summary>
    /// <param name="store">The store.</param>
    /// <param name="bytes">The content, read to its end.</param>
    /// <param name="progress">Told the bytes done in all.</param>
    /// <param name="cancellationToken">Gives up; nothing stays.</param>
    /// <returns>Its id and length.</returns>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NoSpace"/>, <see cref="ProblemCodes.ReadOnly"/>: the store does not take it.</exception>
    /// <exception cref="IOException">It could not be read, written or made durable. Nothing was acknowledged.</exception>
    public static async Task<ContentInfo> PutAsync(
        this IContentStore store, Stream bytes, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(bytes);
        if (store is not ISmallContents { MaxSmallLength: > 0 and var most } small)
        {
            return await PutLargeAsync(store, bytes, progress, cancellationToken);
        }

        var head = ArrayPool<byte>.Shared.Rent(most + 1);
        try
        {
            var read = await bytes.ReadAtLeastAsync(head.AsMemory(0, most + 1), most + 1, throwOnEndOfStream: false, cancellationToken);
            return read <= most
                ? await PutSmallAsync(small, head.AsMemory(0, read), progress, cancellationToken)
                : await PutLargeAsync(store, new HeadedStream(head.AsMemory(0, read), bytes), progress, cancellationToken);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(head);
        }
    }

    static async Task<ContentInfo> PutSmallAsync(ISmallContents store, ReadOnlyMemory<byte> bytes, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var id = GroupHashes.OfOnlyGroup(bytes.Span);
        await store.PublishAsync(id, bytes, cancellationToken);
        progress?.Report(bytes.Length);
        return new(id, bytes.Length);
    }

    static async Task<ContentInfo> PutLargeAsync(IContentStore store, Stream bytes, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        await using var partial = await store.OpenPartialAsync($"put-{Guid.NewGuid():n}", cancellationToken);
        try
        {
            var info = await WriteAsync(partial, bytes, progress, cancellationToken);
            Step.Reached("put.written");
            await partial.PublishAsync(info, cancellationToken);
            return info;
        }
        catch
        {
            await DropAsync(partial);
            throw;
        }
    }

    /// <summary>While one block is hashed and written the next is read.</summary>
    internal static async Task<ContentInfo> WriteAsync(IPartialContent partial, Stream bytes, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var (current, other) = (ArrayPool<byte>.Shared.Rent(Block), (byte[]?)null);
        var work = Task.CompletedTask;
        try
        {
            var writer = new ContentWriter(partial);
            var read = await bytes.ReadAtLeastAsync(current.AsMemory(0, Block), Block, throwOnEndOfStream: false, cancellationToken);
            while (read == Block)
            {
                var full = current;
                work = Task.Run(() => writer.AppendAsync(full.AsMemory(0, Block), cancellationToken), cancellationToken);
                (current, other) = (other ?? ArrayPool<byte>.Shared.Rent(Block), full);
                read = await bytes.ReadAtLeastAsync(current.AsMemory(0, Block), Block, throwOnEndOfStream: false, cancellationToken);
                await work;
                progress?.Report(writer.Length);
            }

            await writer.AppendAsync(current.AsMemory(0, read), cancellationToken);
            progress?.Report(writer.Length);
            return await writer.FinishAsync(cancellationToken);
        }
        finally
        {
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it still has the buffer
            ArrayPool<byte>.Shared.Return(current);
            if (other is not null)
            {
                ArrayPool<byte>.Shared.Return(other);
            }
        }
    }

    static async Task DropAsync(IPartialContent partial)
    {
        try
        {
            await partial.DiscardAsync(CancellationToken.None);
        }
        catch (Exception fault) when (fault is IOException or SharingException or ObjectDisposedException or UnauthorizedAccessException)
        {
            // The sweep of stale partials takes it.
        }
    }
}
