using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Saves photos that a friend shows. Each file appears under its name when it is whole, and its hash is what the server said; what is there already is not fetched again. Thread-safe.</summary>
/// <param name="entries">Where they are shown.</param>
public sealed class PhotoGetter(IPhotoEntries entries)
{
    const int Piece = 128 * 1024;

    /// <summary>Saves photos into a folder.</summary>
    /// <param name="actor">Who has signed in.</param>
    /// <param name="view">What is shown to him.</param>
    /// <param name="folder">An existing folder.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops; the same call goes on with the next file later.</param>
    /// <returns>The files, in the photos' order.</returns>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NotFound"/>: it is not shown any more; <see cref="ProblemCodes.ContentMismatch"/>: other bytes came than were announced.</exception>
    public async Task<IReadOnlyList<string>> GetAsync(PersonId actor, GrantView view, string folder, IProgress<PhotoUploadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var (files, names, all, before) = (new List<string>(), new HashSet<string>(StringComparer.OrdinalIgnoreCase), view.Photos.Sum(static photo => photo.Length), 0L);
        foreach (var photo in view.Photos)
        {
            var bytes = await entries.OpenPhotoAsync(new(actor), view.Id, photo.Id, null, cancellationToken) ?? throw new SharingException(ProblemCodes.NotFound, $"The photo {photo.Name} is not shown any more.");
            await using var content = bytes.Content;
            var path = Path.Combine(folder, OnlyName.Of(bytes.FileName ?? photo.Id.Value, names));
            if (!await IsThereAsync(path, content.Info, cancellationToken))
            {
                await SaveAsync(content, path, progress is null ? null : at => progress.Report(new(path, files.Count, view.Photos.Count, before + at, all)), cancellationToken);
            }

            files.Add(path);
            before += photo.Length;
            progress?.Report(new(path, files.Count, view.Photos.Count, before, all));
        }

        return files;
    }

    static async Task<bool> IsThereAsync(string path, ContentInfo content, CancellationToken cancellationToken) =>
        new FileInfo(path) is { Exists: true } file && file.Length == content.Length && await Blake3.HashFileAsync(path, 1, null, cancellationToken) == content.Id;

    static async Task SaveAsync(IContentReader content, string path, Action<long>? progress, CancellationToken cancellationToken)
    {
        var part = path + ".part";
        var hasher = new Blake3Hasher();
        await using (var file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous))
        {
            var buffer = new byte[Piece];
            for (var at = 0L; await content.ReadAsync(ContentArea.Data, at, buffer, cancellationToken) is var read and > 0; at += read)
            {
                hasher.Append(buffer.AsSpan(0, read));
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                progress?.Invoke(at + read);
            }
        }

        var hash = new byte[ContentId.Size];
        hasher.Finish(hash);
        if (new ContentId(hash) != content.Info.Id)
        {
            File.Delete(part);
            throw new SharingException(ProblemCodes.ContentMismatch, $"Other bytes came for {Path.GetFileName(path)} than the server announced.");
        }

        File.Move(part, path, overwrite: true);
    }
}
