using System.Diagnostics;
using System.Security.Cryptography;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.Tour;

/// <summary>The story of rows R1 to R9, of D1 to D7, of A1 to A9, and of F1 to F13.</summary>
public sealed partial class Story : IAsyncDisposable
{
    const int BigLength = 256 * 1024 * 1024;
    const double BigRate = 48e6;

    readonly Board _board;
    readonly IStage _stage;
    readonly string _folder = Directory.CreateTempSubdirectory("sharing-tour-").FullName;
    readonly TourPerson _annaIs = new("anna", "Anna");
    readonly TourPerson _benIs = new("ben", "Ben");
    readonly TourPerson _carlIs = new("carl", "Carl");
    readonly TourPerson _hostIs = new("download-server", "The download server");
    Origin _origin = null!;
    IServer _social = null!;
    IServer _download = null!;
    Terminal _anna = null!;
    Terminal _ben = null!;
    byte[] _big = [];
    byte[] _sources = [];

    Story(Board board, IStage stage) => (_board, _stage) = (board, stage);

    /// <summary>Tells it.</summary>
    /// <param name="board">Where it is shown.</param>
    /// <param name="stage">Where its servers run.</param>
    /// <param name="keep">Whether they stay up at the end, until somebody presses Enter.</param>
    /// <param name="end">What comes after it, before the servers end.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> TellAsync(Board board, IStage stage, bool keep, Func<Task>? end = null)
    {
        var watch = Stopwatch.StartNew();
        await using var story = new Story(board, stage);
        await story.SetUpAsync();
        await story.ShareWhileDownloadingAsync();
        await story.FriendsAsync();
        await story.FollowTheLinkAsync();
        await story.ManySharesAsync();
        await story.ChangedOriginAsync();
        await story.RetentionAsync();
        await story.SharedFoldersAsync();
        await story.PlacementsAsync();
        await story.ComeAndGoAsync();
        await story.AppsAsync();
        await story.PhotosAsync();
        await story.MessagesAsync();
        await (end?.Invoke() ?? Task.CompletedTask);
        var code = board.End(watch.Elapsed);
        if (keep)
        {
            Console.WriteLine($"social network server  {story._social.Address}\ndownload server        {story._download.Address}\nphoto server           {story._photos.Address}");
            Console.WriteLine($"Anna's token           {story._annaIs.Token}\nBen's token            {story._benIs.Token}\nEnter ends them.");
            Console.ReadLine();
        }

        return code;
    }

    async Task SetUpAsync()
    {
        _board.Chapter("An origin, a social network server, a download server, a photo server, two terminals");
        _origin = await Origin.StartAsync();
        _phone = await WakeUps.StartAsync();
        _big = new byte[BigLength];
        new Random(1).NextBytes(_big);
        _sources = await Task.Run(SourcePack.Make);
        string[] people = [.. new[] { _annaIs, _benIs, _carlIs }.SelectMany((person, i) => person.Configuration(i))];
        _social = _stage.Server("social", [.. people, .. _hostIs.Configuration(0, "Hosts"), "--Sharing:Roles:0=social", "--Sharing:Roles:1=radar"]);
        _download = _stage.Server(
            "download",
            [
                .. people, "--Sharing:Roles:0=download", "--Sharing:Roles:1=data", "--Sharing:Roles:2=apps", "--Sharing:Roles:3=messages", $"--Sharing:Catalog={Offered()}", $"--Sharing:Handlers={Path.Combine(AppContext.BaseDirectory, "Handlers")}", "--Sharing:PeersOnThisMachine=true", .. AppSettings(), $"--Sharing:SocialServer={_social.Address}", $"--Sharing:SocialServerToken={_hostIs.Token}",
                "--Sharing:Networks:elsewhere=http://127.0.0.1:9/", $"--Sharing:ConfiguredHosts:0={_origin.Authority}", $"--Sharing:ConfiguredHosts:1={new Uri(_phone.Address).Authority}",
                "--Sharing:SweepInterval=00:00:01", "--Sharing:Grace=00:00:01",
            ]);
        AddPhotoServer(people);
        await Task.WhenAll(_social.StartAsync(), _download.StartAsync(), _photos.StartAsync());
        _anna = await Terminal.StartAsync(_folder, _annaIs, _download.Address, _social.Address, _origin.Authority);
        _ben = await Terminal.StartAsync(_folder, _benIs, _download.Address, _social.Address, _origin.Authority);
        _board.Tell($"origin {_origin.Address}  social {_social.Address}  download {_download.Address}  photos {_photos.Address}");

        await _anna.Accounts.ConnectAsync(_anna.Person, "sharing", _annaIs.Token);
        await _anna.Accounts.ConnectAsync(_anna.Person, "elsewhere", _annaIs.Token);
        await _ben.Accounts.ConnectAsync(_ben.Person, "sharing", _benIs.Token);
        await _anna.Relationships.BefriendAsync(_anna.Person, _ben.Person, true);
        await _ben.Relationships.BefriendAsync(_ben.Person, _anna.Person, true);
        _board.Tell("Anna and Ben are friends; Anna connected two networks, one of which is down.");
    }

    static string Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = new byte[Blake3.HashSize];
        Blake3.Hash(bytes, hash);
        return Convert.ToHexStringLower(hash);
    }

    static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> enough, int seconds = 60)
    {
        for (var watch = Stopwatch.StartNew(); ;)
        {
            var answer = await ask();
            if (enough(answer) || watch.Elapsed.TotalSeconds > seconds)
            {
                return answer;
            }

            await Task.Delay(50);
        }
    }

    static async Task<DownloadItem?> FindAsync(Terminal terminal, DownloadId id) =>
        await terminal.Downloads.ListAsync(terminal.Person).FirstOrDefaultAsync(item => item.Id == id);

    static Task<DownloadItem?> EndOfAsync(Terminal terminal, DownloadId id) =>
        UntilAsync(() => FindAsync(terminal, id), item => item is null or { State: not DownloadState.Running });

    async Task FollowAsync(Terminal terminal, DownloadItem item, string name, Action<string, double, double, string> bar)
    {
        var (watch, begun) = (Stopwatch.StartNew(), item.Done);
        await foreach (var now in terminal.Downloads.WatchAsync(terminal.Person, item.Id))
        {
            _benFrom = terminal == _ben && now.FromOrigin + now.FromLibrary > 0 ? now : _benFrom;
            bar(name, now.Done, now.Resource.Length ?? BigLength, now switch
            {
                { State: DownloadState.Running, Source: { } source } => $"{now.BytesPerSecond / 1e6:0} MB/s from {source}",
                { State: DownloadState.Running } => "begins",
                _ => $"{(now.Done - begun) / watch.Elapsed.TotalSeconds / 1e6:0} MB/s on average",
            });
        }
    }

    static bool SavedEquals(DownloadItem? item, byte[] bytes) =>
        item is { State: DownloadState.Finished, SavedAs: { } path }
        && SHA256.HashData(File.ReadAllBytes(path)).AsSpan().SequenceEqual(SHA256.HashData(bytes));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var part in new IAsyncDisposable?[] { _anna, _ben, _download, _photos, _social, _origin, _mail, _phone })
        {
            await (part?.DisposeAsync() ?? default);
        }

        Directory.Delete(_folder, recursive: true);
    }
}
