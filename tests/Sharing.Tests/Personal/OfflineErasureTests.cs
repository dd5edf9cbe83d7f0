using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Offline;
using Sharing.Testing;
using Sharing.Tests.Content;
using Sharing.Tests.Hosting;

namespace Sharing.Tests.Personal;

/// <summary>Somebody who shared, commented, reshared and kept, at a host on disk that also publishes at another network; and two others.</summary>
[Trait("Row", "C1")]
public sealed class OfflineErasureTests : IAsyncLifetime
{
    static readonly PersonId Anna = PersonId.Parse("anna-marker0"), Ben = PersonId.Parse("ben"), Carl = PersonId.Parse("carl");

    // Everything of Anna's: her id, her name and address, what she wrote, what she called things, and the bytes that she alone has kept.
    static readonly string[] s_marks = ["marker0", "marker1", "marker2", "marker3", "marker4", "marker5", "marker6", "marker7", "marker8", "marker9", "markerA", "markerB"];

    readonly FakeTimeProvider _time = new();
    readonly TemporaryFolder _folder = new();
    SharingHost _host = null!;
    Origin _origin = null!;
    MastodonServer _mastodon = null!;
    NetworkPost _bens = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        (_origin, _mastodon) = (await Origin.StartAsync(), await MastodonServer.StartAsync(_time));
        // The host's own sweep would lose its lease whenever the clock leaps.
        _host = await SharingHost.StartAsync(
            sharing => sharing.UseFolder(_folder.Path).AddOffline().AddMastodon().WithSweep(static sweep => (sweep.Grace, sweep.WholeInterval, sweep.Interval) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromDays(40))),
            services => services.AddSingleton<TimeProvider>(_time));
        await FillAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _origin.DisposeAsync();
        await _mastodon.DisposeAsync();
        _folder.Dispose();
    }

    async Task FillAsync()
    {
        await _host.Get<PeopleStore>().SaveAsync(new() { Id = Anna, Name = "Anna marker1", Mail = "marker2@example.org", Avatar = new("https://example.org/marker3.png") }, Cancel);
        foreach (var (one, other) in new[] { (Anna, Ben), (Ben, Anna), (Ben, Carl), (Carl, Ben) })
        {
            await _host.Get<IRelationships>().BefriendAsync(one, other, true, Cancel);
        }

        await _host.Get<IFriendGroups>().SaveAsync(Anna, new("family marker4", [Ben]), Cancel);
        await _host.Get<IFriendGroups>().SaveAsync(Ben, new("friends", [Anna, Carl]), Cancel);
        await _host.Get<IAccounts>().ConnectAsync(Anna, "mastodon", new AccountToken("token-anna", _mastodon.Address), Cancel);
        await _host.Get<IAccounts>().ConnectAsync(Ben, "mastodon", new AccountToken("token-ben", _mastodon.Address), Cancel);
        var film = _origin.Serve("marker5.bin", Encoding.ASCII.GetBytes("the film markerB"));
        var annas = await ShareAsync(Anna, new() { Address = film, Name = "film marker6.bin" }, "look marker7", "key-marker8");
        var bens = await ShareAsync(Ben, new() { Address = _origin.Serve("ben.bin", [1, 2, 3]), Name = "ben.bin" }, "bens", null, Audience.Of(Anna, Carl));
        var (ownPost, othersPost) = (await PostAsync(Ben, annas), await PostAsync(Carl, bens));
        _bens = othersPost;
        await Network.CommentAsync(Ben, ownPost.Id, "nice, says Ben", "c1", Cancel);
        await Network.CommentAsync(Anna, othersPost.Id, "nice marker9", "c2-markerA", Cancel);
        await Network.CommentAsync(Carl, othersPost.Id, "and Carl", "c3", Cancel);
        await Network.ReshareAsync(Anna, othersPost.Id, Cancel);
        await Network.ReshareAsync(Ben, ownPost.Id, Cancel);
        await _host.Get<IDownloads>().AddAsync(Anna, new() { Address = film, Name = "own marker6.bin" }, Cancel);
    }

    ISocialNetwork Network => _host.Get<ISocialNetwork>();

    async Task<PostId> ShareAsync(PersonId person, Resource resource, string text, string? key, Audience? audience = null)
    {
        var post = await _host.Get<IPosts>().ShareAsync(person, new() { Resource = resource, Audience = audience ?? Audience.Everyone, Text = text, Key = key }, Cancel);
        await UntilAsync(async () => (await _host.Get<IPosts>().FindAsync(person, post.Id, Cancel))! is { Library: OfflineState.Stored } now
            && now.Ledger!.All(static line => line.State is PublishState.Sent or PublishState.Refused && (line.State == PublishState.Refused || line.Revision >= 2)), "published");
        return post.Id;
    }

    async Task<NetworkPost> PostAsync(PersonId reader, PostId post) => (await Network.ThreadAsync(reader, post.Value, Cancel))!.Post;

    /// <summary>Lets the host's background work go on, its clock standing still.</summary>
    static async Task UntilAsync(Func<Task<bool>> done, string what)
    {
        for (var tries = 0; !await done(); tries++)
        {
            Assert.True(tries < 1200, what);
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, Cancel);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Everything_is_taken_out_and_then_nothing_of_it_is_left_in_any_record_or_file_nor_at_the_other_network()
    {
        var files = await Erasing.ExportAsync(_host.Services, Anna, Cancel);
        foreach (var mark in s_marks.Except(["marker8", "markerA", "markerB"])) // keys of requests, and a copy of what is in the web, are no data of hers
        {
            Assert.True(files.Any(file => file.Value.Contains(mark, StringComparison.Ordinal)), $"{mark} is not in {string.Join(' ', files.Keys)}.");
        }

        Assert.DoesNotContain(files, static file => file.Value.Contains("token-anna", StringComparison.Ordinal) || file.Value.Contains("and Carl", StringComparison.Ordinal));
        Assert.NotEmpty(_mastodon.ShownBy("anna"));

        await Erasing.EraseAsync(_host.Services, Anna, Cancel);
        Assert.Empty(await Erasing.FindAsync(_host.Services, [.. s_marks, "token-anna"], Cancel));
        Assert.Empty(_mastodon.ShownBy("anna"));

        // The bytes that nobody else has kept go with the sweep, and then no file has anything of hers.
        for (var sweeps = 0; sweeps < 3 || (sweeps < 100 && FilesWith(["markerB"]).Count > 0); sweeps++)
        {
            _time.Advance(TimeSpan.FromMinutes(20));
            await _host.Get<SweepService>().SweepOnceAsync(Cancel);
            await Task.Delay(TimeSpan.FromMilliseconds(25), TimeProvider.System, Cancel); // a download that ran is discarded by its runner
        }

        await ((IRecordErasure)_host.Get<IRecordStore>()).EraseAsync(Cancel);
        Assert.Equal([], FilesWith([.. s_marks, "token-anna"]));
        Assert.NotEmpty(FilesWith(["and Carl"])); // the search finds what is there
    }

    [Fact(Timeout = 120_000)]
    public async Task What_others_have_stays_theirs_with_a_tombstone_where_she_spoke()
    {
        await Erasing.EraseAsync(_host.Services, Anna, Cancel);
        var thread = (await Network.ThreadAsync(Carl, _bens.Id, Cancel))!;
        Assert.Equal([("(erased)", ""), ("carl", "and Carl")], thread.Comments.Select(static one => (one.Author.Value, one.Text)).Order());
        Assert.Equal([Carl], (await _host.Get<IFriendGroups>().ListAsync(Ben, Cancel).SingleAsync(Cancel)).People);
        Assert.Equal([_bens.Id], (await Network.FeedAsync(Carl, cancellationToken: Cancel)).Posts.Select(static one => one.Id)); // of hers nothing, nor what Ben had reshared of it
        Assert.Equal([Carl], (await _host.Get<IRelationshipGraph>().RelatedAsync(Ben, RelationshipKinds.Friend, Cancel)).Keys);
        var bens = await Erasing.ExportAsync(_host.Services, Ben, Cancel);
        Assert.Contains("nice, says Ben", bens["network/comments.json"], StringComparison.Ordinal); // said below what is gone, and still his

        // She may come back as somebody new, and be erased again.
        await _host.Get<IRelationships>().FollowAsync(Anna, Ben, true, Cancel);
        await Erasing.EraseAsync(_host.Services, Anna, Cancel);
        Assert.Empty(await Erasing.FindAsync(_host.Services, ["marker0"], Cancel));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_network_that_does_not_take_it_is_waited_for_at_most_three_days_and_her_account_is_kept_so_long()
    {
        await _mastodon.DisposeAsync();
        var personal = _host.Get<PersonalData>();
        await personal.EraseAsync(Anna, Cancel);
        await UntilAsync(async () => (await personal.StateAsync(Anna, Cancel))!.WaitsFor is ["posts"], "waits");
        Assert.NotEmpty((await Erasing.ExportAsync(_host.Services, Anna, Cancel))["posts/accounts.json"]);
        for (var hours = 0; (await personal.StateAsync(Anna, Cancel))!.Done is null; hours++)
        {
            Assert.True(hours < 100, "never");
            _time.Advance(TimeSpan.FromHours(1));
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancel);
        }

        Assert.InRange((await personal.StateAsync(Anna, Cancel))!.Done!.Value - (await personal.StateAsync(Anna, Cancel))!.Since, TimeSpan.FromDays(1), TimeSpan.FromDays(3.5));
        Assert.Empty(await Erasing.FindAsync(_host.Services, [.. s_marks, "token-anna"], Cancel));
    }

    IReadOnlyList<string> FilesWith(IReadOnlyCollection<string> texts) =>
        [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(static file => !file.EndsWith(".lock", StringComparison.Ordinal)).SelectMany(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return texts.Where(text => bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text)) >= 0).Select(text => $"{text} in {Path.GetFileName(file)}");
        })];
}
