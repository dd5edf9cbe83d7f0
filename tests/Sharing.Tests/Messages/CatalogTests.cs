using System.Text;
using Sharing.Messaging;
using static Sharing.Tests.Messages.MessageServer;

namespace Sharing.Tests.Messages;

public sealed class CatalogTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "M1")]
    public async Task What_the_server_has_is_listed_page_by_page_found_by_kind_and_words_requested_and_received()
    {
        await using var server = await StartAsync();
        for (var i = 0; i < 25; i++)
        {
            server.Clock.Advance(TimeSpan.FromSeconds(1));
            await server.Shelf.AddAsync(new() { Key = $"song{i}", Title = $"Song number {i}", Kind = i % 5 == 0 ? "book" : "music", Tags = i % 2 == 0 ? ["jazz"] : [] }, new MemoryStream(Encoding.UTF8.GetBytes($"song {i}")), Cancel);
        }

        var titles = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await server.Catalog.ListAsync(Anna, new() { Count = 10, Cursor = cursor }, Cancel);
            titles.AddRange(page.Items.Select(static item => item.Title));
            if ((cursor = page.Next) is null)
            {
                break;
            }

            await server.Shelf.AddAsync(new() { Key = $"new{titles.Count}", Title = "New", Kind = "music" }, new MemoryStream([1]), Cancel); // does not shift what comes
        }

        Assert.Equal(Enumerable.Range(0, 25).Reverse().Select(static i => $"Song number {i}"), titles);
        Assert.Equal(5, (await server.Catalog.ListAsync(Anna, new() { Kind = "Book" }, Cancel)).Items.Count);
        var found = Assert.Single((await server.Catalog.ListAsync(Anna, new() { Search = "NUMB 14 jaz" }, Cancel)).Items);
        var message = await server.Catalog.RequestAsync(Anna, found.Id, Cancel);
        Assert.Equal((MessageKind.Requested, null, "Song number 14"), (message!.Kind, message.From, message.Resource.Name));
        Assert.Equal("song 14", Encoding.UTF8.GetString((await server.BytesAsync(Anna, message.Id))!));
        Assert.Equal(message.Id, Assert.Single(await server.ReadAsync(Anna)).Id);
        Assert.Empty(await server.ReadAsync(Ben));
        Assert.True(await server.Shelf.RemoveAsync("song14", Cancel));
        Assert.Null(await server.Catalog.RequestAsync(Anna, found.Id, Cancel));
        Assert.Equal("song 14", Encoding.UTF8.GetString((await server.BytesAsync(Anna, message.Id))!)); // what was received stays
    }

    [Fact]
    [Trait("Row", "M2")]
    public async Task What_is_new_is_pushed_to_those_whom_it_suits_with_the_reason_and_not_to_others_nor_beyond_the_daily_few()
    {
        await using var server = await StartAsync(configure: static options => options.PushesPerDay = 2);
        Task<CatalogItem> AddAsync(string title, string tag) => server.Shelf.AddAsync(new() { Key = title, Title = title, Kind = "music", Tags = [tag] }, new MemoryStream(Encoding.UTF8.GetBytes(title)), Cancel);
        var (one, two, three) = (await AddAsync("A", "jazz"), await AddAsync("B", "jazz"), await AddAsync("C", "polka"));
        await server.WorkAsync(); // nobody's taste is known
        foreach (var (who, item) in new[] { (Anna, one), (Anna, two), (Ben, three), (Ben, three), (Carl, one), (Carl, two) })
        {
            await server.Catalog.RequestAsync(who, item.Id, Cancel);
        }

        Assert.True((await server.Tastes.ChangeAsync(Carl, new(true), Cancel)).IsOff);
        await AddAsync("D", "jazz");
        await server.WorkAsync();
        var pushed = Assert.Single(await server.ReadAsync(Anna), static message => message.Kind == MessageKind.Pushed);
        Assert.Equal(("D", "Because you chose jazz music 2 times."), (pushed.Resource.Name, pushed.Because));
        Assert.DoesNotContain(await server.ReadAsync(Ben), static message => message.Kind == MessageKind.Pushed);
        Assert.DoesNotContain(await server.ReadAsync(Carl), static message => message.Kind == MessageKind.Pushed);
        await AddAsync("E", "jazz");
        await AddAsync("F", "jazz");
        await server.WorkAsync();
        Assert.Equal(2, (await server.ReadAsync(Anna)).Count(static message => message.Kind == MessageKind.Pushed)); // no more today
        server.Clock.Advance(TimeSpan.FromDays(1));
        await AddAsync("G", "jazz");
        await server.WorkAsync();
        Assert.Equal(3, (await server.ReadAsync(Anna)).Count(static message => message.Kind == MessageKind.Pushed));
        Assert.Contains((await server.Tastes.FindAsync(Anna, Cancel)).Interests, static interest => interest is { Name: "jazz music", Times: 2 });
        await server.Tastes.ForgetAsync(Anna, Cancel);
        Assert.Empty((await server.Tastes.FindAsync(Anna, Cancel)).Interests);
    }

    [Fact]
    [Trait("Row", "M2")]
    public async Task Opening_counts_for_more_than_asking_and_what_is_old_for_less()
    {
        await using var server = await StartAsync();
        var item = await server.Shelf.AddAsync(new() { Key = "a", Title = "A", Kind = "music", Tags = ["jazz"] }, new MemoryStream([1]), Cancel);
        var message = await server.Catalog.RequestAsync(Anna, item.Id, Cancel);
        Assert.True(await server.Tastes.NoteAsync(Anna, new() { Use = TasteUse.Opened, Message = message!.Id }, Cancel));
        Assert.False(await server.Tastes.NoteAsync(Ben, new() { Use = TasteUse.Opened, Message = message.Id }, Cancel)); // not his
        Assert.Equal(3, (await server.Tastes.FindAsync(Anna, Cancel)).Interests[0].Weight);
        server.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(1.5, (await server.Tastes.FindAsync(Anna, Cancel)).Interests[0].Weight);
    }
}
