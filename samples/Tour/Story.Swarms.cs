using Sharing.P2P;

namespace Sharing.Tour;

public sealed partial class Story
{
    const int SongLength = 12 * 1024 * 1024;

    /// <summary>D3, D6: who knows which terminal has which chunk.</summary>
    async Task PlacementsAsync()
    {
        _board.Chapter("One share, three homes of the index: the server, an index server of its own, the terminals themselves");
        string[] people = [.. new[] { _annaIs, _benIs, _carlIs }.SelectMany((person, i) => person.Configuration(i))];
        await using var index = _stage.Server("index", ["--Sharing:Roles:0=index", "--Sharing:PeersOnThisMachine=true"]);
        await using var apart = DataServer("data-apart", people, index);
        await using var spread = DataServer("data-spread", [.. people, "--Sharing:SpreadIndex=true"]);
        await Task.WhenAll(index.StartAsync($"--Sharing:DataServers:0={apart.Address}", $"--Sharing:ConfiguredHosts:0={apart.Address.Authority}"), apart.StartAsync(), spread.StartAsync());
        await PlacementAsync(_download.Indexes.Count == 0 ? "in the shared-data server" : "on the index servers of the hosts", "download", _download);
        await PlacementAsync("on an index server of its own", "data-apart", apart);
        await PlacementAsync("spread over the terminals", "data-spread", spread);
    }

    async Task PlacementAsync(string where, string name, IServer server)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, $"songs-{name}")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, "song.flac"), _big.AsMemory(0, SongLength));
        ShareLink link;
        await using (var annas = await PeerTerminal.StartAsync(Path.Combine(_folder, $"anna-{name}"), _annaIs, server))
        {
            await annas.Folders.AddAsync(annas.Person, new SharedFolder { Path = folder, Audience = Audience.Everyone });
            var shared = await UntilAsync(() => FileAsync(annas), file => file is { State: FolderFileState.Shared });
            link = ShareLink.TryParse(shared?.Link, out var found) ? found : throw new InvalidOperationException($"Anna's file is not shared: {shared?.State}, {shared?.Failure}");
        }

        await using var bens = await PeerTerminal.StartAsync(Path.Combine(_folder, $"ben-{name}"), _benIs, server);
        await using var carls = await PeerTerminal.StartAsync(Path.Combine(_folder, $"carl-{name}"), _carlIs, server);
        await FetchAsync(bens, link);
        var others = await UntilAsync(() => carls.Shares.OthersAsync(carls.Person, link), view => view is { Members: [{ IsWhole: true }, ..] });
        if (server == _download)
        {
            _board.Check("D3", others is { Members: [{ IsWhole: true, Addresses.Count: > 0 } ben, ..] }, $"the index says that {Ben(others)} has all of the chunks");
        }

        var fetched = await FetchAsync(carls, link);
        var fromBen = BroughtBy(fetched, SourceKind.Peer);
        _board.Check("D6", fetched.IsFinished && fromBen > 0, $"index {where}: Carl found Ben's terminal, and had {fromBen / 1e6:0} of {SongLength / 1e6:0} MB from it");
    }

    /// <summary>D7, and why a chunk came from where it did.</summary>
    async Task ComeAndGoAsync()
    {
        _board.Chapter("A terminal goes in the middle");
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "concert")).FullName;
        var film = new byte[FilmLength];
        _big.AsSpan(BigLength - FilmLength).CopyTo(film);
        await File.WriteAllBytesAsync(Path.Combine(folder, "concert.mkv"), film);
        ShareLink link;
        await using (var annas = await PeerTerminal.StartAsync(Path.Combine(_folder, "anna-concert"), _annaIs, _download))
        {
            await annas.Folders.AddAsync(annas.Person, new SharedFolder { Path = folder, Audience = Audience.Everyone });
            var shared = await UntilAsync(() => FileAsync(annas), file => file is { State: FolderFileState.Shared });
            link = ShareLink.TryParse(shared?.Link, out var found) ? found : throw new InvalidOperationException($"Anna's file is not shared: {shared?.State}, {shared?.Failure}");
        }

        var bens = await PeerTerminal.StartAsync(Path.Combine(_folder, "ben-concert"), _benIs, _download, givesPerSecond: 24_000_000);
        await FetchAsync(bens, link);
        await using var carls = await PeerTerminal.StartAsync(Path.Combine(_folder, "carl-concert"), _carlIs, _download);
        ShareDownload? last = null;
        string? why = null;
        var gone = false;
        await foreach (var now in carls.Shares.FetchAsync(carls.Person, link))
        {
            last = now;
            if (!gone && now.Done > FilmLength / 4)
            {
                why = await WhyAsync(carls);
                await bens.DisposeAsync();
                gone = true;
            }
        }

        _board.Check("D5", why is not null, why ?? "no chunk was asked of anybody");
        _board.Check("D7", gone && last is { IsFinished: true, SavedAs: { } path } && Hash(await File.ReadAllBytesAsync(path)) == Hash(film), "Ben's terminal went in the middle; the rest came from the server, and every byte is right");
    }

    /// <summary>Why the first chunk that was asked of a terminal was asked of it, in a sentence.</summary>
    static async Task<string?> WhyAsync(PeerTerminal terminal)
    {
        foreach (var fetch in await terminal.Fetches.ListAsync().ToArrayAsync())
        {
            for (var chunk = 0; chunk < fetch.Length / 262_144; chunk++)
            {
                if (await terminal.Fetches.ExplainAsync(fetch.Content, chunk) is { Compared: [{ Kind: SourceKind.Peer }, _, ..] } choice)
                {
                    return choice.Text;
                }
            }
        }

        return null;
    }

    IServer DataServer(string name, string[] settings, params IServer[] indexes) => _stage.Server(name, [.. settings, "--Sharing:Roles:0=data", "--Sharing:PeersOnThisMachine=true"], indexes);

    static string Ben(SwarmView? view) => view is { Members: [{ Addresses: [var at, ..] }, ..] } ? $"the terminal at {at}" : "nobody";
}
