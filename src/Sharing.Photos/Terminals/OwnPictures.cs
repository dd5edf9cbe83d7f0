using System.Text.Json.Serialization;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Placeholders that a terminal makes of the pictures that it has sent, until the server has made its own. They go nowhere. Thread-safe singleton.</summary>
/// <remarks>Records: <c>photo-own/{server}/{person}/{photo}</c>, deleted when the server's is seen.</remarks>
/// <param name="home">The server.</param>
/// <param name="records">Where this terminal keeps them.</param>
/// <param name="thumbnailer">Makes them.</param>
public sealed class OwnPictures(PhotoHome home, IRecordStore records, IThumbnailer thumbnailer)
{
    const int Side = 160;

    /// <summary>Makes the placeholder of a photo that was sent; makes none of what cannot be decoded here.</summary>
    public async Task NoteAsync(PersonId actor, PhotoId photo, string path, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var picture = new FilePicture(path);
            var made = await thumbnailer.MakeAsync(picture, await PictureHeaderReader.ReadAsync(picture, cancellationToken: cancellationToken), [Side], cancellationToken);
            await records.CommitAsync(
                new RecordBatch().Put(KeyOf(actor, photo), Convert.ToBase64String(made.ThumbHash.Span), OwnPicturesJson.Default.String, RecordBatch.Any), cancellationToken);
        }
        catch (Exception e) when (e is PictureFormatException or IOException or UnauthorizedAccessException)
        {
            // The server may know better.
        }
    }

    /// <summary>The placeholder of a photo, in Base64: the server's, else this terminal's own; <c>null</c>: there is none.</summary>
    public async ValueTask<string?> FindAsync(PersonId actor, Photo photo, CancellationToken cancellationToken = default)
    {
        var own = await records.GetAsync(KeyOf(actor, photo.Id), OwnPicturesJson.Default.String, cancellationToken);
        if (own is not null && photo.ThumbHash is not null)
        {
            await records.CommitAsync(new RecordBatch().Delete(own.Key, RecordBatch.Any), cancellationToken);
        }

        return photo.ThumbHash ?? own?.Value;
    }

    RecordKey KeyOf(PersonId actor, PhotoId photo) => RecordKey.Of("photo-own", home.Server.AbsoluteUri, actor.Value, photo.Value);

    /// <summary>A file of this terminal's user.</summary>
    sealed class FilePicture(string path) : IContentReader
    {
        readonly Microsoft.Win32.SafeHandles.SafeFileHandle _file = File.OpenHandle(path, options: FileOptions.Asynchronous);

        public ContentInfo Info => new(default, RandomAccess.GetLength(_file));

        public async ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            area == ContentArea.Data ? await RandomAccess.ReadAsync(_file, buffer, offset, cancellationToken) : 0;

        public ValueTask DisposeAsync()
        {
            _file.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

[JsonSerializable(typeof(string))]
sealed partial class OwnPicturesJson : JsonSerializerContext;
