using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>Shares in records: <c>share/{id}</c>, and <c>share-of/{person}/{id}</c> to list them. Thread-safe singleton.</summary>
public sealed class RecordShares(
    IRecordStore records, ContentReferences references, UploadLookup uploads, SpaceLedger space, AudienceGate gate, TicketSigner tickets, IOptions<P2POptions> options, TimeProvider time)
    : IShares, IUploadReceiver
{
    const string ContentName = "content";

    /// <inheritdoc/>
    public string Purpose => IShares.Purpose;

    /// <inheritdoc/>
    public ValueTask<UploadVerdict> AdmitAsync(PersonId actor, UploadRequest request, CancellationToken cancellationToken = default) => new(
        AudienceOf(request.Metadata) is null
            ? UploadVerdict.Refused(ProblemCodes.InvalidInput, "The audience is 'everyone', 'friends' or 'followers'.")
            : request.Metadata[ContentName] is { } said && !ContentId.TryParse(said, out _)
            ? UploadVerdict.Refused(ProblemCodes.InvalidInput, "A content id is 64 lower-case hex digits.")
            : UploadVerdict.Accepted);

    /// <inheritdoc/>
    public async ValueTask<UploadVerdict> CompleteAsync(RecordBatch batch, Upload upload, ContentInfo content, CancellationToken cancellationToken = default)
    {
        if (SaidOf(upload) is { } said && said != content.Id)
        {
            return UploadVerdict.Refused(ProblemCodes.ChecksumMismatch, $"The bytes are not the {said} that was said. Nothing is shared.");
        }

        var id = ShareId.Parse(upload.Id.Value); // as hard to guess, and there is one completion for it
        if (!await references.AddAsync(batch, content, Referrer(id), cancellationToken))
        {
            return UploadVerdict.ContentGone;
        }

        batch.Put(KeyOf(id), ShareOf(upload, content), ShareRecords.Default.StoredShare, RecordBatch.Absent);
        batch.Put(OwnKeyOf(upload.Owner, id), id.Value, P2PJson.Default.String, RecordBatch.Absent);
        return UploadVerdict.AcceptedAs(id.Value);
    }

    /// <inheritdoc/>
    public async Task<ShareManifest?> OpenAsync(PersonId? actor, ShareId id, string? device, CancellationToken cancellationToken = default)
    {
        var stored = (await FindAsync(id, cancellationToken))?.Value;
        if ((stored ?? await FindBegunAsync(id, cancellationToken)) is not { } share || !await gate.MaySeeAsync(actor, share.Owner, share.Audience, cancellationToken))
        {
            return null;
        }

        var ticket = new ShareTicket
        {
            Share = id, Content = share.Content.Id, Length = share.Content.Length, Device = device, Expires = time.GetUtcNow() + options.Value.TicketLife,
            IsClaim = stored is null,
        };
        return new ShareManifest
        {
            Share = id, Name = share.Name, MediaType = share.MediaType, Content = share.Content.Id, Length = share.Content.Length, ChunkSize = options.Value.ChunkSizeOf(share.Content.Length),
            IsUploading = stored is null, Ticket = await tickets.SignAsync(ticket, cancellationToken), TicketKey = await tickets.PublicKeyAsync(cancellationToken),
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

    /// <summary>A file's name and media type, for who has shown a ticket of the share; <c>null</c>: it is shared no more.</summary>
    public async ValueTask<(string Name, string? MediaType)?> NameAsync(ShareTicket ticket, CancellationToken cancellationToken = default) =>
        await FindAsync(ticket.Share, cancellationToken) is { Value: var share } ? (share.Name, share.MediaType) : null;

    /// <summary>Whether a share is there, with all its bytes.</summary>
    internal async ValueTask<bool> HasAsync(ShareId id, ContentId content, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { } share && share.Value.Content.Id == content;

    /// <summary>Who shares it, complete or not.</summary>
    internal async ValueTask<(PersonId Owner, Audience Audience)?> OwnerOfAsync(ShareId id, CancellationToken cancellationToken) =>
        ((await FindAsync(id, cancellationToken))?.Value ?? await FindBegunAsync(id, cancellationToken)) is { } share ? (share.Owner, share.Audience) : null;

    /// <summary>A share whose upload is under way, if its sharer said what it will be.</summary>
    async ValueTask<StoredShare?> FindBegunAsync(ShareId id, CancellationToken cancellationToken) =>
        await uploads.FindAsync(Purpose, UploadId.Parse(id.Value), cancellationToken) is { } upload && SaidOf(upload) is { } content ? ShareOf(upload, new(content, upload.Length)) : null;

    StoredShare ShareOf(Upload upload, ContentInfo content) => new(
        upload.Owner, FileName.From(upload.Metadata["filename"]) ?? "file", upload.Metadata["filetype"], content, time.GetUtcNow(), AudienceOf(upload.Metadata) ?? Audience.Friends);

    static ContentId? SaidOf(Upload upload) => ContentId.TryParse(upload.Metadata[ContentName], out var said) ? said : null;

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
