using System.IO.Compression;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Photos;
using Sharing.Tests.Hosting;
using Sharing.Trials.Photos;
using static Sharing.Tests.Photos.PhotoServer;

namespace Sharing.Tests.Photos;

/// <summary>The seams over HTTP answer as those in the host's process do.</summary>
public sealed class HttpPhotosTests : IAsyncLifetime
{
    PhotoServer _server = null!;
    ServiceProvider _client = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await StartAsync();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IRecordStore>(new MemoryRecordStore());
        services.AddSharing(sharing => sharing.UsePhotos(_server.Host.Address, static (person, _) => ValueTask.FromResult(person is { } one ? SharingHost.TokenOf(one) : null)));
        _client = services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    T Far<T>()
        where T : notnull => _client.GetRequiredService<T>();

    T Near<T>()
        where T : notnull => _server.Host.Get<T>();

    static void Same<T>(T near, T far) => Assert.Equal(JsonSerializer.Serialize(near, JsonSerializerOptions.Web), JsonSerializer.Serialize(far, JsonSerializerOptions.Web));

    static async Task<byte[]> BytesAsync(GrantedBytes? bytes)
    {
        await using var content = new ContentStream(bytes!.Content, ContentArea.Data, 0);
        using var all = new MemoryStream();
        await content.CopyToAsync(all, Cancel);
        return all.ToArray();
    }

    [Fact, Trait("Row", "F6")]
    public async Task An_owners_photos_and_folders()
    {
        var (folders, photos) = (Far<IPhotoFolders>(), Far<IPhotos>());
        var folder = await folders.CreateAsync(Anna, new() { Name = "Alps", Announced = 2, ValidFor = TimeSpan.FromDays(3) }, Cancel);
        Same(await Near<IPhotoFolders>().FindAsync(Anna, folder.Id, Cancel), folder);
        var picture = await File.ReadAllBytesAsync(PictureFiles.Picture("photo.jpg"), Cancel);
        var inside = await _server.UploadAsync(Anna, picture, ("folder", folder.Id.Value), ("filename", "Grüße.jpg"));
        var phone = await _server.UploadAsync(Anna, picture, ("device", "a phone & more"));
        await _server.WorkAsync();
        foreach (var filter in (PhotoFilter[])[default, new(folder.Id), new(Device: "a phone & more"), new(Device: "another")])
        {
            Same(await Near<IPhotos>().ListAsync(Anna, filter, Cancel).ToListAsync(Cancel), await photos.ListAsync(Anna, filter, Cancel).ToListAsync(Cancel));
        }

        Assert.Equal([phone], await photos.ListAsync(Anna, new(Device: "a phone & more"), Cancel).Select(static photo => photo.Id).ToListAsync(Cancel));
        Same(await Near<IPhotos>().FindAsync(Anna, inside, Cancel), await photos.FindAsync(Anna, inside, Cancel));
        Assert.Null(await photos.FindAsync(Ben, inside, Cancel));
        var opened = await photos.OpenAsync(Anna, inside, null, Cancel);
        Assert.Equal(("Grüße.jpg", "image/jpeg", (long)picture.Length), (opened!.FileName, opened.MediaType, opened.Content.Info.Length));
        Assert.Equal(picture, await BytesAsync(opened));
        Assert.Equal(await BytesAsync(await Near<IPhotos>().OpenAsync(Anna, inside, PreviewSizes.List, Cancel)), await BytesAsync(await photos.OpenAsync(Anna, inside, PreviewSizes.List, Cancel)));
        Assert.Null(await photos.OpenAsync(Ben, inside, null, Cancel));

        // Not in order, from the middle: a range of the same bytes.
        await using (var reader = (await photos.OpenAsync(Anna, inside, null, Cancel))!.Content)
        {
            var some = new byte[1000];
            var read = await reader.ReadAsync(ContentArea.Data, 5000, some, Cancel);
            Assert.Equal(picture.AsSpan(5000, read), some.AsSpan(0, read));
            read = await reader.ReadAsync(ContentArea.Data, 10, some, Cancel);
            Assert.Equal(picture.AsSpan(10, read), some.AsSpan(0, read));
        }

        Assert.Equal("Sunset", (await photos.ChangeAsync(Anna, inside, new() { Name = "Sunset" }, Cancel))!.Name);
        Assert.Equal("Hills", (await folders.ChangeAsync(Anna, folder.Id, new() { Name = "Hills" }, Cancel))!.Name);
        Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => photos.ChangeAsync(Anna, inside, new() { Name = new('x', 300) }, Cancel))).Code);
        Same(await Near<IPhotoFolders>().ListAsync(Anna, Cancel).ToListAsync(Cancel), await folders.ListAsync(Anna, Cancel).ToListAsync(Cancel));
        Same(await Near<IPhotoSpace>().PlanAsync(Anna, 1, Cancel), await Far<IPhotoSpace>().PlanAsync(Anna, 1, Cancel));
        Assert.False(await photos.DeleteAsync(Ben, phone, Cancel));
        Assert.True(await photos.DeleteAsync(Anna, phone, Cancel));
        Assert.False(await folders.DeleteAsync(Ben, folder.Id, Cancel));
        Assert.True(await folders.DeleteAsync(Anna, folder.Id, Cancel));
        Assert.Empty(await Near<IPhotos>().ListAsync(Anna, default, Cancel).ToListAsync(Cancel));
    }

    [Fact, Trait("Row", "F8"), Trait("Row", "F9")]
    public async Task Grants_and_what_friends_see_of_them()
    {
        var (grants, entries) = (Far<IPhotoGrants>(), Far<IPhotoEntries>());
        var photos = new List<PhotoId>();
        foreach (var name in (string[])["photo.jpg", "plain.png"])
        {
            photos.Add(await _server.UploadAsync(Anna, await File.ReadAllBytesAsync(PictureFiles.Picture(name), Cancel), ("filename", name)));
        }

        await _server.WorkAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var (heard, told) = (new TaskCompletionSource<GrantId>(), Far<IPhotoWatch>().WatchGrantsAsync(Ben, stop.Token));
        var watching = Task.Run(
            async () =>
            {
                await foreach (var view in told)
                {
                    heard.TrySetResult(view.Id);
                }
            },
            Cancel);
        for (var i = 0; i < 60 && !heard.Task.IsCompleted; i++)
        {
            // The watch is told of what comes once it has begun.
            await grants.GrantAsync(Anna, new() { Photos = photos, Friends = [Ben] }, Cancel);
            await Task.WhenAny(heard.Task, Task.Delay(500, Cancel));
        }

        var first = await Near<IPhotoGrants>().ListAsync(Anna, Cancel).Select(static grant => grant.Id).ToListAsync(Cancel);
        Assert.Contains(await heard.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancel), first);
        var made = await grants.GrantAsync(Anna, new() { Photos = photos, Friends = [Ben], ValidFor = TimeSpan.FromDays(2), Metadata = CopyMetadata.NoLocation }, Cancel);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
        Same(await Near<IPhotoGrants>().ListAsync(Anna, Cancel).ToListAsync(Cancel), await grants.ListAsync(Anna, Cancel).ToListAsync(Cancel));
        Same(await Near<IPhotoEntries>().ListAsync(Ben, Cancel).ToListAsync(Cancel), await entries.ListAsync(Ben, Cancel).ToListAsync(Cancel));
        Same(await Near<IPhotoEntries>().OpenAsync(new(Ben), made[0].Id, Cancel), await entries.OpenAsync(new(Ben), made[0].Id, Cancel));
        Assert.Null(await entries.OpenAsync(new(Carl), made[0].Id, Cancel));
        Assert.Equal(ProblemCodes.SignInRequired, (await Assert.ThrowsAsync<SharingException>(() => entries.OpenAsync(new(null, "ben@example.org"), made[0].Id, Cancel))).Code);
        Assert.Equal(
            await BytesAsync(await Near<IPhotoEntries>().OpenPhotoAsync(new(Ben), made[0].Id, photos[0], null, Cancel)), await BytesAsync(await entries.OpenPhotoAsync(new(Ben), made[0].Id, photos[0], null, Cancel)));
        Assert.NotNull(await entries.OpenPhotoAsync(new(Ben), made[0].Id, photos[0], PreviewSizes.Mail, Cancel));
        foreach (var some in (PhotoId[][])[[], [photos[1]]])
        {
            var archive = await entries.OpenArchiveAsync(new(Ben), made[0].Id, some, Cancel);
            Assert.Equal(("photos.zip", "application/zip"), (archive!.FileName, archive.MediaType));
            using var zip = new ZipArchive(new MemoryStream(await BytesAsync(archive)));
            Assert.Equal(some.Length == 0 ? 2 : 1, zip.Entries.Count);
        }

        var end = _server.Clock.GetUtcNow() + TimeSpan.FromDays(5);
        Assert.Equal(end, (await grants.ExtendAsync(Anna, made[0].Id, end, Cancel))!.Expires);
        Assert.Null(await grants.ExtendAsync(Ben, made[0].Id, end, Cancel));
        Assert.False(await grants.RevokeAsync(Ben, made[0].Id, Cancel));
        Assert.True(await grants.RevokeAsync(Anna, made[0].Id, Cancel));
        Assert.Null(await entries.OpenAsync(new(Ben), made[0].Id, Cancel));
        Assert.Equal(ProblemCodes.NotFound, (await Assert.ThrowsAsync<SharingException>(() => grants.GrantAsync(Ben, new() { Photos = [photos[0]], Friends = [Anna] }, Cancel))).Code);
    }
}
