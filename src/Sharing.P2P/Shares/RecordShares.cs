using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Shares in records: <c>share/{id}</c>, and <c>share-of/{person}/{id}</c> to list them. Thread-safe singleton.</summary>
public sealed class RecordShares(
    IRecordStore records, ContentReferences references, SpaceLedger space, AudienceGate gate, TicketSigner tickets, IOptions<P2POptions> options, TimeProvider time)
    : IShares, IUploadReceiver
{
    /// <inheritdoc/>
    public string Purpose => IShares.Purpose;

    /// <inheritdoc/>
    public ValueTask<UploadVerdict> AdmitAsync(PersonId actor, UploadRequest request, CancellationToken cancellationToken = default) => new(
        AudienceOf(request.Metadata) is null
            ? UploadVerdict.Refused(ProblemCodes.InvalidInput, "The audience is 'everyone', 'friends' or 'followers'.")
            : UploadVerdict.Accepted);

    /// <inheritdoc/>
    public async ValueTask<UploadVerdict> CompleteAsync(RecordBatch batch, Upload upload, ContentInfo content, CancellationToken cancellationToken = default)
    {
        var id = ShareId.Parse(upload.Id.Value); // as hard to guess, and there is one completion for it
        if (!await references.AddAsync(batch, content, Referrer(id), cancellationToken))
        {
            return UploadVerdict.ContentGone;
        }

        var name = FileName.From(upload.Metadata["filename"]) ?? "file";
        var share = new StoredShare(upload.Owner, name, upload.Metadata["filetype"], content, time.GetUtcNow(), AudienceOf(upload.Metadata) ?? Audience.Friends);
        batch.Put(KeyOf(id), share, ShareRecords.Default.StoredShare, RecordBatch.Absent);
        batch.Put(OwnKeyOf(upload.Owner, id), id.Value, P2PJson.Default.String, RecordBatch.Absent);
        return UploadVerdict.AcceptedAs(id.Value);
    }

    /// <inheritdoc/>
    public async Task<ShareManifest?> OpenAsync(PersonId? actor, ShareId id, string? device, CancellationToken cancellationToken = default)
    {
        if (await FindAsync(id, cancellationToken) is not { Value: var share } || !await gate.MaySeeAsync(actor, share.Owner, share.Audience, cancellationToken))
        {
            return null;
        }

        var ticket = new ShareTicket
        {
            Share = id, Content = share.Content.Id, Length = share.Content.Length, Device = device, Expires = time.GetUtcNow() + options.Value.TicketLife,
        };
        return new ShareManifest
        {
            Share = id, Name = share.Name, MediaType = share.MediaType, Content = share.Content.Id, Length = share.Content.Length, ChunkSize = options.Value.ChunkSizeOf(share.Content.Length),
            Ticket = await tickets.SignAsync(ticket, cancellationToken), TicketKey = await tickets.PublicKeyAsync(cancellationToken),
            Indexes = [.. options.Value.Indexes], IsSpread = options.Value.SpreadsIndex,
        };
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SharedFile> ListAsync(PersonId actor, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var own in records.ScanAsync(RecordRange.Under("share-of", actor.Value), P2PJson.Default.String, cancellationToken: cancellationToken))
        {
            if (await FindAsync(ShareId.Parse(own.Value), cancellationToken) is { Value: var share })
            {
                yield return new SharedFile
                {
                    Id = ShareId.Parse(own.Value), Name = share.Name, MediaType = share.MediaType, Content = share.Content.Id, Length = share.Content.Length, Created = share.Created, Audience = share.Audience,
                };
            }
        }
    }

    /// <inheritdoc/>
    public async Task<bool> RemoveAsync(PersonId actor, ShareId id, CancellationToken cancellationToken = default)
    {
        var found = false;
        await records.ChangeAsync(
            async batch =>
            {
                var share = await FindAsync(id, cancellationToken);
                found = share?.Value.Owner == actor;
                if (share is not null && found)
                {
                    batch.Delete(KeyOf(id), share.Version).Delete(OwnKeyOf(actor, id), RecordBatch.Any);
                    await references.RemoveAsync(batch, share.Value.Content.Id, Referrer(id), cancellationToken);
                    await space.ReleaseAsync(batch, actor, share.Value.Content.Length, cancellationToken);
                }

                return found;
            },
            cancellationToken);
        return found;
    }

    static Audience? AudienceOf(UploadMetadata metadata) => metadata["audience"] switch
    {
        null or "" or "friends" => Audience.Friends,
        "followers" => Audience.Followers,
        "everyone" => Audience.Everyone,
        _ => null,
    };

    ValueTask<Versioned<StoredShare>?> FindAsync(ShareId id, CancellationToken cancellationToken) =>
        records.GetAsync(KeyOf(id), ShareRecords.Default.StoredShare, cancellationToken);

    static RecordKey KeyOf(ShareId id) => RecordKey.Of("share", id.Value);

    static RecordKey OwnKeyOf(PersonId owner, ShareId id) => RecordKey.Of("share-of", owner.Value, id.Value);

    static string Referrer(ShareId id) => $"share/{id}";
}
