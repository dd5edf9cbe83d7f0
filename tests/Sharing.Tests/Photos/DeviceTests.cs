using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Photos;
using Sharing.Tests.Hosting;
using Sharing.Trials.Photos;
using static Sharing.Tests.Photos.PhotoServer;

namespace Sharing.Tests.Photos;

/// <summary>A terminal that speaks to the server over HTTP.</summary>
public sealed class DeviceTests : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("sharing-").FullName;
    readonly IRecordStore _records = new MemoryRecordStore();
    PhotoServer _server = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A terminal, begun anew, with what it wrote down before; how many bytes of bodies it sends is counted, and it may be broken off.</summary>
    Counter Begin(long breaksAfter = long.MaxValue) => new(_server, _records, breaksAfter);

    string Put(string name, string picture, int daysOld = 0)
    {
        var path = Path.Combine(_folder, name);
        File.Copy(PictureFiles.Picture(picture), path, overwrite: true);
        File.SetLastWriteTimeUtc(path, _server.Clock.GetUtcNow().UtcDateTime.AddDays(-daysOld));
        return path;
    }

    [Fact, Trait("Row", "F12")]
    public async Task New_pictures_go_into_the_devices_own_space_within_the_window_and_once()
    {
        Put("a.jpg", "photo.jpg");
        Put("b.png", "photo.png", daysOld: 6);
        Put("old.jpg", "turn1.jpg", daysOld: 8);
        await File.WriteAllTextAsync(Path.Combine(_folder, "notes.txt"), "no picture", Cancel);
        var first = await Begin().Uploader.UploadDeviceAsync(Anna, "phone", _folder, PhotoUploader.DefaultWindow, null, Cancel);
        Assert.Equal((2, 0, 1), (first.Uploaded.Count, first.Known, first.Outside));
        var photos = await _server.Photos.ListAsync(Anna, new(Device: "phone"), Cancel).ToListAsync(Cancel);
        Assert.Equal(2, photos.Count);
        Assert.Contains(photos, static photo => photo.Name == "2026-05-17 14:03:09"); // when it was taken
        Assert.Empty(await _server.Photos.ListAsync(Anna, new(Device: "tablet"), Cancel).ToListAsync(Cancel));
        Assert.Empty(await _server.Photos.ListAsync(Ben, new(Device: "phone"), Cancel).ToListAsync(Cancel));

        var again = Begin();
        Assert.Equal((0, 2, 1), Of(await again.Uploader.UploadDeviceAsync(Anna, "phone", _folder, PhotoUploader.DefaultWindow, null, Cancel)));
        Assert.Equal(0, again.UploadedBytes);
        Assert.Equal((1, 2, 0), Of(await Begin().Uploader.UploadDeviceAsync(Anna, "phone", _folder, null, null, Cancel)));
        Assert.Equal((3, 0, 0), Of(await Begin().Uploader.UploadDeviceAsync(Anna, "tablet", _folder, null, null, Cancel)));
        static (int Uploaded, int Known, int Outside) Of(DeviceUpload upload) => (upload.Uploaded.Count, upload.Known, upload.Outside);
    }

    /// <summary>A phone that may not tell the place gives its programs copies without it: the same pictures in other bytes.</summary>
    [Fact, Trait("Row", "F12")]
    public async Task A_copy_without_its_place_is_known_again_and_what_has_gone_from_the_server_is_sent_again()
    {
        var path = Put("a.jpg", "photo.jpg");
        var first = await Begin().Uploader.UploadDeviceAsync(Anna, "phone", _folder, null, null, Cancel);
        Put("a.jpg", "photo-nogps.jpg");
        var second = Begin();
        Assert.Equal(1, (await second.Uploader.UploadDeviceAsync(Anna, "phone", _folder, null, null, Cancel)).Known);
        Assert.Equal(0, second.UploadedBytes);

        Assert.True(await _server.Photos.DeleteAsync(Anna, first.Uploaded[0], Cancel));
        Assert.Single((await Begin().Uploader.UploadDeviceAsync(Anna, "phone", _folder, null, null, Cancel)).Uploaded);
        Assert.True(File.Exists(path));
    }

    [Fact, Trait("Row", "F12")]
    public async Task Only_ones_own_photos_are_told_of_and_what_is_no_question_is_refused()
    {
        Put("a.jpg", "photo.jpg");
        await Begin().Uploader.UploadDeviceAsync(Anna, "phone", _folder, null, null, Cancel);
        var hash = await Blake3.HashFileAsync(Path.Combine(_folder, "a.jpg"), 1, null, Cancel);
        var devices = _server.Host.Get<IDevicePhotos>();
        var asked = new DevicePhotosAsked { Device = "phone", Hashes = Convert.ToBase64String(HashPrefixes.Encode([HashPrefixes.Of(hash)])) };
        Assert.Equal([0], Convert.FromBase64String((await devices.LackingAsync(Anna, asked, Cancel)).Lacking));
        Assert.Equal([0x80], Convert.FromBase64String((await devices.LackingAsync(Anna, asked with { By = PhotoHash.Essence }, Cancel)).Lacking));
        Assert.Equal([0x80], Convert.FromBase64String((await devices.LackingAsync(Anna, asked with { Device = "tablet" }, Cancel)).Lacking));
        Assert.Equal([0x80], Convert.FromBase64String((await devices.LackingAsync(Ben, asked, Cancel)).Lacking));
        foreach (var wrong in (DevicePhotosAsked[])[asked with { Hashes = "%%%" }, asked with { Hashes = "AAAA" }, asked with { Device = "\n" }])
        {
            Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => devices.LackingAsync(Anna, wrong, Cancel))).Code);
        }
    }

    [Fact, Trait("Row", "F1")]
    public async Task A_folder_is_uploaded_once_and_goes_on_after_a_crash_where_it_stood()
    {
        var large = Put("large.jpg", "photo.jpg");
        await File.AppendAllTextAsync(large, new string('x', 5_000_000), Cancel); // behind the picture's end
        File.SetLastWriteTimeUtc(large, _server.Clock.GetUtcNow().UtcDateTime.AddMinutes(-1));
        Put("small.png", "plain.png");
        var broken = Begin(breaksAfter: 3_000_000);
        await Assert.ThrowsAnyAsync<Exception>(() => broken.Uploader.UploadFolderAsync(Anna, _folder, new() { Name = "Alps" }, null, Cancel));

        var after = Begin();
        var told = new List<PhotoUploadProgress>();
        var sent = await after.Uploader.UploadFolderAsync(Anna, _folder, new() { Name = "Alps" }, new Told(told.Add), Cancel);
        Assert.Equal(("Alps", 2, 2, 2, 0), (sent.Folder.Name, sent.Folder.Arrived, sent.Folder.Announced, sent.Uploaded.Count, sent.Known));
        Assert.Single(await _server.Folders.ListAsync(Anna, Cancel).ToListAsync(Cancel));
        Assert.Equal(told[^1].Bytes - 3_000_000, after.UploadedBytes);
        Assert.Equal((2, told[^1].Bytes), (told[^1].Done, told[^1].SentBytes));
        using var response = await _server.SendAsync(Anna, HttpMethod.Get, $"v1/photos/{sent.Uploaded[0]}/content");
        Assert.Equal(await File.ReadAllBytesAsync(large, Cancel), await response.Content.ReadAsByteArrayAsync(Cancel));

        Put("new.jpg", "turn3.jpg");
        var more = await Begin().Uploader.UploadFolderAsync(Anna, _folder, null, null, Cancel);
        Assert.Equal((sent.Folder.Id, 1, 2, 3), (more.Folder.Id, more.Uploaded.Count, more.Known, more.Folder.Arrived));
        Assert.True(await _server.Folders.DeleteAsync(Anna, sent.Folder.Id, Cancel));
        var anew = await Begin().Uploader.UploadFolderAsync(Anna, _folder, null, null, Cancel);
        Assert.Equal((3, Path.GetFileName(_folder)), (anew.Uploaded.Count, anew.Folder.Name));
    }

    [Fact, Trait("Row", "F1")]
    public async Task A_picture_that_was_removed_from_the_server_is_sent_again_when_it_is_asked_for()
    {
        var path = Put("a.jpg", "photo.jpg");
        var first = await Begin().Uploader.UploadAsync(Anna, path, "Sunset", null, Cancel);
        Assert.True(await _server.Photos.DeleteAsync(Anna, first, Cancel));
        var second = await Begin().Uploader.UploadAsync(Anna, path, "Sunset", null, Cancel);
        Assert.Equal("Sunset", (await _server.Photos.FindAsync(Anna, second, Cancel))?.Name);
    }

    [Fact, Trait("Row", "F9")]
    public async Task A_friend_saves_what_is_shown_to_him_as_it_is_or_as_it_is_to_be_given()
    {
        Put("a.jpg", "photo.jpg");
        Put("b.jpg", "motion.jpg");
        var anna = Begin();
        var folder = (await anna.Uploader.UploadFolderAsync(Anna, _folder, new() { Name = "Alps" }, null, Cancel)).Folder;
        await _server.WorkAsync();
        var ben = Begin();
        foreach (var metadata in Enum.GetValues<CopyMetadata>())
        {
            var grant = (await anna.Get<IPhotoGrants>().GrantAsync(Anna, new() { Folder = folder.Id, Friends = [Ben], Metadata = metadata }, Cancel))[0];
            var view = (await ben.Get<IPhotoEntries>().OpenAsync(new(Ben), grant.Id, Cancel))!;
            var into = Directory.CreateDirectory(Path.Combine(_folder, "got", $"{metadata}")).FullName;
            var files = await new PhotoGetter(ben.Get<IPhotoEntries>()).GetAsync(Ben, view, into, null, Cancel);
            Assert.Equal(2, files.Count);
            foreach (var (file, at) in files.Select(static (file, at) => (file, at)))
            {
                using var expected = new MemoryStream();
                await using var original = File.OpenRead(Path.Combine(_folder, view.Photos[at].Length == new FileInfo(Path.Combine(_folder, "b.jpg")).Length || (metadata != CopyMetadata.All && at == 0) ? "b.jpg" : "a.jpg"));
                await PictureCopy.WriteAsync(original, metadata, expected, Cancel);
                Assert.Equal(expected.ToArray(), await File.ReadAllBytesAsync(file, Cancel));
                Assert.Equal(expected.Length, view.Photos[at].Length);
                Assert.Equal(metadata == CopyMetadata.All, Path.GetFileName(file) is "a.jpg" or "b.jpg");
            }

            await new PhotoGetter(ben.Get<IPhotoEntries>()).GetAsync(Ben, view, into, null, Cancel);
            Assert.Equal(2, Directory.GetFiles(into).Length);
        }
    }

    sealed class Told(Action<PhotoUploadProgress> tell) : IProgress<PhotoUploadProgress>
    {
        public void Report(PhotoUploadProgress value) => tell(value);
    }

    /// <summary>A terminal's services.</summary>
    sealed class Counter
    {
        readonly ServiceProvider _services;
        readonly Handler _handler;

        public Counter(PhotoServer server, IRecordStore records, long breaksAfter)
        {
            _handler = new(breaksAfter);
            var services = new ServiceCollection();
            services.AddLogging();
            services.AddSingleton<TimeProvider>(new PassingTime(server.Clock));
            services.AddSingleton(records);
            services.AddSharing(sharing => sharing.UsePhotos(server.Host.Address, static (person, _) => ValueTask.FromResult(person is { } one ? SharingHost.TokenOf(one) : null)));
            services.AddHttpClient(GuardedClient.Services).AddHttpMessageHandler(() => _handler);
            _services = services.BuildServiceProvider();
        }

        public PhotoUploader Uploader => Get<PhotoUploader>();

        public long UploadedBytes => _handler.Uploaded;

        public T Get<T>()
            where T : notnull => _services.GetRequiredService<T>();
    }

    /// <summary>The server's day, with rests that pass.</summary>
    sealed class PassingTime(TimeProvider day) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => day.GetUtcNow();
    }

    sealed class Handler(long breaksAfter) : DelegatingHandler
    {
        public long Uploaded { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Method == HttpMethod.Patch && request.Content is { } content && content.Headers.ContentType?.MediaType == "application/offset+octet-stream")
            {
                var bytes = await content.ReadAsByteArrayAsync(cancellationToken);
                if (Uploaded + bytes.Length > breaksAfter)
                {
                    bytes = bytes[..(int)(breaksAfter - Uploaded)];
                    Uploaded += bytes.Length;
                    request.Content = new ByteArrayContent(bytes);
                    request.Content.Headers.ContentType = content.Headers.ContentType;
                    (await base.SendAsync(request, cancellationToken)).Dispose();
                    throw new OperationCanceledException("The terminal was ended.");
                }

                Uploaded += bytes.Length;
                request.Content = new ByteArrayContent(bytes);
                request.Content.Headers.ContentType = content.Headers.ContentType;
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
