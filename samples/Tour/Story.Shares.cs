using Sharing.P2P;

namespace Sharing.Tour;

public sealed partial class Story
{
    const int FilmLength = 48 * 1024 * 1024;

    /// <summary>D1, D2, D4, D5.</summary>
    async Task SharedFoldersAsync()
    {
        _board.Chapter("Anna shares a folder; Ben and Carl fetch from the server, from her, and from each other");
        var film = _big.AsMemory(0, FilmLength);
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "films")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, "film.mkv"), film);
        var annas = await PeerTerminal.StartAsync(Path.Combine(_folder, "anna-peer"), _annaIs, _download, 24_000_000);
        await using var bens = await PeerTerminal.StartAsync(Path.Combine(_folder, "ben-peer"), _benIs, _download);
        await using var carls = await PeerTerminal.StartAsync(Path.Combine(_folder, "carl-peer"), _carlIs, _download);
        ShareLink link;
        await using (annas)
        {
            await annas.Folders.AddAsync(annas.Person, new SharedFolder { Path = folder, Audience = Audience.Everyone });
            var begun = await UntilAsync(() => FileAsync(annas), file => file is { Link: not null });
            link = ShareLink.Parse(begun!.Link!);
            var early = await UntilAsync(() => annas.Opener.OpenAsync(null, link), opened => opened is not null);
            _board.Check("D1", early is { Manifest.IsUploading: true }, $"the link opens at {begun.Done / 1e6:0} MB of {FilmLength / 1e6:0}, while the folder's file is uploaded in the background");

            // The server gives nothing before it has all: what they get now is from Anna's file, and from each other.
            var (ben, carl) = (FetchAsync(bens, link), FetchAsync(carls, link));
            await _stage.DisturbAsync(_board);
            var (first, second) = (await ben, await carl);
            var fromPeers = BroughtBy(first, SourceKind.Peer) + BroughtBy(second, SourceKind.Peer);
            _board.Check("D4", IsFilm(first) && IsFilm(second), $"two terminals fetched together, every byte proven; {fromPeers / 1e6:0} of {2 * FilmLength / 1e6:0} MB came from terminals");
            var shared = await UntilAsync(() => FileAsync(annas), file => file is { State: FolderFileState.Shared });
            _board.Check("D1", shared is { State: FolderFileState.Shared }, "the upload is complete; no second copy was made on her disk");
        }

        _board.Tell("Anna's terminal is off.");
        await using var doras = await PeerTerminal.StartAsync(Path.Combine(_folder, "ben-second"), _benIs, _download);
        await UntilAsync(() => doras.Shares.OthersAsync(doras.Person, link), view => view is { Members: [{ IsWhole: true }, ..] }, seconds: 90); // an index that has just begun learns it within a minute
        var late = await FetchAsync(doras, link);
        _board.Check("D2", IsFilm(late), "the link works with the sharer's terminal off: the server and those who fetched have it");
        _board.Check("D5", BroughtBy(late, SourceKind.Peer) > BroughtBy(late, SourceKind.Server), $"the cheaper source was taken: {BroughtBy(late, SourceKind.Peer) / 1e6:0} MB from terminals, {BroughtBy(late, SourceKind.Server) / 1e6:0} MB from the server");
        await OriginAsync(link);
    }

    /// <summary>D2: the sharer's terminal is asked, and has the server deliver.</summary>
    async Task OriginAsync(ShareLink link)
    {
        await using var annas = await PeerTerminal.StartAsync(Path.Combine(_folder, "anna-peer"), _annaIs, _download);
        await using var asks = await PeerTerminal.StartAsync(Path.Combine(_folder, "carl-second"), _carlIs, _download);
        var again = await UntilAsync(() => FileAsync(annas), file => file is { Link: not null });
        foreach (var (way, what) in new[] { (OriginUse.Follow, "led to the server"), (OriginUse.HaveDelivered, "had the server deliver") })
        {
            var opened = await asks.Opener.OpenAsync(asks.Person, ShareLink.Parse(again!.Link!), way);
            _board.Check("D2", opened?.Manifest.Share == link.Share, $"asked for it, her terminal {what}");
        }
    }

    static async Task<FolderFile?> FileAsync(PeerTerminal terminal) => await terminal.Folders.FilesAsync(terminal.Person).FirstOrDefaultAsync();

    static async Task<ShareDownload> FetchAsync(PeerTerminal terminal, ShareLink link) => await terminal.Shares.FetchAsync(terminal.Person, link).LastAsync();

    static long BroughtBy(ShareDownload download, SourceKind kind) => download.Sources.Where(source => source.Kind == kind).Sum(source => source.Bytes);

    bool IsFilm(ShareDownload download) => download is { IsFinished: true, SavedAs: { } path } && Hash(File.ReadAllBytes(path)) == Hash(_big.AsSpan(0, FilmLength));
}
