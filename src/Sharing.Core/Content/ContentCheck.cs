using Microsoft.Extensions.Logging;

namespace Sharing.Core;

/// <summary>Hashes a stored content anew; mends or puts aside what is not as it should be.</summary>
static class ContentCheck
{
    /// <param name="store">A store that hands out what it has, right or wrong.</param>
    /// <param name="id">The content.</param>
    /// <param name="logger">Told what was found wrong.</param>
    /// <param name="progress">Told how many bytes more are done.</param>
    /// <param name="cancellationToken">Gives up; nothing was changed then.</param>
    public static async Task<ContentHealth> RunAsync(
        IContentStore store, ContentId id, ILogger logger, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        if (await store.OpenAsync(id, cancellationToken) is not { } reader)
        {
            return ContentHealth.Missing;
        }

        await using var open = reader;
        var hashesFit = true;
        ContentId found = default;
        try
        {
            found = await GroupHashing.RunAsync(
                (offset, buffer, token) => reader.ReadAsync(ContentArea.Data, offset, buffer, token), reader.Info.Length, threads: 1,
                async (group, hashes, token) => hashesFit &= await FitAsync(reader, group, hashes, token), progress, cancellationToken);
        }
        catch (IOException fault)
        {
            ContentLog.Unreadable(logger, id, fault);
        }

        if (found == id && hashesFit)
        {
            return ContentHealth.Sound;
        }

        ContentLog.Damaged(logger, id, found == id ? "the list of its hashes" : "its bytes");
        if (found == id)
        {
            await MendAsync(store, reader, cancellationToken);
            return ContentHealth.Mended;
        }

        await PutAsideAsync(store, id, cancellationToken);
        return ContentHealth.Damaged;
    }

    static async Task<bool> FitAsync(IContentReader reader, long group, ReadOnlyMemory<byte> hashes, CancellationToken cancellationToken)
    {
        var kept = new byte[hashes.Length];
        return await reader.ReadUpToAsync(ContentArea.Groups, group * ContentId.Size, kept, cancellationToken) == kept.Length
            && kept.AsSpan().SequenceEqual(hashes.Span);
    }

    /// <summary>Files of contents are never written again: it is brought anew, out of its own bytes.</summary>
    static async Task MendAsync(IContentStore store, IContentReader reader, CancellationToken cancellationToken)
    {
        await using var partial = await store.OpenPartialAsync("mend-" + reader.Info.Id, cancellationToken);
        await using var bytes = new ContentStream(reader, ContentArea.Data, 0);
        var info = await SharingContentExtensions.WriteAsync(partial, bytes, progress: null, cancellationToken);
        await PutAsideAsync(store, reader.Info.Id, cancellationToken);
        if (info == reader.Info)
        {
            await partial.PublishAsync(info, CancellationToken.None);
            await ((store as IContentQuarantine)?.DropQuarantinedAsync(info.Id, CancellationToken.None) ?? default);
        }
    }

    static async Task PutAsideAsync(IContentStore store, ContentId id, CancellationToken cancellationToken) =>
        await (store is IContentQuarantine quarantine ? quarantine.QuarantineAsync(id, cancellationToken) : store.DeleteAsync(id, cancellationToken));
}
