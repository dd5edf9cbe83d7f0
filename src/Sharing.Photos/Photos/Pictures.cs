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

    /// <summary>Opens the bytes of a photo, or of its preview; <c>null</c>: there are none.</summary>
    public async ValueTask<GrantedBytes?> OpenAsync(StoredPhoto photo, int? preview, CancellationToken closed, CancellationToken cancellationToken)
    {
        var picture = (await FindAsync(photo.Content.Id, cancellationToken))?.Value;
        var content = preview is not { } size ? photo.Content.Id : picture?.Previews?.TryGetValue(size, out var made) == true ? made.Id : (ContentId?)null;
        return content is null || await contents.OpenAsync(content.Value, cancellationToken) is not { } reader ? null
            : preview is null ? new(reader, photo.FileName, picture?.Header?.Format.MediaType, closed)
            : new(reader, null, PictureFormat.Jpeg.MediaType, closed);
    }

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
