using System.Net;
using System.Security.Cryptography;
using Sharing.Core;
using Sharing.Photos;
using Sharing.Trials.Photos;
using static Sharing.Tests.Photos.PhotoServer;

namespace Sharing.Tests.Photos;

public sealed class PhotoTests : IAsyncLifetime
{
    PhotoServer _server = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    static Task<byte[]> PictureAsync(string name) => File.ReadAllBytesAsync(PictureFiles.Picture(name), Cancel);

    async Task<byte[]> BytesAsync(PersonId who, string path)
    {
        using var response = await _server.SendAsync(who, HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync(Cancel);
    }

    [Fact, Trait("Row", "F1"), Trait("Row", "F4")]
    public async Task A_photo_comes_back_as_it_went_in_and_is_kept_once_however_many_have_it()
    {
        var bytes = await PictureAsync("photo.jpg");
        var (first, second) = (await _server.UploadAsync(Anna, bytes, ("filename", "IMG_1.jpg")), await _server.UploadAsync(Ben, bytes));
        var photo = (await _server.Photos.FindAsync(Anna, first, Cancel))!;
        Assert.Equal(bytes, await BytesAsync(Anna, $"v1/photos/{first}/content"));
        Assert.Equal(bytes, await BytesAsync(Ben, $"v1/photos/{second}/content"));
        Assert.Equal(("image/jpeg", 800, 1200, bytes.Length), (photo.MediaType, photo.Width, photo.Height, (int)photo.Length));
        Assert.Single(await _server.Host.Get<IContentStore>().ListAsync(Cancel).ToListAsync(Cancel));
        Assert.True(await _server.Photos.DeleteAsync(Anna, first, Cancel));
        await CleanAsync();
        Assert.Equal(bytes, await BytesAsync(Ben, $"v1/photos/{second}/content"));
        Assert.True(await _server.Photos.DeleteAsync(Ben, second, Cancel));
        await CleanAsync();
        Assert.Empty(await _server.Host.Get<IContentStore>().ListAsync(Cancel).ToListAsync(Cancel));
        await NothingIsLeftAsync();
    }

    [Fact, Trait("Row", "F2")]
    public async Task Names_are_the_time_of_the_upload_or_of_the_picture_or_the_owners_or_what_was_chosen()
    {
        var bytes = await PictureAsync("photo.jpg");
        var names = new List<string>();
        foreach (var said in ((string, string)[][])[[], [("device", "phone-1")], [("name", "Sunset")], [("device", "phone-1"), ("name", "Sunset")]])
        {
            names.Add((await _server.Photos.FindAsync(Anna, await _server.UploadAsync(Anna, bytes, said), Cancel))!.Name);
        }

        Assert.Equal(["2030-01-01 00:00:00", "2026-05-17 14:03:09", "Sunset", "Sunset"], names);
        var folder = await _server.Folders.CreateAsync(Anna, new(), Cancel);
        Assert.Equal("Anna Larsen", folder.Name);
        Assert.Equal("Alps", (await _server.Folders.ChangeAsync(Anna, folder.Id, new() { Name = " Alps\u202e\n " }, Cancel))!.Name);
    }

    [Fact, Trait("Row", "F3")]
    public async Task A_photo_is_kept_as_long_as_its_owners_tier_has_it_and_never_outlives_its_folder()
    {
        var bytes = await PictureAsync("plain.png");
        var now = _server.Clock.GetUtcNow();
        async Task<double> DaysAsync(PersonId owner, params (string, string)[] said) => ((await _server.Photos.FindAsync(owner, await _server.UploadAsync(owner, bytes, said), Cancel))!.Expires - now).TotalDays;
        var week = await _server.Folders.CreateAsync(Anna, new() { ValidFor = TimeSpan.FromDays(7) }, Cancel);
        Assert.Equal(15, await DaysAsync(Anna));
        Assert.Equal(30, await DaysAsync(Ben));
        Assert.Equal(2, await DaysAsync(Anna, ("validFor", $"{2 * 86400}")));
        Assert.Equal(7, await DaysAsync(Anna, ("folder", week.Id.Value)));
        Assert.Equal(7, await DaysAsync(Anna, ("folder", week.Id.Value), ("validFor", $"{20 * 86400}")));
        Assert.Equal(3, await DaysAsync(Anna, ("folder", week.Id.Value), ("validFor", $"{3 * 86400}")));
    }

    [Fact, Trait("Row", "F3")]
    public async Task What_has_expired_is_gone_at_that_moment_and_removed_with_the_next_sweep()
    {
        var bytes = await PictureAsync("plain.png");
        var folder = await _server.Folders.CreateAsync(Anna, new() { ValidFor = TimeSpan.FromDays(2) }, Cancel);
        var (alone, inside) = (await _server.UploadAsync(Anna, bytes, ("validFor", "86400")), await _server.UploadAsync(Anna, bytes, ("folder", folder.Id.Value)));
        _server.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Null(await _server.Photos.FindAsync(Anna, alone, Cancel));
        Assert.NotNull(await _server.Photos.FindAsync(Anna, inside, Cancel));
        _server.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Null(await _server.Photos.FindAsync(Anna, inside, Cancel));
        Assert.Empty(await _server.Folders.ListAsync(Anna, Cancel).ToListAsync(Cancel));
        await CleanAsync();
        Assert.Empty(await _server.Host.Get<IContentStore>().ListAsync(Cancel).ToListAsync(Cancel));
        await NothingIsLeftAsync();
    }

    [Fact, Trait("Row", "F3")]
    public async Task A_folder_whose_deletion_was_broken_off_is_emptied_by_the_sweep()
    {
        var folder = await _server.Folders.CreateAsync(Anna, new(), Cancel);
        var inside = await _server.UploadAsync(Anna, await PictureAsync("plain.png"), ("folder", folder.Id.Value));
        var commits = 0;
        await Assert.ThrowsAsync<IOException>(() => _server.Host.Get<PhotoBook>().DeleteFolderAsync(folder.Id, static _ => true, _ => commits = commits == 0 ? 1 : throw new IOException(), Cancel)); // the folder's own is made, that of its photos is not
        Assert.NotNull(await _server.Host.Get<PhotoBook>().FindAsync(inside, Cancel));
        Assert.Null(await _server.Photos.FindAsync(Anna, inside, Cancel));
        await CleanAsync();
        await NothingIsLeftAsync();
    }

    [Fact, Trait("Row", "F5")]
    public async Task A_folder_tells_how_many_of_its_photos_have_come()
    {
        var folder = await _server.Folders.CreateAsync(Anna, new() { Announced = 3 }, Cancel);
        var first = await _server.UploadAsync(Anna, await PictureAsync("plain.png"), ("folder", folder.Id.Value));
        await _server.UploadAsync(Anna, await PictureAsync("plain.jpg"), ("folder", folder.Id.Value));
        await _server.Photos.DeleteAsync(Anna, first, Cancel);
        var now = (await _server.Folders.FindAsync(Anna, folder.Id, Cancel))!;
        Assert.Equal((3, 2), (now.Announced, now.Arrived));
    }

    [Fact, Trait("Row", "F5")]
    public async Task Whoever_watches_a_folder_sees_its_photos_come_and_never_fewer_than_before()
    {
        var folder = await _server.Folders.CreateAsync(Anna, new() { Announced = 3 }, Cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var (told, all) = (new List<(int, int)>(), new TaskCompletionSource());
        var watching = Task.Run(async () =>
        {
            await foreach (var now in _server.Host.Connect().EventsAsync(Anna, $"v1/photo-folders/{folder.Id}/events", PhotosJson.Default.PhotoFolder, stop.Token))
            {
                told.Add((now.Arrived, now.Announced));
                if (now.Arrived == 3)
                {
                    all.SetResult();
                }
            }
        }, Cancel);
        foreach (var name in (string[])["plain.png", "plain.jpg", "plain.gif"])
        {
            var photo = await _server.UploadAsync(Anna, await PictureAsync(name), ("folder", folder.Id.Value));
            await _server.Photos.DeleteAsync(Anna, photo, Cancel);
        }

        await all.Task.WaitAsync(Cancel);
        await _server.Folders.DeleteAsync(Anna, folder.Id, Cancel);
        await watching; // it ends with the folder
        Assert.Equal((3, 3), told[^1]);
        Assert.Equal(told.Order(), told);
    }

    [Fact, Trait("Row", "F10")]
    public async Task A_friends_client_is_told_at_once_and_of_each_grant_once()
    {
        var photo = await _server.UploadAsync(Anna, await PictureAsync("plain.png"), ("name", "Sunset"));
        await _server.Grants.GrantAsync(Anna, new() { Photos = [photo], Friends = [Ben] }, Cancel);
        await using var watched = _server.Host.Get<IPhotoWatch>().WatchGrantsAsync(Ben, Cancel).GetAsyncEnumerator(Cancel);
        var next = watched.MoveNextAsync().AsTask();
        await _server.Grants.GrantAsync(Anna, new() { Photos = [photo], Friends = [Carl] }, Cancel);
        _server.Clock.Advance(TimeSpan.FromSeconds(1));
        var ben = (await _server.Grants.GrantAsync(Anna, new() { Photos = [photo], Friends = [Ben] }, Cancel)).Single();
        Assert.True(await next);
        Assert.Equal((ben.Id, "Sunset"), (watched.Current.Id, watched.Current.Photos.Single().Name));
    }

    [Fact, Trait("Row", "F6"), Trait("Row", "F13")]
    public async Task The_owner_lists_what_he_uploaded_with_previews_and_a_folder_shows_one_of_its_pictures()
    {
        var folder = await _server.Folders.CreateAsync(Anna, new(), Cancel);
        var old = await _server.UploadAsync(Anna, await PictureAsync("photo.jpg"), ("folder", folder.Id.Value));
        _server.Clock.Advance(TimeSpan.FromMinutes(1));
        var young = await _server.UploadAsync(Anna, "no picture"u8.ToArray(), ("folder", folder.Id.Value));
        await _server.WorkAsync();
        var listed = await _server.Photos.ListAsync(Anna, new(folder.Id), Cancel).ToListAsync(Cancel);
        Assert.Equal([young, old], listed.Select(static photo => photo.Id));
        Assert.Equal([PreviewState.NotAPicture, PreviewState.Ready], listed.Select(static photo => photo.Previews));
        Assert.Equal(young, (await _server.Folders.FindAsync(Anna, folder.Id, Cancel))!.Cover);
        foreach (var size in PreviewSizes.All)
        {
            var preview = await BytesAsync(Anna, $"v1/photos/{old}/content?preview={size}");
            var header = await PictureHeaderReader.ReadAsync(new MemoryStream(preview), cancellationToken: Cancel);
            Assert.Equal((PictureFormat.Jpeg, Math.Min(size, 1200), 1, false), (header.Format, header.Height, header.Orientation, header.HasLocation)); // taken upright: taller than wide
            Assert.True(size != PreviewSizes.Mail || preview.Length <= 10_000);
        }

        Assert.InRange(Convert.FromBase64String(listed[1].ThumbHash!).Length, 15, 30);
        using var none = await _server.SendAsync(Anna, HttpMethod.Get, $"v1/photos/{young}/content?preview=256");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Theory, Trait("Row", "F13")]
    [InlineData("progressive.jpg")]
    [InlineData("grey.jpg")]
    [InlineData("cmyk.jpg")]
    [InlineData("p3.jpg")]
    [InlineData("interlaced.png")]
    [InlineData("alpha.png")]
    [InlineData("plain.gif")]
    [InlineData("alpha.webp")]
    [InlineData("lossless.webp")]
    [InlineData("plain.tif")]
    [InlineData("plain.heic")]
    [InlineData("plain.avif")]
    public async Task Previews_are_made_of_every_format(string name)
    {
        var photo = await _server.UploadAsync(Anna, await PictureAsync(name));
        await _server.WorkAsync();
        Assert.Equal(PreviewState.Ready, (await _server.Photos.FindAsync(Anna, photo, Cancel))!.Previews);
        var header = await PictureHeaderReader.ReadAsync(new MemoryStream(await BytesAsync(Anna, $"v1/photos/{photo}/content?preview=256")), cancellationToken: Cancel);
        Assert.Equal((PictureFormat.Jpeg, 256, 171), (header.Format, header.Width, header.Height));
    }

    [Fact, Trait("Row", "F8"), Trait("Row", "F9"), Trait("Row", "F11")]
    public async Task Different_friends_see_different_photos_and_nobody_else_sees_any()
    {
        var bytes = await PictureAsync("photo.jpg");
        var (one, two) = (await _server.UploadAsync(Anna, bytes, ("name", "One")), await _server.UploadAsync(Anna, bytes, ("name", "Two")));
        var ben = (await _server.Grants.GrantAsync(Anna, new() { Photos = [one], Friends = [Ben] }, Cancel)).Single();
        var carl = (await _server.Grants.GrantAsync(Anna, new() { Photos = [one, two], Friends = [Carl] }, Cancel)).Single();
        Assert.Equal(["One"], (await _server.Entries.ListAsync(Ben, Cancel).SingleAsync(Cancel)).Photos.Select(static photo => photo.Name));
        Assert.Equal(["One", "Two"], (await _server.Entries.OpenAsync(new(Carl), carl.Id, Cancel))!.Photos.Select(static photo => photo.Name));
        Assert.Equal(bytes, await BytesAsync(Carl, $"v1/granted-photos/{carl.Id}/{two}"));
        foreach (var (who, path) in new (PersonId, string)[]
        {
            (Ben, $"v1/granted-photos/{ben.Id}/{two}"), (Ben, $"v1/granted-photos/{carl.Id}"), (Ben, $"v1/granted-photos/{carl.Id}/{one}"), (Mallory, $"v1/granted-photos/{ben.Id}"),
            (Mallory, $"v1/granted-photos/{ben.Id}/{one}"), (Mallory, $"v1/photos/{one}"), (Mallory, $"v1/photos/{one}/content"), (Anna, $"v1/granted-photos/{ben.Id}"),
        })
        {
            using var refused = await _server.SendAsync(who, HttpMethod.Get, path);
            using var absent = await _server.SendAsync(who, HttpMethod.Get, $"v1/granted-photos/{GrantId.New()}");
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
            Assert.Equal(await absent.Content.ReadAsStringAsync(Cancel), await refused.Content.ReadAsStringAsync(Cancel));
        }

        Assert.Null((await _server.Grants.ListAsync(Anna, Cancel).SingleAsync(grant => grant.Id == ben.Id, Cancel)).Opened); // Ben has seen it in his list alone
        var opened = await _server.Grants.ListAsync(Anna, Cancel).SingleAsync(grant => grant.Id == carl.Id, Cancel);
        Assert.Equal((_server.Clock.GetUtcNow(), 1), (opened.Opened, opened.Downloads));
    }

    [Fact, Trait("Row", "F8")]
    public async Task Only_ones_own_photos_are_shown_and_only_to_friends()
    {
        var photo = await _server.UploadAsync(Anna, await PictureAsync("plain.png"));
        async Task<string> CodeAsync(PersonId actor, GrantRequest request) => (await Assert.ThrowsAsync<SharingException>(() => _server.Grants.GrantAsync(actor, request, Cancel))).Code;
        Assert.Equal(ProblemCodes.NotAllowed, await CodeAsync(Anna, new() { Photos = [photo], Friends = [Ben, Mallory] }));
        Assert.Equal(ProblemCodes.NotFound, await CodeAsync(Ben, new() { Photos = [photo], Friends = [Anna] }));
        Assert.Equal(ProblemCodes.InvalidInput, await CodeAsync(Anna, new() { Friends = [Ben] }));
        Assert.Equal(ProblemCodes.InvalidInput, await CodeAsync(Anna, new() { Photos = [photo], Friends = [] }));
        Assert.Equal(ProblemCodes.InvalidInput, await CodeAsync(Anna, new() { Photos = [photo], Friends = [Ben], ValidFor = TimeSpan.MaxValue }));
        Assert.Empty(await _server.Grants.ListAsync(Anna, Cancel).ToListAsync(Cancel));
    }

    [Fact, Trait("Row", "F11")]
    public async Task A_grant_closes_when_it_is_revoked_when_its_time_is_over_and_with_the_friendship()
    {
        var photo = await _server.UploadAsync(Anna, await PictureAsync("plain.png"));
        var made = await _server.Grants.GrantAsync(Anna, new() { Photos = [photo], Friends = [Ben, Carl], ValidFor = TimeSpan.FromDays(1) }, Cancel);
        async Task<bool> SeesAsync(PersonId friend, Grant grant) => await _server.Entries.OpenAsync(new(friend), grant.Id, Cancel) is not null;
        Assert.True(await SeesAsync(Ben, made[0]) && await SeesAsync(Carl, made[1]));
        await _server.BefriendAsync(Anna, Carl, friends: false);
        Assert.False(await SeesAsync(Carl, made[1]));
        await _server.BefriendAsync(Anna, Carl);
        _server.Clock.Advance(TimeSpan.FromDays(1));
        Assert.False(await SeesAsync(Carl, made[1]));
        await _server.Grants.ExtendAsync(Anna, made[1].Id, null, Cancel);
        Assert.True(await SeesAsync(Carl, made[1]));
        Assert.True(await _server.Grants.RevokeAsync(Anna, made[1].Id, Cancel));
        Assert.False(await SeesAsync(Carl, made[1]));
        Assert.False(await _server.Grants.RevokeAsync(Ben, made[0].Id, Cancel));
    }

    [Fact, Trait("Row", "F11")]
    public async Task Not_a_byte_goes_out_after_a_revoke_of_what_was_being_sent()
    {
        var bytes = new byte[64 << 20];
        RandomNumberGenerator.Fill(bytes);
        var photo = await _server.UploadAsync(Anna, bytes);
        var grant = (await _server.Grants.GrantAsync(Anna, new() { Photos = [photo], Friends = [Ben] }, Cancel)).Single();
        using var response = await _server.SendAsync(Ben, HttpMethod.Get, $"v1/granted-photos/{grant.Id}/{photo}");
        await using var body = await response.Content.ReadAsStreamAsync(Cancel);
        await body.ReadExactlyAsync(new byte[1000], Cancel);
        Assert.True(await _server.Grants.RevokeAsync(Anna, grant.Id, Cancel));
        var more = 0L;
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            for (var buffer = new byte[1 << 20]; await body.ReadAsync(buffer, Cancel) is var read and > 0; more += read)
            {
            }
        });
        Assert.InRange(more, 0, 32 << 20); // what the sockets held
    }

    /// <summary>No other than a revoke in this process closes a door; whether one may still have it is asked again while it is sent.</summary>
    [Theory, Trait("Row", "F11")]
    [InlineData("deleted")]
    [InlineData("unfriended")]
    [InlineData("expired")]
    [InlineData("revoked elsewhere")]
    public async Task What_is_being_sent_breaks_off_when_it_is_not_shown_any_more_for_whatever_reason(string why)
    {
        var photo = await _server.UploadAsync(Anna, new byte[1 << 20]);
        var other = await _server.UploadAsync(Anna, new byte[1 << 10]);
        var grant = (await _server.Grants.GrantAsync(Anna, new() { Photos = [photo, other], Friends = [Ben], ValidFor = TimeSpan.FromDays(1) }, Cancel)).Single();
        await using var single = (await _server.Entries.OpenPhotoAsync(new(Ben), grant.Id, photo, null, Cancel))!.Content;
        await using var archive = (await _server.Entries.OpenArchiveAsync(new(Ben), grant.Id, [], Cancel))!.Content;
        var buffer = new byte[1000];
        Assert.Equal(1000, await single.ReadAsync(ContentArea.Data, 0, buffer, Cancel));
        _server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1000, await single.ReadAsync(ContentArea.Data, 1000, buffer, Cancel));
        switch (why)
        {
            case "deleted":
                await _server.Photos.DeleteAsync(Anna, photo, Cancel);
                break;
            case "unfriended":
                await _server.BefriendAsync(Anna, Ben, friends: false);
                break;
            case "expired":
                _server.Clock.Advance(TimeSpan.FromDays(1));
                break;
            default:
                var batch = new RecordBatch();
                GrantBook.Delete(batch, grant.Id, (await _server.Host.Get<GrantBook>().FindAsync(grant.Id, Cancel))!);
                await _server.Host.Get<IRecordStore>().CommitAsync(batch, Cancel);
                break;
        }

        _server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(ProblemCodes.NotFound, (await Assert.ThrowsAsync<SharingException>(async () => await single.ReadAsync(ContentArea.Data, 2000, buffer, Cancel))).Code);
        await Assert.ThrowsAnyAsync<Exception>(async () => await archive.ReadAsync(ContentArea.Data, 100, buffer, Cancel)); // within the first file, which is this photo
    }

    [Fact, Trait("Row", "F3"), Trait("Row", "F8")]
    public async Task Grants_go_with_their_time_their_folder_or_their_last_photo()
    {
        var folder = await _server.Folders.CreateAsync(Anna, new() { Name = "Alps" }, Cancel);
        await _server.UploadAsync(Anna, await PictureAsync("plain.png"), ("folder", folder.Id.Value), ("device", "phone"));
        var (one, two) = (await _server.UploadAsync(Anna, await PictureAsync("photo.jpg"), ("device", "phone")), await _server.UploadAsync(Anna, await PictureAsync("plain.jpg")));
        await _server.WorkAsync();
        async Task<Grant> GrantAsync(GrantRequest request) => (await _server.Grants.GrantAsync(Anna, request with { Addresses = ["carla@example.org"] }, Cancel)).Single();
        var brief = await GrantAsync(new() { Photos = [one], ValidFor = TimeSpan.FromHours(1) });
        var (whole, both) = (await GrantAsync(new() { Folder = folder.Id }), await GrantAsync(new() { Photos = [one, two] }));
        async Task<HashSet<GrantId>> LeftAsync()
        {
            await _server.SweepAsync();
            return await _server.Grants.ListAsync(Anna, Cancel).Select(static grant => grant.Id).ToHashSetAsync(cancellationToken: Cancel);
        }

        await _server.Grants.ExtendAsync(Anna, brief.Id, _server.Clock.GetUtcNow() + TimeSpan.FromHours(2), Cancel);
        _server.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal([brief.Id, whole.Id, both.Id], await LeftAsync());
        _server.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal([whole.Id, both.Id], await LeftAsync());
        await _server.Photos.DeleteAsync(Anna, one, Cancel);
        await _server.Folders.DeleteAsync(Anna, folder.Id, Cancel);
        Assert.Equal([both.Id], await LeftAsync());
        await _server.Photos.DeleteAsync(Anna, two, Cancel);
        Assert.Empty(await LeftAsync());
        await CleanAsync();
        await NothingIsLeftAsync();
    }

    [Fact, Trait("Row", "F8")]
    public async Task What_nothing_can_be_taken_out_of_is_not_shown_where_something_is_to_be()
    {
        var (photo, film) = (await _server.UploadAsync(Anna, await PictureAsync("photo.jpg"), ("name", "At home")), await _server.UploadAsync(Anna, await PictureAsync("plain.tif")));
        await _server.WorkAsync();
        var fault = await Assert.ThrowsAsync<SharingException>(() => _server.Grants.GrantAsync(Anna, new() { Photos = [film], Friends = [Ben], Metadata = CopyMetadata.None }, Cancel));
        Assert.Equal(ProblemCodes.InvalidInput, fault.Code);
        var folder = await _server.Folders.CreateAsync(Anna, new() { Name = "Alps" }, Cancel);
        foreach (var name in (string[])["photo.jpg", "plain.tif", "photo.png"])
        {
            await _server.UploadAsync(Anna, await PictureAsync(name), ("folder", folder.Id.Value), ("name", "At home"), ("filename", "At home.bin"));
        }

        var grant = (await _server.Grants.GrantAsync(Anna, new() { Folder = folder.Id, Friends = [Ben], Metadata = CopyMetadata.None }, Cancel)).Single();
        Assert.Equal(2, (await _server.Entries.OpenAsync(new(Ben), grant.Id, Cancel))!.Photos.Count); // one has not been looked at yet, one has been before
        await _server.WorkAsync();
        var view = (await _server.Entries.OpenAsync(new(Ben), grant.Id, Cancel))!;
        Assert.Equal(2, view.Photos.Count);
        Assert.DoesNotContain(view.Photos, static shown => shown.Name == "At home");
        var tiff = (await _server.Photos.ListAsync(Anna, new(folder.Id), Cancel).ToListAsync(Cancel)).Single(static one => one.MediaType == "image/tiff");
        Assert.Null(await _server.Entries.OpenPhotoAsync(new(Ben), grant.Id, tiff.Id, null, Cancel));
        Assert.Null(await _server.Entries.OpenPhotoAsync(new(Ben), grant.Id, tiff.Id, PreviewSizes.List, Cancel));
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(await BytesAsync(Ben, $"v1/granted-photos/{grant.Id}/archive")));
        Assert.Equal(2, zip.Entries.Count);
        Assert.All(zip.Entries, static entry =>
        {
            Assert.DoesNotContain("home", entry.Name, StringComparison.Ordinal);
            using var bytes = new MemoryStream();
            using (var open = entry.Open())
            {
                open.CopyTo(bytes);
            }

            Assert.DoesNotContain("Secret Street", System.Text.Encoding.Latin1.GetString(bytes.ToArray()), StringComparison.Ordinal);
        });
        Assert.NotEqual(default, photo);
    }

    /// <summary>Work and sweeps until contents without references are over their grace.</summary>
    async Task CleanAsync()
    {
        for (var round = 0; round < 3; round++)
        {
            await _server.SweepAsync();
            await _server.WorkAsync();
            _server.Clock.Advance(TimeSpan.FromDays(8));
        }
    }

    async Task NothingIsLeftAsync()
    {
        var records = _server.Host.Get<IRecordStore>();
        foreach (var kind in (string[])["photo", "photo-of", "photo-age", "photo-in", "photo-due", "photo-folder", "photo-folder-of", "photo-folder-due", "photo-folder-gone", "photo-from", "photo-known", "grant", "grant-of", "grant-to", "grant-in", "grant-due", "grant-gone", "grant-code", "picture", "space", "reference", "content", "work", "work-due"])
        {
            Assert.Equal([], await records.ScanAsync(RecordRange.Under(kind), Cancel).Select(static record => record.Key.Value).ToListAsync(Cancel));
        }
    }
}
