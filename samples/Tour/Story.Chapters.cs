using System.Net;
using System.Diagnostics;
using System.Net.Http.Headers;
using Sharing.Offline;

namespace Sharing.Tour;

public sealed partial class Story
{
    SharedPost _bigPost = null!;

    /// <summary>R1, R2, R3, R8.</summary>
    async Task ShareWhileDownloadingAsync()
    {
        _board.Chapter("Anna shares a download that is still running");
        var address = _origin.Serve("film.bin", _big, BigRate, fast: 3); // Anna before and after sharing, and the library
        var item = await _anna.Downloads.AddAsync(_anna.Person, new DownloadRequest { Address = address });
        await UntilAsync(() => FindAsync(_anna, item.Id), i => i is { Done: > 0 });
        _bigPost = (await _anna.Downloads.ShareAsync(_anna.Person, item.Id, new ShareOptions { Audience = Audience.Friends, Text = "My holiday film" }))!;
        var running = await FindAsync(_anna, item.Id);
        _board.Check("R1", running is { State: DownloadState.Running }, $"one command shared item {item.Id} at {running?.Done / 1e6:0} MB of {BigLength / 1e6:0}");

        // Ben follows the link while the library is still fetching: his download begins online, slowly, and changes over when the resource lands.
        await UntilAsync(() => Task.FromResult(_origin.Requests("film.bin")), requests => requests >= 3);
        var bens = await _ben.Downloads.AddAsync(_ben.Person, new DownloadRequest { Address = _bigPost.Link });
        await _board.ProgressAsync(bar => Task.WhenAll(
            FollowAsync(_anna, item, "Anna ", bar), FollowAsync(_ben, bens, "Ben  ", bar), LibraryAsync("Library", bar), DisturbAsync(bens.Id)));
        var (annas, done) = (await EndOfAsync(_anna, item.Id), await EndOfAsync(_ben, bens.Id));

        var post = await UntilAsync(async () => (await _anna.Posts.FindAsync(_anna.Person, _bigPost.Id))!, p => p.Resource.ContentId is not null);
        _board.Check(
            "R2", post.Resource is { Length: BigLength, MediaType: "application/octet-stream", ContentId: not null } && post.Resource.Name == "film.bin",
            $"address and name at once; {post.Resource.Length} bytes, {post.Resource.MediaType} and {post.Resource.ContentId?.ToString()[..8]}… when they were known");
        var ledger = await UntilAsync(
            async () => (await _anna.Posts.FindAsync(_anna.Person, _bigPost.Id))!.Ledger!, l => l.Any(line => line is { Network: "sharing", State: PublishState.Sent }));
        _board.Check(
            "R3", ledger.Single(l => l.Network == "sharing").State == PublishState.Sent && ledger.Single(l => l.Network == "elsewhere").State == PublishState.Waiting,
            $"published at the network '{At(ledger, PublishState.Sent)}'; it waits for '{At(ledger, PublishState.Waiting)}', which is down, and is tried again by itself");

        _board.Check("R8", SavedEquals(annas, _big) && SavedEquals(done, _big), "both files are bit-identical to the origin's");
        _board.Check(
            "R8", _benFrom is { FromOrigin: > 0, FromLibrary: > 0 },
            $"Ben's download took {_benFrom?.FromOrigin / 1e6:0} MB online, then {_benFrom?.FromLibrary / 1e6:0} MB from the offline library");
    }

    static string At(IEnumerable<LedgerLine> ledger, PublishState state) => string.Join(", ", ledger.Where(line => line.State == state).Select(line => line.Network));

    DownloadItem? _benFrom;

    /// <summary>When the library begins to give.</summary>
    async Task DisturbAsync(DownloadId download)
    {
        await UntilAsync(() => FindAsync(_ben, download), item => item is { FromLibrary: > 0 } or not { State: DownloadState.Running });
        await _stage.DisturbAsync(_board);
    }

    async Task LibraryAsync(string name, Action<string, double, double, string> bar)
    {
        var state = await UntilAsync(async () => (await _anna.Posts.FindAsync(_anna.Person, _bigPost.Id))!.Library, l => l == OfflineState.Stored);
        bar(name, 1, 1, state == OfflineState.Stored ? "stored" : "");
    }

    /// <summary>R4.</summary>
    async Task FriendsAsync()
    {
        _board.Chapter("Ben reads, comments and reshares; Carl follows Ben");
        var feed = await UntilAsync(() => _ben.Network.FeedAsync(_ben.Person), f => f.Posts.Count > 0);
        var seen = feed.Posts[0];
        await _ben.Network.CommentAsync(_ben.Person, seen.Id, "The part with the boat!", "c1");
        await _ben.Network.CommentAsync(_ben.Person, seen.Id, "The part with the boat!", "c1"); // a repeat makes nothing new
        await _ben.Network.ReshareAsync(_ben.Person, seen.Id);
        var thread = (await _anna.Network.ThreadAsync(_anna.Person, seen.Id))!;
        _board.Check(
            "R4", seen.Author == _anna.Person && thread.Comments is [{ Text: "The part with the boat!" }],
            $"{feed.Posts[0].AuthorName}'s post in Ben's feed, one comment however often it was sent");

        await using var carl = await Terminal.StartAsync(_folder, _carlIs, _download.Address, _social.Address, _origin.Authority);
        await carl.Relationships.FollowAsync(carl.Person, _ben.Person, true);
        var carls = await carl.Network.FeedAsync(carl.Person);
        using var asCarl = Http(_carlIs);
        var (feedHides, linkHides) = (carls.Posts.Count == 0, (await asCarl.GetAsync(_bigPost.Link)).StatusCode == HttpStatusCode.NotFound);
        _board.Check("R4", feedHides && linkHides, "a film for Anna's friends stays hidden from Carl, also where Ben reshared it");

        var open = await _anna.Posts.ShareAsync(
            _anna.Person, new ShareRequest { Resource = new Resource { Address = _origin.Serve("sources.tar.gz", _sources), Name = "sources.tar.gz" }, Audience = Audience.Everyone });
        var shown = await UntilAsync(() => _ben.Network.FeedAsync(_ben.Person), f => f.Posts.Any(p => p.Id == open.Id.Value));
        await _ben.Network.ReshareAsync(_ben.Person, open.Id.Value);
        var reshared = (await carl.Network.FeedAsync(carl.Person)).Posts is [var newest, ..] ? newest : null;
        _board.Check(
            "R4", reshared is { OriginalId: not null } && reshared.Author == _anna.Person && reshared.ResharedBy == _ben.Person,
            $"Carl sees what {reshared?.ResharedByName} reshared, and that {reshared?.AuthorName} shared it first");
        _open = open;
    }

    SharedPost _open = null!;

    /// <summary>R5, R7.</summary>
    async Task FollowTheLinkAsync()
    {
        _board.Chapter("Anybody follows a link, with nothing but HTTP");
        using var plain = new HttpClient();
        var clicked = await plain.GetAsync(_open.Link);
        var bytes = await clicked.Content.ReadAsByteArrayAsync();
        _board.Check(
            "R5", Hash(bytes) == Hash(_sources) && _open.Link.Authority == _download.Address.Authority
                && clicked.Content.Headers.ContentDisposition?.DispositionType == "attachment",
            $"{_open.Link} started the download of {clicked.Content.Headers.ContentDisposition?.FileName}; every byte is right");

        await UntilAsync(async () => (await _anna.Posts.FindAsync(_anna.Person, _open.Id))!.Library, l => l == OfflineState.Stored);
        var before = _origin.Given("sources.tar.gz");
        var offline = await plain.GetAsync(_open.Link);
        var again = await offline.Content.ReadAsByteArrayAsync();
        using var part = new HttpRequestMessage(HttpMethod.Get, _open.Link) { Headers = { Range = new RangeHeaderValue(1000, 1999) } };
        var range = await (await plain.SendAsync(part)).Content.ReadAsByteArrayAsync();
        _board.Check(
            "R7", Hash(again) == Hash(_sources) && range.AsSpan().SequenceEqual(_sources.AsSpan(1000, 1000)) && _origin.Given("sources.tar.gz") == before
                && offline.Headers.ETag?.Tag == $"\"{Hash(_sources)}\"",
            "served from the offline library, ranges too; the origin gave not one byte more");
    }

    /// <summary>R6.</summary>
    async Task ManySharesAsync()
    {
        _board.Chapter("Forty shares of one address at once");
        var bytes = _big[..(16 * 1024 * 1024)];
        var address = _origin.Serve("song.bin", bytes, 16e6);
        var resource = new Resource { Address = address, Name = "song.bin" };
        var posts = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? _anna : _ben) is var who
            ? who.Posts.ShareAsync(who.Person, new ShareRequest { Resource = resource, Audience = Audience.Everyone })
            : throw new UnreachableException()));
        await UntilAsync(async () => (await _anna.Posts.FindAsync(_anna.Person, posts[0].Id))!.Library, l => l == OfflineState.Stored);
        _board.Check(
            "R6", posts.Select(p => p.Id).Distinct().Count() == 40 && _origin.Given("song.bin") == bytes.Length,
            $"{posts.Length} posts, {_origin.Requests("song.bin")} download of {_origin.Given("song.bin") / 1e6:0} MB");
    }

    /// <summary>R8: the origin changes.</summary>
    async Task ChangedOriginAsync()
    {
        _board.Chapter("The origin's bytes change in the middle");
        var first = _big[..(24 * 1024 * 1024)];
        var second = first.ToArray();
        second.AsSpan(5_000_000, 100_000).Clear();
        var address = _origin.Serve("notes.bin", first, 12e6);
        var item = await _ben.Downloads.AddAsync(_ben.Person, new DownloadRequest { Address = address });
        await UntilAsync(() => FindAsync(_ben, item.Id), i => i is { Done: > 8_000_000 });
        _origin.Serve("notes.bin", second, 48e6);
        var done = await EndOfAsync(_ben, item.Id);
        _board.Check("R8", SavedEquals(done, second), "a changed origin was noticed: the file is the new one, whole, never a mixture");
    }

    /// <summary>R9, and a restart.</summary>
    async Task RetentionAsync()
    {
        _board.Chapter("The download server is killed, comes back, and forgets in time");
        await _download.KillAsync();
        await _download.StartAsync("--Sharing:Retention=00:00:04");
        var bytes = _big[..(8 * 1024 * 1024)];
        var post = await _anna.Posts.ShareAsync(_anna.Person, new ShareRequest
        {
            Resource = new Resource { Address = _origin.Serve("ticket.bin", bytes), Name = "ticket.bin" }, Audience = Audience.Everyone,
        });
        await UntilAsync(async () => (await _anna.Posts.FindAsync(_anna.Person, post.Id))!.Library, l => l == OfflineState.Stored);
        var before = await _download.KeptAsync();
        using var plain = new HttpClient();
        using var slow = await plain.GetAsync(post.Link, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await slow.Content.ReadAsStreamAsync();
        var (read, at) = (new byte[bytes.Length], 100_000);
        await body.ReadExactlyAsync(read.AsMemory(0, at));

        // He goes on by sips: a host cuts off who stands still for long.
        async Task SipAsync() => at += await body.ReadAsync(read.AsMemory(at, Math.Clamp((read.Length / 2) - at, 0, 2048)));
        var gone = await UntilAsync(
            async () =>
            {
                await SipAsync();
                return (await _anna.Posts.FindAsync(_anna.Person, post.Id))!.Library;
            },
            l => l is null);
        var freed = await UntilAsync(
            async () =>
            {
                await SipAsync();
                return before - await _download.KeptAsync();
            },
            f => f >= bytes.Length);
        await body.ReadExactlyAsync(read.AsMemory(at));
        _board.Check("R9", gone is null && freed >= bytes.Length, $"kept 4 s, then deleted; {freed / 1e6:0} MB are free again");
        _board.Check("R9", Hash(read) == Hash(bytes), "a reader in the middle finished");
        var online = await plain.GetByteArrayAsync(post.Link);
        _board.Check("R7", Hash(online) == Hash(bytes), "without the library, the link leads through to the origin");
    }

    static HttpClient Http(TourPerson person) => new() { DefaultRequestHeaders = { Authorization = new("Bearer", person.Token) } };
}
