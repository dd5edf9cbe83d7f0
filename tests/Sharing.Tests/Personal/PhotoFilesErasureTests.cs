using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Photos;
using Sharing.Tests.Hosting;
using Sharing.Tests.Photos;
using Sharing.Trials.Photos;
using static Sharing.Tests.Photos.PhotoServer;

namespace Sharing.Tests.Personal;

/// <summary>What a terminal keeps of the pictures that its people have sent.</summary>
public sealed class PhotoFilesErasureTests : IAsyncLifetime
{
    static readonly PersonId Erin = PersonId.Parse("erin-xq7z");

    readonly string _folder = Directory.CreateTempSubdirectory("sharing-xq7z-").FullName;
    readonly string _copies = Directory.CreateTempSubdirectory("sharing-xq7z-").FullName;
    readonly Dictionary<PersonId, FolderUpload> _sent = [];
    PhotoServer _server = null!;
    ServiceProvider _terminal = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    PhotoUploader Uploader => _terminal.GetRequiredService<PhotoUploader>();

    public async ValueTask InitializeAsync()
    {
        _server = await StartAsync();
        _terminal = new ServiceCollection().AddLogging().AddSharing(sharing => sharing
            .UsePhotos(_server.Host.Address, static (person, _) => ValueTask.FromResult(person is { } one ? SharingHost.TokenOf(one) : null))).BuildServiceProvider();
        File.Copy(PictureFiles.Picture("photo.jpg"), Path.Combine(_folder, "a-xq7z.jpg"));
        File.Copy(PictureFiles.Picture("plain.png"), Path.Combine(_folder, "b-xq7z.png"));
        File.Copy(PictureFiles.Picture("photo.jpg"), Path.Combine(_copies, "c-xq7z.jpg"));
        foreach (var person in (PersonId[])[Erin, Anna, Ben])
        {
            _sent[person] = await Uploader.UploadFolderAsync(person, _folder, cancellationToken: Cancel);
            await Uploader.UploadDeviceAsync(person, "device-xq7z", _folder, null, cancellationToken: Cancel);
            Assert.Equal(1, (await Uploader.UploadDeviceAsync(person, "device-xq7z", _copies, null, cancellationToken: Cancel)).Known); // looked at, and not sent
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _terminal.DisposeAsync();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_copies, recursive: true);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_known_of_her_files_goes_out_and_away_and_others_go_on_where_they_were()
    {
        var ids = _sent[Erin].Uploaded.Select(static photo => photo.Value).Append(_sent[Erin].Folder.Id.Value).ToList();
        var files = await Erasing.ExportAsync(_terminal, Erin, Cancel);
        Assert.All(ids, id => Assert.Contains(id, files["photo-files/sent.json"], StringComparison.Ordinal));
        Assert.Contains(ids[0], files["photo-files/placeholders.json"], StringComparison.Ordinal);
        Assert.DoesNotContain(_sent[Anna].Folder.Id.Value, files["photo-files/sent.json"], StringComparison.Ordinal);
        var own = await CountAsync("photo-file");
        Assert.Equal(own, await CountAsync("photo-file-of"));

        await Erasing.EraseAsync(_terminal, Erin, Cancel);
        Assert.Empty(await Erasing.FindAsync(_terminal, ["xq7z", .. ids], Cancel));
        Assert.Equal((own * 2 / 3, own * 2 / 3), (await CountAsync("photo-file"), await CountAsync("photo-file-of")));
        foreach (var person in (PersonId[])[Anna, Ben])
        {
            var again = await Uploader.UploadFolderAsync(person, _folder, cancellationToken: Cancel);
            Assert.Equal((_sent[person].Folder.Id, 0, 2), (again.Folder.Id, again.Uploaded.Count, again.Known));
        }

        await Erasing.EraseAsync(_terminal, Erin, Cancel);
        await Erasing.EraseAsync(_terminal, PersonId.Parse("never-was-here"), Cancel);
        Assert.Single(await Erasing.ExportAsync(_terminal, PersonId.Parse("never-was-here"), Cancel));
        Assert.Equal(2, Directory.GetFiles(_folder).Length); // her own files are hers
    }

    async Task<int> CountAsync(string kind) => await _terminal.GetRequiredService<IRecordStore>().ScanAsync(RecordRange.Under(kind), Cancel).CountAsync(Cancel);
}
