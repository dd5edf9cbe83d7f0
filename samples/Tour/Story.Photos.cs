using System.Net;
using System.Net.Http.Headers;
using Sharing.Photos;

namespace Sharing.Tour;

public sealed partial class Story
{
    const long Room = 12_000_000;

    /// <summary>Why there are no previews here; <c>null</c>: there are.</summary>
    internal static string? WhyNoPreviews { get; } = new VipsThumbnailer().WhyNot(PictureFormat.Jpeg);

    MailSink _mail = null!;
    IServer _photos = null!;

    /// <summary>A photo server of its own: who is whose friend it asks the social network server.</summary>
    void AddPhotoServer(IEnumerable<string> people)
    {
        _mail = MailSink.Start();
        _photos = _stage.Server(
            "photos",
            [
                .. people, .. new[] { _annaIs, _benIs, _carlIs }.Select(static (person, i) => $"--Sharing:People:{i}:Mail={person.Id}@example.org"), "--Sharing:Roles:0=photos", $"--Sharing:SocialServer={_social.Address}",
                $"--Sharing:SocialServerToken={_hostIs.Token}", $"--Sharing:SpacePerPerson={Room}", "--Sharing:Mail:Host=127.0.0.1", $"--Sharing:Mail:Port={_mail.Port}", "--Sharing:Mail:UseTls=false", "--Sharing:Mail:From=photos@example.org",
            ]);
    }

    /// <summary>F1 to F13.</summary>
    async Task PhotosAsync()
    {
        _board.Chapter("Anna uploads photos once and shows them to Ben; a phone sends its new ones by itself");
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "Alps")).FullName;
        for (var i = 1; i <= 3; i++)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, $"IMG_{i}.png"), Picture.Png(900, 600, seed: i));
        }

        await using var anna = await Terminal.StartAsync(Path.Combine(_folder, "photographer"), _annaIs, _photos.Address, _social.Address);
        await using var ben = await Terminal.StartAsync(Path.Combine(_folder, "friend"), _benIs, _photos.Address, _social.Address);
        var largest = new DirectoryInfo(folder).GetFiles().Max(static file => file.Length);

        // The first try is broken off within the first file.
        using (var broken = new CancellationTokenSource())
        {
            var stop = new Told(progress =>
            {
                if (progress.SentBytes > largest / 2)
                {
                    broken.Cancel();
                }
            });
            try
            {
                await anna.Photos<PhotoUploader>().UploadFolderAsync(anna.Person, folder, null, stop, broken.Token);
            }
            catch (OperationCanceledException)
            {
                // as meant
            }
        }

        await _stage.DisturbAsync(_board);
        var seen = new List<int>();
        var watching = new CancellationTokenSource();
        var folders = await anna.Photos<IPhotoFolders>().ListAsync(anna.Person).ToListAsync();
        var watch = WatchAsync();
        var sent = await anna.Photos<PhotoUploader>().UploadFolderAsync(anna.Person, folder);
        await UntilAsync(() => Task.FromResult(seen.Count > 0 && seen[^1] == 3), static all => all);
        await watching.CancelAsync();
        await watch;
        var list = await UntilAsync(
            async () => await anna.Photos<IPhotos>().ListAsync(anna.Person, new(sent.Folder.Id)).ToListAsync(), static photos => photos.Count == 3 && photos.All(static photo => photo.Previews != PreviewState.Pending));
        var original = await File.ReadAllBytesAsync(Path.Combine(folder, "IMG_1.png"));
        _board.Check("F1", folders.Count == 1 && sent is { Folder.Arrived: 3 }, "a folder of three photos, broken off and taken up again, is there once");
        _board.Check("F2", sent.Folder.Name == "Alps" && list.Select(static photo => photo.Id).Distinct().Count() == 3, "each has an id, and a name: the day it was uploaded");
        _board.Check("F3", list.All(photo => photo.Expires - sent.Folder.Created is { TotalDays: > 14 and < 16 } && photo.Expires <= sent.Folder.Expires), "kept for 15 days, and never longer than the folder");
        _board.Check("F4", list.Any(photo => photo.Content.ToString() == Hash(original)), "named by the hash of the bytes that came");
        _board.Check("F5", seen.SequenceEqual(seen.Order()) && seen[^1] == 3, $"progress came by itself: {string.Join(", ", seen.Distinct())} of 3");
        _board.Check("F6", sent.Folder.Cover is not null && list.Count == 3, "she lists them, with a cover for the folder");

        var grants = await anna.Photos<IPhotoGrants>().GrantAsync(anna.Person, new() { Folder = sent.Folder.Id, Friends = [ben.Person] });
        var refused = await RefusalAsync(() => anna.Photos<IPhotoGrants>().GrantAsync(anna.Person, new() { Folder = sent.Folder.Id, Friends = [PersonId.Parse(_carlIs.Id)] }));
        _board.Check("F8", grants.Count == 1 && refused == ProblemCodes.NotAllowed, "shown to Ben, her friend says the social network server; Carl is none, and is refused");
        var view = await ben.Photos<IPhotoEntries>().OpenAsync(new(ben.Person), grants[0].Id);
        var got = view is null ? [] : await new PhotoGetter(ben.Photos<IPhotoEntries>()).GetAsync(ben.Person, view, Directory.CreateDirectory(Path.Combine(_folder, "got")).FullName);
        _board.Check("F9", view is { Photos.Count: 3, Folder: "Alps" } && got.Any(file => File.ReadAllBytes(file).AsSpan().SequenceEqual(original)), "Ben sees sender, name, count and end, and saves the very bytes");

        var mail = (await UntilAsync(() => Task.FromResult(_mail.For("ben@example.org")), static mails => mails.Count > 0)) is [var told, ..] ? told : "";
        var link = new Uri(_photos.Address, $"g/{grants[0].Id}");
        var pictures = mail.Split("Content-Type: image/jpeg").Length - 1;
        _board.Check("F10", mail.Contains($"grant-{grants[0].Id}", StringComparison.Ordinal) && (WhyNoPreviews is not null || pictures == 3), $"a mail went out by itself, with {pictures} small pictures");
        var (strangers, bens) = (await StatusAsync(link, _carlIs), await StatusAsync(link, _benIs));
        _board.Check("F11", (strangers, bens) == (HttpStatusCode.NotFound, HttpStatusCode.OK), "its link opens for Ben; to Carl it is not there");

        var dcim = Directory.CreateDirectory(Path.Combine(_folder, "DCIM")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(dcim, "new.png"), Picture.Png(300, 200, seed: 7));
        await File.WriteAllBytesAsync(Path.Combine(dcim, "old.png"), Picture.Png(300, 200, seed: 8));
        File.SetLastWriteTimeUtc(Path.Combine(dcim, "old.png"), DateTime.UtcNow.AddDays(-30));
        var (first, second) = (
            await anna.Photos<PhotoUploader>().UploadDeviceAsync(anna.Person, "phone", dcim, PhotoUploader.DefaultWindow), await anna.Photos<PhotoUploader>().UploadDeviceAsync(anna.Person, "phone", dcim, PhotoUploader.DefaultWindow));
        _board.Check("F12", (first.Uploaded.Count, first.Outside, second.Uploaded.Count, second.Known) == (1, 1, 0, 1), "her phone sends the new one, not the one of last month, and nothing twice");
        if (WhyNoPreviews is { } why)
        {
            _board.Lacking("F13", why);
        }
        else
        {
            _board.Check("F13", list.All(static photo => photo is { Previews: PreviewState.Ready, ThumbHash: not null }), "the server made previews of 160, 256 and 1440 pixels, and placeholders");
        }

        var plan = await anna.Photos<IPhotoSpace>().PlanAsync(anna.Person, Room - 1000);
        _board.Check("F7", plan is { Fits: true, Photos.Count: > 0 } && plan.Photos.Any(static photo => photo.SharedWith.Contains("ben")), $"for an upload of {Room / 1e6:0} MB {plan.Photos.Count} photos would go, the oldest first; Ben would miss some of them");
        var big = Path.Combine(_folder, "big.bin");
        await File.WriteAllBytesAsync(big, new byte[Room - 1000]);
        await anna.Photos<PhotoUploader>().UploadAsync(anna.Person, big);
        _board.Check("F7", await anna.Photos<IPhotos>().ListAsync(anna.Person).CountAsync() == 4 + 1 - plan.Photos.Count, "and so they did");

        async Task WatchAsync()
        {
            try
            {
                await foreach (var now in anna.Photos<IPhotoWatch>().WatchFolderAsync(anna.Person, folders[0].Id, watching.Token))
                {
                    seen.Add(now.Arrived);
                }
            }
            catch (OperationCanceledException)
            {
                // enough was seen
            }
        }
    }

    static async Task<string?> RefusalAsync(Func<Task> what)
    {
        try
        {
            await what();
            return null;
        }
        catch (SharingException e)
        {
            return e.Code;
        }
    }

    static async Task<HttpStatusCode> StatusAsync(Uri page, TourPerson who)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(page.AbsoluteUri.Replace("/g/", "/v1/granted-photos/", StringComparison.Ordinal)));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", who.Token);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    sealed class Told(Action<PhotoUploadProgress> tell) : IProgress<PhotoUploadProgress>
    {
        public void Report(PhotoUploadProgress value) => tell(value);
    }
}
