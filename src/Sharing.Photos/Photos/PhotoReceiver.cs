using System.Globalization;
using Microsoft.Extensions.Options;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Makes photos of uploads (row F1), and room for them (row F7). Thread-safe singleton.</summary>
sealed class PhotoReceiver(PhotoBook book, Pictures pictures, KnownPhotos known, Eviction eviction, IOptions<PhotoOptions> options, TimeProvider time) : IUploadReceiver
{
    /// <inheritdoc/>
    public string Purpose => PhotoUploads.Purpose;

    /// <inheritdoc/>
    public async ValueTask<UploadVerdict> AdmitAsync(PersonId actor, UploadRequest request, CancellationToken cancellationToken = default)
    {
        var said = request.Metadata;
        return said["name"] is { } name && PhotoName.From(name) is null ? UploadVerdict.Refused(ProblemCodes.InvalidInput, $"A name has 1 to {PhotoName.Most} characters.")
            : said["device"] is { } device && PhotoName.From(device) is null ? UploadVerdict.Refused(ProblemCodes.InvalidInput, $"A device's name has 1 to {PhotoName.Most} characters.")
            : said["essence"] is { } essence && !ContentId.TryParse(essence, out _) ? UploadVerdict.Refused(ProblemCodes.InvalidInput, "An essence is a BLAKE3 hash in hex.")
            : said["validFor"] is not null && PeriodOf(said) is null ? UploadVerdict.Refused(ProblemCodes.InvalidInput, $"A photo is kept for at least a minute and at most {options.Value.LongestValidFor.TotalDays:0} days.")
            : said["folder"] is { } folder && await FolderAsync(actor, folder, cancellationToken) is null ? UploadVerdict.Refused(ProblemCodes.NotFound, "There is no such folder.")
            : UploadVerdict.Accepted;
    }

    /// <inheritdoc/>
    public ValueTask<long> MakeRoomAsync(RecordBatch batch, PersonId actor, long missing, CancellationToken cancellationToken = default) => eviction.EvictAsync(batch, actor, missing, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<UploadVerdict> CompleteAsync(RecordBatch batch, Upload upload, ContentInfo content, CancellationToken cancellationToken = default)
    {
        var header = await HeaderAsync(content, cancellationToken);
        var (said, now, id) = (upload.Metadata, time.GetUtcNow(), PhotoId.Parse(upload.Id.Value)); // as hard to guess, and there is one completion for it
        var folder = said["folder"] is { } named ? await FolderAsync(upload.Owner, named, cancellationToken) : null;
        if (said["folder"] is not null && folder is null)
        {
            return UploadVerdict.Refused(ProblemCodes.NotFound, "The folder has gone, and its photos with it.");
        }

        if (!await pictures.AddAsync(batch, content, header, cancellationToken))
        {
            return UploadVerdict.ContentGone;
        }

        var device = PhotoName.From(said["device"]);
        var fileName = FileName.From(said["filename"]);
        var until = PeriodOf(said) is { } period ? now + period : folder is null ? now + await book.ValidForAsync(upload.Owner, cancellationToken) : (DateTimeOffset?)null;
        var name = PhotoName.From(said["name"]) ?? PhotoName.Of(device is null ? null : header?.Taken, now);
        var photo = new StoredPhoto(upload.Owner, name, fileName ?? name, folder?.Key.Part(0) is { } inside ? FolderId.Parse(inside) : null, content, now, until)
        {
            Device = device, Essence = device is not null && ContentId.TryParse(said["essence"], out var essence) ? essence : null,
        };
        PhotoBook.Put(batch, id, photo, null);
        await known.NoteAsync(batch, upload.Owner, [photo], came: true, cancellationToken);
        if (folder is not null)
        {
            var arrived = folder.Value.Arrived + 1;
            PhotoBook.Put(batch, FolderId.Parse(folder.Key.Part(0)), folder.Value with { Arrived = arrived, Announced = Math.Max(arrived, folder.Value.Announced) }, folder);
        }

        return UploadVerdict.AcceptedAs(id.Value);
    }

    /// <summary>What the bytes say of themselves; <c>null</c>: nothing that is known here.</summary>
    async ValueTask<PictureHeader?> HeaderAsync(ContentInfo content, CancellationToken cancellationToken)
    {
        await using var reader = await pictures.OpenAsync(content.Id, cancellationToken);
        try
        {
            return reader is null ? null : await PictureHeaderReader.ReadAsync(reader, options.Value.Pictures, cancellationToken);
        }
        catch (PictureFormatException)
        {
            return null; // its bytes are kept all the same; why it has no previews is found out with them
        }
    }

    async ValueTask<Versioned<StoredFolder>?> FolderAsync(PersonId owner, string id, CancellationToken cancellationToken) =>
        FolderId.TryParse(id, out var folder) && await book.FindLiveAsync(folder, cancellationToken) is { } found && found.Value.Owner == owner ? found : null;

    TimeSpan? PeriodOf(UploadMetadata said) =>
        double.TryParse(said["validFor"], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds >= 60 && seconds <= options.Value.LongestValidFor.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
}
