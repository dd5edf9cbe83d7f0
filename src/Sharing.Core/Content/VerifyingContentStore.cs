using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Sharing.Core;

/// <summary>Hashes what it reads before it hands it out: bytes that have changed since they were published reach nobody.</summary>
/// <remarks>Thread-safe. A group found right is trusted for a while (<see cref="StorageOptions.TrustFor"/>) without being hashed again; so long
/// the same bytes are most likely in the system's cache. What is found wrong is put aside at once, where the store can.</remarks>
sealed class VerifyingContentStore(IContentStore inner, TimeSpan trustFor, TimeProvider time, ILogger<VerifyingContentStore> logger) : DelegatingContentStore(inner)
{
    const int MostContents = 10_000;

    static readonly ContentId s_empty = GroupHashes.OfOnlyGroup([]);

    readonly ConcurrentDictionary<ContentId, ProvenGroups> _proven = new();

    public override async ValueTask<IContentReader?> OpenAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        if (await Inner.OpenAsync(id, cancellationToken) is not { } reader)
        {
            return null;
        }

        if (reader.Info.Length > 0 || id == s_empty)
        {
            return new VerifyingContentReader(this, reader, ProvenOf(reader.Info));
        }

        await reader.DisposeAsync(); // nobody would read any of it, and nobody find out
        throw await ReportAsync(reader.Info, "it is empty");
    }

    public override ValueTask<bool> DeleteAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        _proven.TryRemove(id, out _); // should it come back, it comes back as other bytes on the disk
        return base.DeleteAsync(id, cancellationToken);
    }

    public override ValueTask<Func<ValueTask>> DeleteAsync(RecordBatch batch, ContentId id, CancellationToken cancellationToken = default)
    {
        _proven.TryRemove(id, out _);
        return base.DeleteAsync(batch, id, cancellationToken);
    }

    public override ValueTask<bool> QuarantineAsync(ContentId id, CancellationToken cancellationToken = default)
    {
        _proven.TryRemove(id, out _);
        return base.QuarantineAsync(id, cancellationToken);
    }

    /// <summary>Puts a content aside that was found damaged.</summary>
    /// <returns>The fault to throw.</returns>
    internal async ValueTask<SharingException> ReportAsync(ContentInfo content, string what)
    {
        ContentLog.Damaged(logger, content.Id, what);
        try
        {
            await QuarantineAsync(content.Id, CancellationToken.None);
        }
        catch (Exception fault) when (fault is IOException or SharingException)
        {
            ContentLog.NotPutAside(logger, content.Id, fault);
        }

        return new(ProblemCodes.ContentDamaged, $"The content {content.Id} has been damaged in the store.");
    }

    /// <summary>Mends the list of hashes of a content, or puts the content aside.</summary>
    internal async ValueTask<SharingException> ReportListAsync(ContentInfo content, CancellationToken cancellationToken)
    {
        _proven.TryRemove(content.Id, out _);
        var found = await ContentCheck.RunAsync(Inner, content.Id, logger, cancellationToken: cancellationToken);
        return new(ProblemCodes.ContentDamaged, $"The content {content.Id} has been damaged in the store{(found == ContentHealth.Mended ? "; ask again" : "")}.");
    }

    ProvenGroups ProvenOf(ContentInfo content)
    {
        var now = time.GetTimestamp();
        if (_proven.TryGetValue(content.Id, out var proven) && proven.Until > now && proven.Length == content.Length)
        {
            return proven;
        }

        if (_proven.Count >= MostContents)
        {
            _proven.Clear(); // what was proven is proven again; nothing else is lost
        }

        return _proven[content.Id] = new(content.Length, now + (long)(trustFor.TotalSeconds * time.TimestampFrequency));
    }
}
