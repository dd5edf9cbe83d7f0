using Sharing.Core;

namespace Sharing.Photos;

/// <summary>What is known of bytes, once for all photos that have them, with the one reference that keeps them (row F4). Thread-safe singleton.</summary>
sealed class Pictures(IRecordStore records, IContentStore contents, ContentReferences references, TimeProvider time)
{
    /// <summary>The pictures of which everything is to be found out.</summary>
    public WorkQueue Queue { get; } = new(records, time, "pictures");

    public ValueTask<Versioned<StoredPicture>?> FindAsync(ContentId content, CancellationToken cancellationToken) =>
        records.GetAsync(PhotoKeys.Picture(content), PhotoRecords.Default.StoredPicture, cancellationToken);

    /// <summary>Adds to a batch what keeps bytes for one more photo.</summary>
    /// <returns><c>false</c>: the bytes are going just now.</returns>
    public async ValueTask<bool> AddAsync(RecordBatch batch, ContentInfo content, PictureHeader? header, CancellationToken cancellationToken)
    {
        var known = await FindAsync(content.Id, cancellationToken);
        if (known is null)
        {
            if (!await references.AddAsync(batch, content, Referrer(content.Id), cancellationToken))
            {
                return false;
            }

            await Queue.ScheduleAsync(batch, content.Id.ToString(), time.GetUtcNow(), WorkLoop.NoPayload, cancellationToken);
        }

        var picture = known?.Value ?? new(content, 0, PreviewState.Pending, header);
        batch.Put(PhotoKeys.Picture(content.Id), picture with { Photos = picture.Photos + 1 }, PhotoRecords.Default.StoredPicture, known?.Version ?? RecordBatch.Absent);
        return true;
    }

    /// <summary>Adds to a batch what keeps bytes for fewer photos; for none, they go by and by (<see cref="RetireAsync"/>). Once for each content and batch.</summary>
    public async ValueTask RemoveAsync(RecordBatch batch, ContentInfo content, int photos, CancellationToken cancellationToken)
    {
        if (await FindAsync(content.Id, cancellationToken) is { } known)
        {
            var left = known.Value with { Photos = Math.Max(0, known.Value.Photos - photos) };
            batch.Put(known.Key, left, PhotoRecords.Default.StoredPicture, known.Version);
            if (left.Photos == 0)
            {
                await Queue.ScheduleAsync(batch, content.Id.ToString(), time.GetUtcNow(), WorkLoop.NoPayload, cancellationToken);
            }
        }
    }

    /// <summary>Adds to a batch what forgets a picture of which there are no photos, and lets its bytes go, and all that was made of them.</summary>
    public async ValueTask RetireAsync(RecordBatch batch, Versioned<StoredPicture> picture, CancellationToken cancellationToken)
    {
        batch.Delete(picture.Key, picture.Version);
        var content = picture.Value.Content.Id;
        foreach (var id in (picture.Value.Previews?.Values ?? []).Select(static preview => preview.Id).Append(content).Distinct())
        {
            await references.RemoveAsync(batch, id, Referrer(content), cancellationToken);
        }
    }

    /// <summary>Forgets now all pictures of which there are no photos, without waiting for the work that is scheduled for it.</summary>
    public async Task RetireAllAsync(CancellationToken cancellationToken)
    {
        await foreach (var unused in records.ScanAsync(PhotoKeys.Pictures, PhotoRecords.Default.StoredPicture, cancellationToken).Where(static picture => picture.Value.Photos == 0))
        {
            await records.ChangeAsync(
                async batch =>
                {
                    if (await FindAsync(unused.Value.Content.Id, cancellationToken) is not { Value.Photos: 0 } picture)
                    {
                        return false;
                    }

                    await RetireAsync(batch, picture, cancellationToken);
                    await Queue.RemoveAsync(batch, picture.Value.Content.Id.ToString(), cancellationToken);
                    return true;
                },
                cancellationToken);
        }
    }

    /// <summary>Opens the bytes of a photo, or of its preview; <c>null</c>: there are none.</summary>
    public async ValueTask<GrantedBytes?> OpenAsync(PhotoId id, StoredPhoto photo, int? preview, CopyMetadata metadata, CancellationToken closed, CancellationToken cancellationToken)
    {
        var picture = (await FindAsync(photo.Content.Id, cancellationToken))?.Value;
        if (preview is { } size)
        {
            return picture?.Previews?.TryGetValue(size, out var made) == true && await contents.OpenAsync(made.Id, cancellationToken) is { } small ? new(small, null, PictureFormat.Jpeg.MediaType, closed) : null;
        }

        var given = metadata == CopyMetadata.All ? photo.Content : CopyOf(picture, metadata)?.Content;
        var reader = given is { } copy ? await OpenCopyAsync(photo.Content.Id, metadata, copy, cancellationToken) : null;
        return reader is null ? null : new(reader, FileNameOf(id, photo, picture, metadata), picture?.Header?.Format.MediaType, closed);
    }

    /// <summary>What is known of a copy beforehand; <c>null</c>: there is none, or nothing is known yet.</summary>
    public static StoredCopy? CopyOf(StoredPicture? picture, CopyMetadata metadata) => picture?.Copies?.GetValueOrDefault(metadata);

    /// <summary>Whether there is such a copy, or may be once the picture has been looked at.</summary>
    public static bool MayBeCopied(StoredPicture? picture, CopyMetadata metadata) => metadata == CopyMetadata.All || picture is null or { State: PreviewState.Pending } || CopyOf(picture, metadata) is not null;

    /// <summary>Opens a copy that is known, or the original.</summary>
    public async ValueTask<IContentReader?> OpenCopyAsync(ContentId original, CopyMetadata metadata, ContentInfo copy, CancellationToken cancellationToken)
    {
        if (await contents.OpenAsync(original, cancellationToken) is not { } reader)
        {
            return null;
        }

        if (metadata == CopyMetadata.All)
        {
            return reader;
        }

        try
        {
            return await PictureCopy.OpenAsync(reader, metadata, copy, cancellationToken);
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <summary>How a file of a photo is called. A copy's name tells nothing.</summary>
    public static string FileNameOf(PhotoId id, StoredPhoto photo, StoredPicture? picture, CopyMetadata metadata) =>
        metadata == CopyMetadata.All ? photo.FileName : NeutralName(id) + picture?.Header?.Format.Extension;

    public static string NeutralName(PhotoId id) => $"photo-{id.Value[..8]}";

    /// <summary>The CRC-32 of bytes: known, or reckoned now.</summary>
    public async ValueTask<uint> Crc32Async(ContentId content, CancellationToken cancellationToken)
    {
        if ((await FindAsync(content, cancellationToken))?.Value.Crc32 is { } known)
        {
            return known;
        }

        await using var reader = await contents.OpenAsync(content, cancellationToken) ?? throw new SharingException(ProblemCodes.NotFound, "A photo has gone.");
        return await Archives.Crc32Async(reader, cancellationToken);
    }

    /// <summary>Opens bytes as they are.</summary>
    public ValueTask<IContentReader?> OpenAsync(ContentId content, CancellationToken cancellationToken) => contents.OpenAsync(content, cancellationToken);

    public static string Referrer(ContentId content) => $"picture/{content}";
}
