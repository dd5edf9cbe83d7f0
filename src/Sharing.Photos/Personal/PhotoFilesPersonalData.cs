using System.Text.Json;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>What a terminal has written down of the picture files that its people have sent. The files themselves are theirs, and stay.</summary>
sealed class PhotoFilesPersonalData(IRecordStore records) : IPersonalData
{
    public string Name => "photo-files";

    public IReadOnlyCollection<string> RecordKinds => ["photo-file", "photo-file-of", "photo-own"];

    public async Task ExportAsync(PersonId person, IPersonalArchive archive, CancellationToken cancellationToken)
    {
        await archive.AddListAsync(
            "sent", FilesAsync(person, cancellationToken).Select((entry, token) => records.GetAsync(PhotoUploader.FileKey(entry.Key.Part(1)), PersonalJson.Default.JsonElement, token))
                .Where(static file => file is not null).Select(static file => file!.Value), PersonalJson.Default.JsonElement, cancellationToken);
        await archive.AddListAsync(
            "placeholders", OwnAsync(person, cancellationToken).Select(static own => new PersonalPlaceholder(PhotoId.Parse(own.Key.Part(2)), JsonSerializer.Deserialize(own.Json.Span, OwnPicturesJson.Default.String)!)),
            PersonalJson.Default.PersonalPlaceholder, cancellationToken);
    }

    public async Task<bool> EraseAsync(PersonId person, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await records.DeleteAllAsync(FilesAsync(person, cancellationToken).SelectMany(static entry => new[] { PhotoUploader.FileKey(entry.Key.Part(1)), entry.Key }), cancellationToken);
        await records.DeleteAllAsync(OwnAsync(person, cancellationToken).Select(static own => own.Key), cancellationToken);
        return true;
    }

    IAsyncEnumerable<Record> FilesAsync(PersonId person, CancellationToken cancellationToken) => records.ScanAsync(RecordRange.Under("photo-file-of", person.Value), cancellationToken);

    IAsyncEnumerable<Record> OwnAsync(PersonId person, CancellationToken cancellationToken) =>
        records.ScanAsync(RecordRange.Under("photo-own"), cancellationToken).Where(own => own.Key.Part(1) == person.Value);
}
