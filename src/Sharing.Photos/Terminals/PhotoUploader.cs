using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Uploads picture files to a photo server. What was begun goes on where it stood, also after a crash, when it is asked for again: addresses are written down before the first byte goes. Thread-safe.</summary>
/// <param name="home">The server.</param>
/// <param name="folders">The person's folders there.</param>
/// <param name="devices">What his devices have sent.</param>
/// <param name="own">What it shows of them until the server has previews.</param>
/// <param name="records">Where this terminal writes down what it has begun.</param>
/// <param name="clients">Makes the guarded client.</param>
/// <param name="time">The clock.</param>
public sealed class PhotoUploader(PhotoHome home, IPhotoFolders folders, IDevicePhotos devices, OwnPictures own, IRecordStore records, IHttpClientFactory clients, TimeProvider time)
{
    /// <summary>How far back a device's pictures go by themselves, if nobody says otherwise (row F12). A week.</summary>
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromDays(7);

    /// <summary>Uploads one picture.</summary>
    /// <param name="actor">Whose it is.</param>
    /// <param name="path">The file.</param>
    /// <param name="name">The photo's name; <c>null</c>: when it was uploaded.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops; the same call goes on later.</param>
    /// <exception cref="SharingException">The server refused, or could not be reached for too long.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public async Task<PhotoId> UploadAsync(PersonId actor, string path, string? name = null, IProgress<PhotoUploadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        (await SendAsync(actor, [PhotoFile.Of(path)], "single", isOnce: false, name is null ? [] : [new("name", name)], static _ => [], progress, cancellationToken)).Single().Photo;

    /// <summary>Uploads a folder's pictures into a folder at the server, named like it. Asked for again, it sends what is new, or was not finished.</summary>
    /// <param name="actor">Whose they are.</param>
    /// <param name="path">The folder.</param>
    /// <param name="request">How the folder at the server is to be; <c>null</c>: named like this one.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops; the same call goes on later.</param>
    /// <exception cref="SharingException">The server refused, or could not be reached for too long.</exception>
    /// <exception cref="IOException">The folder or a file cannot be read.</exception>
    public async Task<FolderUpload> UploadFolderAsync(
        PersonId actor, string path, FolderRequest? request = null, IProgress<PhotoUploadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var files = PhotoFile.In(path);
        var key = KeyOf(actor, "folder", Path.GetFullPath(path));
        var known = await records.GetAsync(key, TerminalRecords.Default.NullableFolderId, cancellationToken);
        var folder = known?.Value is { } id ? await folders.FindAsync(actor, id, cancellationToken) : null;
        if (folder is null)
        {
            request ??= new() { Name = new DirectoryInfo(path).Name };
            folder = await folders.CreateAsync(actor, request with { Announced = Math.Max(request.Announced, files.Count) }, cancellationToken);
            await KeepAsync(actor, key, folder.Id, TerminalRecords.Default.NullableFolderId, cancellationToken);
        }

        var sent = await SendAsync(actor, files, folder.Id.Value, isOnce: true, [new("folder", folder.Id.Value)], static _ => [], progress, cancellationToken);
        return new(
            await folders.FindAsync(actor, folder.Id, cancellationToken) ?? folder, [.. sent.Where(static one => one.IsNew).Select(static one => one.Photo)], sent.Count(static one => !one.IsNew));
    }

    /// <summary>Uploads a device's new pictures into its own space (row F12): what the server has from it, by its bytes or by its picture, is not sent.</summary>
    /// <param name="actor">Whose device it is.</param>
    /// <param name="device">What it calls itself.</param>
    /// <param name="path">The folder that it keeps pictures in.</param>
    /// <param name="window">How old they may be; <c>null</c>: as old as they are.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellationToken">Stops; the same call goes on later.</param>
    /// <exception cref="SharingException">The server refused, or could not be reached for too long.</exception>
    /// <exception cref="IOException">The folder or a file cannot be read.</exception>
    public async Task<DeviceUpload> UploadDeviceAsync(
        PersonId actor, string device, string path, TimeSpan? window, IProgress<PhotoUploadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var all = PhotoFile.In(path);
        var since = window is { } back ? time.GetUtcNow() - back : DateTimeOffset.MinValue;
        var inside = new List<(PhotoFile File, StoredFile Facts)>();
        foreach (var file in all.Where(file => file.Modified >= since))
        {
            inside.Add((file, await LookAsync(actor, device, file, cancellationToken)));
        }

        var lacking = await LackingAsync(actor, device, PhotoHash.Content, inside, static facts => facts.Content, cancellationToken);
        lacking = await LackingAsync(actor, device, PhotoHash.Essence, lacking, static facts => facts.Essence, cancellationToken);
        var once = lacking.DistinctBy(static one => one.Facts.Content).ToDictionary(static one => one.File.Path, static one => one.Facts, StringComparer.Ordinal);
        var sent = await SendAsync(
            actor, [.. lacking.Select(static one => one.File).Where(file => once.ContainsKey(file.Path))], DevicePurpose(device), isOnce: false, [new("device", device)],
            file => once[file.Path].Essence is { } essence ? [new("essence", essence.ToString())] : [], progress, cancellationToken);
        return new([.. sent.Select(static one => one.Photo)], inside.Count - sent.Count, all.Count - inside.Count);
    }

    static string DevicePurpose(string device) => $"device {device}";

    /// <summary>What a file is, hashed once for each time that it was written.</summary>
    async Task<StoredFile> LookAsync(PersonId actor, string device, PhotoFile file, CancellationToken cancellationToken)
    {
        var key = KeyOf(actor, DevicePurpose(device), file.Path);
        var known = await records.GetAsync(key, TerminalRecords.Default.StoredFile, cancellationToken);
        if (known?.Value is { Content: not null } facts && facts.IsOf(file))
        {
            return facts;
        }

        await using var bytes = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
        var looked = new StoredFile(file.Length, file.Modified) { Content = await Blake3.HashFileAsync(file.Path, 1, null, cancellationToken), Essence = await PictureCopy.EssenceAsync(bytes, cancellationToken) };
        await KeepAsync(actor, key, looked, TerminalRecords.Default.StoredFile, cancellationToken);
        return looked;
    }

    /// <summary>Those of a device's pictures that the server lacks, in their order.</summary>
    async Task<List<(PhotoFile File, StoredFile Facts)>> LackingAsync(
        PersonId actor, string device, PhotoHash kind, List<(PhotoFile File, StoredFile Facts)> some, Func<StoredFile, ContentId?> hashOf, CancellationToken cancellationToken)
    {
        var missing = new HashSet<ulong>();
        foreach (var set in some.Select(one => hashOf(one.Facts)).OfType<ContentId>().Select(HashPrefixes.Of).Distinct().Order().Chunk(HashPrefixes.Most))
        {
            var asked = new DevicePhotosAsked { Device = device, By = kind, Hashes = Convert.ToBase64String(HashPrefixes.Encode(set)) };
            var answer = Convert.FromBase64String((await devices.LackingAsync(actor, asked, cancellationToken)).Lacking);
            missing.UnionWith(set.Where((_, at) => at >> 3 >= answer.Length || (answer[at >> 3] & (0x80 >> (at & 7))) != 0));
        }

        return [.. some.Where(one => hashOf(one.Facts) is not { } hash || missing.Contains(HashPrefixes.Of(hash)))];
    }

    /// <summary>Sends files, each from where it stands. What was sent before is passed over where a file is sent once; else it may have gone from the server since, and is sent anew.</summary>
    async Task<List<(PhotoId Photo, bool IsNew)>> SendAsync(
        PersonId actor, IReadOnlyList<PhotoFile> files, string purpose, bool isOnce, IReadOnlyList<KeyValuePair<string, string>> said, Func<PhotoFile, IReadOnlyList<KeyValuePair<string, string>>> saidOf,
        IProgress<PhotoUploadProgress>? progress, CancellationToken cancellationToken)
    {
        var uploads = new UploadClient(clients.CreateClient(GuardedClient.Services), time, token => home.TokenOf(actor, token));
        var (sent, bytes, before) = (new List<(PhotoId, bool)>(), files.Sum(static file => file.Length), 0L);
        foreach (var file in files)
        {
            var key = KeyOf(actor, purpose, file.Path);
            var known = await records.GetAsync(key, TerminalRecords.Default.StoredFile, cancellationToken);
            var facts = known?.Value is { } stored && stored.IsOf(file) ? stored : new(file.Length, file.Modified);
            var isNew = facts.Photo is null || !isOnce;
            if (isNew)
            {
                facts = facts with { Photo = null };
                var metadata = UploadMetadata.Of([new("filename", Path.GetFileName(file.Path)), .. said, .. saidOf(file)]);
                facts = await SendAsync(actor, uploads, file, key, facts, metadata, progress is null ? null : new Told(at => progress.Report(new(file.Path, sent.Count, files.Count, before + at, bytes))), cancellationToken);
                await own.NoteAsync(actor, facts.Photo!.Value, file.Path, cancellationToken);
            }

            sent.Add((facts.Photo!.Value, isNew));
            before += file.Length;
            progress?.Report(new(file.Path, sent.Count, files.Count, before, bytes));
        }

        return sent;
    }

    async Task<StoredFile> SendAsync(
        PersonId actor, UploadClient uploads, PhotoFile file, RecordKey key, StoredFile facts, UploadMetadata metadata, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var settings = new UploadSettings { Metadata = metadata, Progress = progress };
        while (true)
        {
            var isResumed = facts.Address is not null;
            if (facts.Address is not { } address)
            {
                address = await uploads.CreateAsync(home.Uploads, file.Length, metadata, cancellationToken);
                facts = facts with { Address = address };
                await KeepAsync();
            }

            try
            {
                var receipt = await uploads.ResumeAsync(address, UploadSource.OfFile(file.Path), settings, cancellationToken);
                facts = facts with { Address = null, Photo = PhotoId.TryParse(receipt.Result, out var photo) ? photo : throw new SharingException(ProblemCodes.FetchFailed, "The server did not say which photo it is.") };
                await KeepAsync();
                return facts;
            }
            catch (SharingException e) when (e.Code == ProblemCodes.NotFound && isResumed)
            {
                facts = facts with { Address = null }; // too old by now: from the beginning
            }
        }

        Task KeepAsync() => this.KeepAsync(actor, key, facts, TerminalRecords.Default.StoredFile, cancellationToken);
    }

    /// <summary>Writes down what is known of a file or folder, and whose it is: its own key tells nobody.</summary>
    Task KeepAsync<T>(PersonId actor, RecordKey key, T facts, JsonTypeInfo<T> type, CancellationToken cancellationToken) => records.CommitAsync(
        new RecordBatch().Put(key, facts, type, RecordBatch.Any).Put(RecordKey.Of("photo-file-of", actor.Value, key.Part(0)), "", TerminalRecords.Default.String, RecordBatch.Any), cancellationToken).AsTask();

    RecordKey KeyOf(PersonId actor, string purpose, string path) =>
        FileKey(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{home.Server}\n{actor}\n{purpose}\n{path}"))));

    internal static RecordKey FileKey(string hash) => RecordKey.Of("photo-file", hash);

    /// <summary>Tells at once, in the order in which things happen.</summary>
    sealed class Told(Action<long> tell) : IProgress<long>
    {
        public void Report(long value) => tell(value);
    }
}
