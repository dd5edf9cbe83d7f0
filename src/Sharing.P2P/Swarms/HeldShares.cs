using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>On a terminal: the shares that it fetches or has, each with the key of the server whose tickets open it. Thread-safe singleton.</summary>
/// <remarks>Record: <c>held-share/{content}</c>, so that a terminal serves again after a restart.</remarks>
public sealed class HeldShares(IRecordStore records, TimeProvider time) : ITicketKeys
{
    const int MostMembers = 20;

    readonly ConcurrentDictionary<ContentId, ShareManifest> _known = new();

    /// <summary>From now on others may take from here what is there of a share, with tickets of its server.</summary>
    /// <param name="manifest">What the server said, for this terminal's device.</param>
    /// <param name="server">The server's address; <c>null</c>: what was told before.</param>
    /// <param name="actor">Whose sign-in opened it; <c>null</c>: what was told before, or nobody's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task AddAsync(ShareManifest manifest, Uri? server = null, PersonId? actor = null, CancellationToken cancellationToken = default)
    {
        await ChangeAsync(
            manifest.Content, before => new(manifest, server ?? before?.Server, actor ?? before?.Actor, before?.Members), cancellationToken);
        _known[manifest.Content] = manifest;
    }

    /// <summary>Keeps where other terminals were, for when neither the server nor an index can be reached.</summary>
    public Task RememberAsync(ContentId content, IEnumerable<SwarmMember> members, CancellationToken cancellationToken = default)
    {
        SwarmMember[] some = [.. members.Where(static member => member.Addresses.Count > 0).Take(MostMembers)];
        return some.Length == 0 ? Task.CompletedTask : ChangeAsync(content, before => before is null ? null : before with { Members = some }, cancellationToken);
    }

    /// <summary>Nobody takes it from here any more.</summary>
    public async Task RemoveAsync(ContentId content, CancellationToken cancellationToken = default)
    {
        await records.CommitAsync(new RecordBatch().Delete(KeyOf(content), RecordBatch.Any), cancellationToken);
        _known.TryRemove(content, out _);
    }

    /// <summary>All of them, in no order.</summary>
    public async IAsyncEnumerable<HeldShare> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var record in records.ScanAsync(RecordRange.Under("held-share"), P2PJson.Default.HeldShare, cancellationToken))
        {
            yield return record.Value;
        }
    }

    /// <summary>One of them, or <c>null</c>.</summary>
    public ValueTask<HeldShare?> FindAsync(ShareId share, CancellationToken cancellationToken = default) =>
        ListAsync(cancellationToken).FirstOrDefaultAsync(held => held.Manifest.Share == share, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ShareTicket?> CheckAsync(string ticket, ContentId content, CancellationToken cancellationToken = default)
    {
        if (!_known.TryGetValue(content, out var manifest))
        {
            if (await records.GetAsync(KeyOf(content), P2PJson.Default.HeldShare, cancellationToken) is not { } stored)
            {
                return null;
            }

            manifest = _known.GetOrAdd(content, stored.Value.Manifest);
        }

        return Tickets.Read(ticket, manifest.TicketKey, time.GetUtcNow()) is { } open && open.Content == content && (!open.IsClaim || open.Share == manifest.Share) ? open : null;
    }

    Task ChangeAsync(ContentId content, Func<HeldShare?, HeldShare?> change, CancellationToken cancellationToken) => records.ChangeAsync(
        async batch =>
        {
            var before = await records.GetAsync(KeyOf(content), P2PJson.Default.HeldShare, cancellationToken);
            if (change(before?.Value) is not { } after)
            {
                return false;
            }

            batch.Put(KeyOf(content), after, P2PJson.Default.HeldShare, before?.Version ?? RecordBatch.Absent);
            return true;
        },
        cancellationToken);

    static RecordKey KeyOf(ContentId content) => RecordKey.Of("held-share", content.ToString());
}
