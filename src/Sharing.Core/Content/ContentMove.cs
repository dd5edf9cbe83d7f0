using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sharing.Core;

/// <summary>Brings all contents of a store into another, and hashes them on the way and once more where they are then. Can be broken off at any time, and gone on with by running it
/// again: what is there already is left alone. Nobody may delete contents meanwhile.</summary>
public sealed class ContentMove(IContentStore from, IContentStore to)
{
    const int AtOnce = 4;
    const int Block = 16 * ContentTree.GroupSize;

    /// <summary>How much there is to be brought, and how many contents are there already. Changes nothing.</summary>
    public async Task<(long Contents, long Bytes, long There)> LookAsync(CancellationToken cancellationToken = default)
    {
        var (contents, bytes, there) = (0L, 0L, 0L);
        await foreach (var info in from.ListAsync(cancellationToken))
        {
            var found = await to.FindAsync(info.Id, cancellationToken) is not null;
            (contents, bytes, there) = (contents + 1, bytes + (found ? 0 : info.Length), there + (found ? 1 : 0));
        }

        return (contents, bytes, there);
    }

    /// <summary>Brings them.</summary>
    /// <param name="progress">Is told how many bytes were brought since it was told last.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    /// <returns>How many are there now, and which were not brought since their bytes are not what their ids say.</returns>
    /// <exception cref="IOException">One could not be read or written, or was not what was written when it was read back.</exception>
    public async Task<(long Contents, IReadOnlyList<ContentId> Damaged)> RunAsync(IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var (contents, damaged) = (0L, new ConcurrentBag<ContentId>());
        await Parallel.ForEachAsync(from.ListAsync(cancellationToken), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (info, token) =>
        {
            if (await to.FindAsync(info.Id, token) is not null || await BringAsync(info, progress, token))
            {
                Interlocked.Increment(ref contents);
            }
            else
            {
                damaged.Add(info.Id);
            }
        });
        return (contents, [.. damaged]);
    }

    async Task<bool> BringAsync(ContentInfo info, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        await using var reader = await from.OpenAsync(info.Id, cancellationToken) ?? throw new IOException($"The content {info.Id} went while it was brought.");
        await using var partial = await to.OpenPartialAsync("move-" + info.Id, cancellationToken);
        var (writer, buffer) = (new ContentWriter(partial), new byte[(int)Math.Min(Block, Math.Max(1, info.Length))]);
        while (await reader.ReadUpToAsync(ContentArea.Data, writer.Length, buffer, cancellationToken) is var read and > 0)
        {
            await writer.AppendAsync(buffer.AsMemory(0, read), cancellationToken);
            progress?.Report(read);
        }

        if (await writer.FinishAsync(cancellationToken) != info)
        {
            await partial.DiscardAsync(cancellationToken);
            return false;
        }

        await partial.PublishAsync(info, cancellationToken);
        return await ContentCheck.RunAsync(to, info.Id, NullLogger.Instance, cancellationToken: cancellationToken) == ContentHealth.Sound
            ? true
            : throw new IOException($"The content {info.Id} is not what was written, now that it was read back.");
    }
}
