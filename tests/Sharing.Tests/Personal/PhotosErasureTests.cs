using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Photos;
using Sharing.Testing;
using Sharing.Tests.Photos;
using Sharing.Trials.Photos;
using static Sharing.Tests.Photos.PhotoServer;

namespace Sharing.Tests.Personal;

/// <summary>Erin's photos are shown to Ben, to Carl and to a mail address; Ben's and Carl's are shown to Erin. Then she goes. In each field of hers stands "xq7z".</summary>
public sealed class PhotosErasureTests : IAsyncLifetime
{
    const string Mark = "xq7z", Mail = "Mail-Xq7z@Example.org", Other = "friend-xq7z@example.org";

    static readonly PersonId Erin = PersonId.Parse("erin-xq7z");

    readonly FaultPlan _plan = new();
    readonly Notifier _notifier = new();
    readonly Thumbnailer _thumbnailer = new();
    readonly List<string> _ids = [];
    PhotoServer _server = null!;
    byte[] _alone = null!, _inside = null!, _common = null!;
    PhotoId _photo, _bens;
    FolderId _folder;
    Grant _toBen = null!, _bensToCarl = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    IPersonalData Part => _server.Host.Services.GetServices<IPersonalData>().Single(static part => part.Name == "photos");

    IRecordStore Records => _server.Host.Get<IRecordStore>();

    public async ValueTask InitializeAsync()
    {
        _server = await StartAsync(
            sharing => sharing.Services.AddSingleton<INotifier>(_notifier).AddSingleton<IThumbnailer>(_thumbnailer).AddKeyedSingleton<IRecordStore>("driver", new FaultyRecordStore(new MemoryRecordStore(), _plan)),
            static photos => photos.PublicAddress = new("https://photos.example.org/"));
        await _server.Host.Get<PeopleStore>().SaveAsync(new() { Id = Erin, Name = "Erin name-xq7z", Mail = Mail }, Cancel);
        await _server.BefriendAsync(Erin, Ben);
        await _server.BefriendAsync(Erin, Carl);
        (_alone, _inside, _common) = (await PictureAsync("photo.jpg"), await PictureAsync("photo.png"), await PictureAsync("plain.png"));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    static Task<byte[]> PictureAsync(string name) => File.ReadAllBytesAsync(PictureFiles.Picture(name), Cancel);

    /// <summary>Everything that a person can leave at a photo server.</summary>
    async Task PlantAsync()
    {
        _folder = (await _server.Folders.CreateAsync(Erin, new() { Name = "folder-xq7z", Announced = 3 }, Cancel)).Id;
        _photo = await _server.UploadAsync(Erin, _alone, ("filename", "file-xq7z.jpg"), ("name", "photo-xq7z"), ("validFor", "86400"));
        var inside = await _server.UploadAsync(Erin, _inside, ("filename", "inside-xq7z.png"), ("name", "inside-name-xq7z"), ("folder", _folder.Value));
        var hers = await _server.UploadAsync(Erin, _common, ("filename", "common-xq7z.png"), ("device", "device-xq7z"), ("essence", new string('a', 64)));
        _bens = await _server.UploadAsync(Ben, _common, ("filename", "bens.png"), ("name", "Bens"));
        var broken = await _server.Folders.CreateAsync(Erin, new() { Name = "broken-xq7z" }, Cancel);
        var left = await _server.UploadAsync(Erin, "left"u8.ToArray(), ("filename", "left-xq7z.bin"), ("folder", broken.Id.Value));
        await _server.WorkAsync();

        _toBen = await ShowAsync(Erin, new() { Photos = [_photo, hers], Friends = [Ben] });
        var toCarl = await ShowAsync(Erin, new() { Folder = _folder, Friends = [Carl], ValidFor = TimeSpan.FromDays(3) });
        var toOther = await ShowAsync(Erin, new() { Photos = [_photo], Addresses = [Other] });
        var ofBen = await _server.Grants.GrantAsync(Ben, new() { Photos = [_bens], Friends = [Erin], Addresses = [Mail.ToUpperInvariant()] }, Cancel);
        var ofBroken = await ShowAsync(Erin, new() { Folder = broken.Id, Friends = [Ben] });
        await _server.BefriendAsync(Ben, Carl);
        _bensToCarl = await ShowAsync(Ben, new() { Photos = [_bens], Friends = [Carl] });
        foreach (var id in (GrantId[])[toOther.Id, ofBen[1].Id])
        {
            await _server.Host.Get<IEntryCodes>().SendAsync(id, Cancel);
        }

        while (await _server.Host.Get<EntryCodes>().RunOnceAsync(Cancel))
        {
        }

        await _server.Host.Get<IEntryCodes>().SendAsync(toOther.Id, Cancel); // one is still to be sent, as all notices are
        await _server.Entries.OpenAsync(new(Erin), ofBen[0].Id, Cancel);
        await (await _server.Entries.OpenPhotoAsync(new(Erin), ofBen[0].Id, _bens, null, Cancel))!.Content.DisposeAsync();
        var begun = await _server.Host.Get<Sharing.Core.Uploads>().CreateAsync(Erin, PhotoUploads.Purpose, new(100, UploadMetadata.Of([new("filename", "begun-xq7z.jpg"), new("name", "begun-name-xq7z")])), Cancel);
        await Assert.ThrowsAsync<IOException>(() =>
        {
            var commits = 0;
            return _server.Host.Get<PhotoBook>().DeleteFolderAsync(broken.Id, static _ => true, _ => commits = commits == 0 ? 1 : throw new IOException(), Cancel);
        });
        _ids.AddRange([_folder.Value, broken.Id.Value, begun!.Id.Value, _photo.Value, inside.Value, hers.Value, left.Value, _toBen.Id.Value, toCarl.Id.Value, toOther.Id.Value, ofBroken.Id.Value, .. ofBen.Select(static grant => grant.Id.Value)]);
    }

    async Task<Grant> ShowAsync(PersonId owner, GrantRequest request) => (await _server.Grants.GrantAsync(owner, request, Cancel)).Single();

    [Fact(Timeout = 60_000)]
    public async Task Her_photos_go_out_under_their_names_with_all_that_is_known_of_them_and_nothing_of_others()
    {
        await PlantAsync();
        var files = await Erasing.ExportAsync(_server.Host.Services, Erin, Cancel);
        Assert.Equal(Encoding.Latin1.GetString(_alone), files["photos/file-xq7z.jpg"]);
        Assert.Equal(Encoding.Latin1.GetString(_inside), files["photos/folder-xq7z/inside-xq7z.png"]);
        Assert.Equal(Encoding.Latin1.GetString(_common), files["photos/common-xq7z.png"]);
        Assert.Equal("left", files["photos/left-xq7z.bin"]); // its folder has gone already
        var all = string.Concat(files.Where(static file => file.Key.EndsWith(".json", StringComparison.Ordinal)).Select(static file => file.Value));
        var photos = string.Concat(files.Where(static file => file.Key.StartsWith("photos/", StringComparison.Ordinal) && file.Key.EndsWith(".json", StringComparison.Ordinal)).Select(static file => file.Value));
        foreach (var text in (string[])["folder-xq7z", "file-xq7z.jpg", "photo-xq7z", "inside-xq7z.png", "inside-name-xq7z", "common-xq7z.png", "device-xq7z", new('a', 64), "left-xq7z.bin", Other, Mail.ToLowerInvariant(), "2026-05-17T14:03:09"])
        {
            Assert.Contains(text, photos, StringComparison.Ordinal);
        }

        using var shown = JsonDocument.Parse(files["photos/shown-by-others.json"]);
        Assert.Equal([(1, "Bens"), (0, "Bens")], shown.RootElement.EnumerateArray().Select(static one => (one.GetProperty("downloads").GetInt32(), one.GetProperty("photos")[0].GetProperty("name").GetString())));
        Assert.Equal(4, JsonDocument.Parse(files["photos/shown-to-others.json"]).RootElement.GetArrayLength());
        Assert.Equal(4, JsonDocument.Parse(files["photos/photos.json"]).RootElement.GetArrayLength());
        Assert.DoesNotContain(_bensToCarl.Id.Value, all, StringComparison.Ordinal);
        Assert.DoesNotContain("bens.png", all, StringComparison.Ordinal);
        await foreach (var code in Records.ScanAsync(RecordRange.Under("grant-code"), Cancel))
        {
            Assert.DoesNotContain(JsonDocument.Parse(code.Json).RootElement.GetProperty("hash").GetString()!, all, StringComparison.Ordinal);
        }

        Assert.Null((await _server.Grants.ListAsync(Erin, Cancel).FirstAsync(grant => grant.Id == _toBen.Id, Cancel)).Opened); // to take out is not to look
        await _server.BefriendAsync(Erin, Ben, friends: false);
        Assert.Contains("\"from\": \"ben\"", (await Erasing.ExportAsync(_server.Host.Services, Erin, Cancel))["photos/shown-by-others.json"], StringComparison.Ordinal);
        await _server.BefriendAsync(Erin, Ben);
    }

    [Fact(Timeout = 60_000)]
    public async Task She_is_erased_wherever_she_is_named_and_what_is_not_hers_stays()
    {
        await PlantAsync();
        var sent = (await _server.Entries.OpenPhotoAsync(new(Ben), _toBen.Id, _photo, null, Cancel))!;
        await using var watched = _server.Host.Get<IPhotoWatch>().WatchFolderAsync(Erin, _folder, Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await watched.MoveNextAsync());
        Assert.NotEmpty(await Erasing.FindAsync(_server.Host.Services, [Mark], Cancel));
        await Erasing.EraseAsync(_server.Host.Services, Erin, Cancel);
        await NothingOfHerIsLeftAsync();
        Assert.True(sent.Closed.IsCancellationRequested);
        await sent.Content.DisposeAsync();
        Assert.False(await watched.MoveNextAsync());
        Assert.Null(await _server.Entries.OpenAsync(new(Ben), _toBen.Id, Cancel));
        Assert.Empty(await _server.Entries.ListAsync(Ben, Cancel).ToListAsync(Cancel));
        Assert.Equal(0, await _server.Host.Get<SpaceLedger>().UsedAsync(Erin, Cancel));
        await OthersHaveTheirsAsync();

        await Erasing.EraseAsync(_server.Host.Services, Erin, Cancel);
        await NothingOfHerIsLeftAsync();
        var nobody = PersonId.Parse("never-was-here");
        await Erasing.EraseAsync(_server.Host.Services, nobody, Cancel);
        Assert.Single(await Erasing.ExportAsync(_server.Host.Services, nobody, Cancel)); // what the archive says of itself
        await OthersHaveTheirsAsync();

        for (var round = 0; round < 3; round++)
        {
            await _server.SweepAsync();
            await _server.WorkAsync();
            _server.Clock.Advance(TimeSpan.FromDays(8));
        }

        Assert.Empty(await Erasing.FindAsync(_server.Host.Services, [ContentOf(_alone), ContentOf(_inside)], Cancel));
    }

    /// <summary>Each commit of the part is the last one before a crash, once.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_erasure_that_breaks_off_after_any_commit_is_gone_on_with(bool isDone)
    {
        await PlantAsync();
        var crashes = 0;
        for (var hasEnded = false; !hasEnded;)
        {
            _plan.Clear();
            _plan.Add("records.commit", isDone ? Fault.LosingAnswer() : Fault.Failing(), nth: isDone ? 1 : 2);
            try
            {
                hasEnded = await Part.EraseAsync(Erin, _server.Clock.GetUtcNow(), Cancel);
            }
            catch (IOException)
            {
                crashes++;
            }
        }

        _plan.Clear();
        Assert.InRange(crashes, 10, 100);
        Assert.True(await Part.EraseAsync(Erin, _server.Clock.GetUtcNow(), Cancel));
        await Erasing.EraseAsync(_server.Host.Services, Erin, Cancel);
        await NothingOfHerIsLeftAsync();
        await OthersHaveTheirsAsync();
    }

    /// <summary>Others named her by her address, which only the people part knows.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Where_the_photos_fail_it_is_not_forgotten_which_address_was_hers()
    {
        await PlantAsync();
        await _server.Host.Get<PersonalData>().EraseAsync(Erin, Cancel);
        _plan.Add("records.commit", Fault.Failing(), nth: 2); // the first claims the work
        Assert.True(await _server.Host.Get<PersonalData>().RunOnceAsync(Cancel));
        Assert.Empty(_plan.Unspent);
        await Erasing.EraseAsync(_server.Host.Services, Erin, Cancel);
        await NothingOfHerIsLeftAsync();
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_being_looked_at_or_mailed_in_that_moment_leaves_nothing_behind()
    {
        var photo = await _server.UploadAsync(Erin, _alone);
        _thumbnailer.Meanwhile = () => Part.EraseAsync(Erin, _server.Clock.GetUtcNow(), Cancel);
        Assert.True(await _server.Host.Get<PictureMaking>().RunOnceAsync(Cancel));
        Assert.Empty(await Erasing.FindAsync(_server.Host.Services, [$"photo/{photo}", $"picture/{ContentOf(_alone)}", $"work/pictures/{ContentOf(_alone)}"], Cancel));

        photo = await _server.UploadAsync(Erin, _inside);
        var grant = await ShowAsync(Erin, new() { Photos = [photo], Addresses = [Other] });
        await _server.Host.Get<IEntryCodes>().SendAsync(grant.Id, Cancel);
        _plan.Add("records.commit", Fault.After(() => Part.EraseAsync(Erin, _server.Clock.GetUtcNow(), Cancel)), nth: 2); // claimed, but not yet written down
        Assert.True(await _server.Host.Get<EntryCodes>().RunOnceAsync(Cancel));
        Assert.Empty(_plan.Unspent);
        Assert.Equal(0, _notifier.Told);
        Assert.Empty(await Erasing.FindAsync(_server.Host.Services, [grant.Id.Value, Other], Cancel));
    }

    static string ContentOf(byte[] bytes)
    {
        var (hasher, hash) = (new Blake3Hasher(), new byte[ContentId.Size]);
        hasher.Append(bytes);
        hasher.Finish(hash);
        return new ContentId(hash).ToString();
    }

    async Task NothingOfHerIsLeftAsync()
    {
        Assert.Empty(await Erasing.FindAsync(_server.Host.Services, [Mark, .. _ids, $"picture/{ContentOf(_alone)}", $"reference/{ContentOf(_alone)}", $"picture/{ContentOf(_inside)}", $"reference/{ContentOf(_inside)}"], Cancel));
        Assert.Single(await Records.ScanAsync(RecordRange.Under("reference", ContentOf(_common)), Cancel).ToListAsync(Cancel)); // Ben's photo needs it
        foreach (var kind in (string[])["photo", "photo-of", "photo-age", "photo-due", "picture", "grant", "grant-of", "grant-to", "grant-in"])
        {
            Assert.Single(await Records.ScanAsync(RecordRange.Under(kind), Cancel).ToListAsync(Cancel));
        }

        foreach (var kind in (string[])["photo-in", "photo-from", "photo-known", "photo-folder", "photo-folder-of", "photo-folder-due", "photo-folder-gone", "grant-due", "grant-gone", "grant-code"])
        {
            Assert.Empty(await Records.ScanAsync(RecordRange.Under(kind), Cancel).ToListAsync(Cancel));
        }

        var work = Assert.Single(await Records.ScanAsync(RecordRange.Under("work"), Cancel).Where(static item => item.Key.Part(0) != "erase").ToListAsync(Cancel));
        Assert.Equal(_bensToCarl.Id.Value, work.Key.Part(1)); // Carl is still to be told
    }

    async Task OthersHaveTheirsAsync()
    {
        Assert.Equal("Bens", (await _server.Photos.ListAsync(Ben, default, Cancel).SingleAsync(Cancel)).Name);
        Assert.Equal(_bensToCarl.Id, (await _server.Grants.ListAsync(Ben, Cancel).SingleAsync(Cancel)).Id);
        Assert.Equal(_bensToCarl.Id, (await _server.Entries.ListAsync(Carl, Cancel).SingleAsync(Cancel)).Id);
        foreach (var preview in (int?[])[null, PreviewSizes.List])
        {
            await using var bytes = (await _server.Entries.OpenPhotoAsync(new(Carl), _bensToCarl.Id, _bens, preview, Cancel))!.Content;
            Assert.True(preview is not null || bytes.Info.Length == _common.Length);
        }
    }

    sealed class Notifier : INotifier
    {
        public int Told { get; private set; }

        public Task<NotifyOutcome> NotifyAsync(Notification notification, CancellationToken cancellationToken = default)
        {
            Told++;
            return Task.FromResult(NotifyOutcome.Sent);
        }
    }

    /// <summary>Gives the picture's length as its preview, and lets something happen meanwhile.</summary>
    sealed class Thumbnailer : IThumbnailer
    {
        public Func<Task>? Meanwhile { get; set; }

        public string? WhyNot(PictureFormat format) => null;

        public async Task<Thumbnails> MakeAsync(IContentReader picture, PictureHeader header, IReadOnlyList<int> sizes, CancellationToken cancellationToken = default)
        {
            await (Meanwhile?.Invoke() ?? Task.CompletedTask);
            return new(sizes.ToDictionary(static size => size, size => (ReadOnlyMemory<byte>)Encoding.ASCII.GetBytes($"{picture.Info.Length} at {size}")), new byte[20]);
        }
    }
}
