using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>One picture after the other. Thread-safe singleton.</summary>
sealed class PictureMaking(
    IRecordStore records, IContentStore contents, ContentReferences references, Pictures pictures, IThumbnailer thumbnailer, IOptions<PhotoOptions> options, ILogger<PictureMaking> logger)
{
    const int MostAttempts = 3;

    static readonly TimeSpan Visibility = TimeSpan.FromMinutes(5);

    /// <summary>Does one picture that is due.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken = default)
    {
        if (await pictures.Queue.ClaimAsync(Visibility, cancellationToken) is not { } item)
        {
            return false;
        }

        var id = ContentId.Parse(item.Id);
        var picture = (await pictures.FindAsync(id, cancellationToken))?.Value;
        var made = picture is not { Photos: > 0 } ? null
            : item.Attempts > MostAttempts ? picture with { State = PreviewState.Refused } // it ended the process, or something in it, each time
            : await MakeAsync(id, cancellationToken);
        await records.ChangeAsync(
            async batch =>
            {
                if (await pictures.FindAsync(id, cancellationToken) is not { } current)
                {
                    item.Complete(batch);
                    await records.CommitAsync(batch, cancellationToken); // unless the work ended with the picture
                    return false;
                }

                if (current.Value.Photos == 0)
                {
                    await pictures.RetireAsync(batch, current, cancellationToken);
                }
                else if (made is not null && !await KeepAsync(batch, current, made, cancellationToken))
                {
                    return false; // a preview's bytes are going just now: made again when the work comes back
                }

                item.Complete(batch);
                return true;
            },
            cancellationToken);
        return true;
    }

    async Task<StoredPicture?> MakeAsync(ContentId id, CancellationToken cancellationToken)
    {
        if (await contents.OpenAsync(id, cancellationToken) is not { } reader)
        {
            return null;
        }

        await using (reader)
        {
            var facts = new StoredPicture(reader.Info, 0, PreviewState.Pending, null) { Crc32 = await Archives.Crc32Async(reader, cancellationToken), Copies = await CopiesAsync(reader, cancellationToken) };
            try
            {
                var header = await PictureHeaderReader.ReadAsync(reader, options.Value.Pictures, cancellationToken);
                facts = facts with { Header = header };
                if (thumbnailer.WhyNot(header.Format) is { } why)
                {
                    PhotosLog.NoPreviews(logger, header.Format, why);
                    return facts with { State = PreviewState.Unavailable };
                }

                var thumbnails = await thumbnailer.MakeAsync(reader, header, PreviewSizes.All, cancellationToken);
                var previews = new Dictionary<int, ContentInfo>();
                foreach (var (size, jpeg) in thumbnails.Jpegs)
                {
                    previews[size] = await contents.PutAsync(new MemoryStream(jpeg.ToArray()), null, cancellationToken);
                }

                return facts with { State = PreviewState.Ready, Previews = previews, ThumbHash = Convert.ToBase64String(thumbnails.ThumbHash.Span) };
            }
            catch (SharingException e) when (e.Code == ProblemCodes.NotConfined)
            {
                PhotosLog.NoPreviews(logger, facts.Header!.Format, e.Message);
                return facts with { State = PreviewState.Unavailable };
            }
            catch (PictureFormatException e)
            {
                PhotosLog.Refused(logger, id, e.Fault, e.Message);
                return facts with { State = e.Fault == PictureFault.NotAPicture ? PreviewState.NotAPicture : PreviewState.Refused };
            }
        }
    }

    /// <summary>What copies there will be; all of them, or none.</summary>
    static async Task<IReadOnlyDictionary<CopyMetadata, StoredCopy>?> CopiesAsync(IContentReader original, CancellationToken cancellationToken)
    {
        try
        {
            var copies = new Dictionary<CopyMetadata, StoredCopy>();
            foreach (var metadata in (CopyMetadata[])[CopyMetadata.NoLocation, CopyMetadata.None])
            {
                copies[metadata] = await PictureCopy.MeasureAsync(original, metadata, cancellationToken);
            }

            return copies;
        }
        catch (PictureFormatException)
        {
            return null;
        }
    }

    /// <summary>Adds to a batch what is known now, and the references that keep the previews.</summary>
    async ValueTask<bool> KeepAsync(RecordBatch batch, Versioned<StoredPicture> picture, StoredPicture made, CancellationToken cancellationToken)
    {
        foreach (var preview in (made.Previews?.Values ?? []).DistinctBy(static preview => preview.Id).Where(preview => preview.Id != picture.Value.Content.Id))
        {
            if (!await references.AddAsync(batch, preview, Pictures.Referrer(picture.Value.Content.Id), cancellationToken))
            {
                return false;
            }
        }

        batch.Put(picture.Key, made with { Photos = picture.Value.Photos }, PhotoRecords.Default.StoredPicture, picture.Version);
        return true;
    }
}
