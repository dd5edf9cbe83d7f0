using System.IO.Pipelines;
using System.Net;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Messaging;
using Sharing.Testing;
using Sharing.Tests.Messages;
using static Sharing.Tests.Messages.MessageServer;

namespace Sharing.Tests.Personal;

/// <summary>What the message centre keeps about somebody is taken out and erased. Whatever Zoe is, writes or names has "q7x9" in it.</summary>
[Trait("Row", "C1")]
public sealed class MessagesErasureTests
{
    const string Mark = "q7x9";

    static readonly PersonId Zoe = PersonId.Parse("zoe-q7x9");
    static readonly byte[] Picture = Encoding.Latin1.GetBytes("picture of q7x9, only hers"), Shared = Encoding.Latin1.GetBytes("holiday, which ben sent on"), Unsent = Encoding.Latin1.GetBytes("never sent q7x9"), Bens = Encoding.Latin1.GetBytes("what ben gave her");

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task What_is_hers_is_given_out_and_then_nothing_tells_of_her_and_others_keep_theirs()
    {
        await using var server = await StartAsync();
        var planted = await PlantAsync(server);
        var files = await Erasing.ExportAsync(server.Host.Services, Zoe, Cancel);
        var lists = string.Concat(files.Where(static file => file.Key.StartsWith("messages/", StringComparison.Ordinal) && file.Key.EndsWith(".json", StringComparison.Ordinal)).Select(static file => file.Value));
        foreach (var marker in (string[])
            ["words-q7x9", "key-q7x9", "picture-q7x9.bin", "application/x-q7x9", "https://q7x9.example/page", "page-q7x9", "alone-q7x9", "ghost-q7x9", "item-q7x9", "on-q7x9", "confirmed-q7x9", "pending-q7x9", "unsent-q7x9.bin", "image/x-q7x9",
            "from ben", "Because you chose jazz", "jazz"])
        {
            Assert.Contains(marker, lists, StringComparison.Ordinal);
        }

        Assert.Equal(Encoding.Latin1.GetString(Picture), files["messages/sent/picture-q7x9.bin"]);
        Assert.Equal(Encoding.Latin1.GetString(Shared), files["messages/sent/holiday.bin"]);
        Assert.Equal(Encoding.Latin1.GetString(Bens), files["messages/received/ben.bin"]);
        Assert.Equal(Encoding.Latin1.GetString(Unsent), files["messages/uploads/unsent-q7x9.bin"]);
        Assert.DoesNotContain("ben-waits-at", lists, StringComparison.Ordinal); // where another can be woken is not hers to know

        for (var i = 0; i < 2; i++)
        {
            await Erasing.EraseAsync(server.Host.Services, Zoe, Cancel);
            Assert.Empty(await Erasing.FindAsync(server.Host.Services, [Mark], Cancel));
        }

        await OthersHaveTheirsAsync(server, planted);
        foreach (var (bytes, references) in ((byte[], int)[])[(Picture, 0), (Unsent, 0), (Shared, 1), (Bens, 1)])
        {
            Assert.Equal(references, await server.Host.Get<IRecordStore>().ScanAsync(RecordRange.Under("reference", $"{GroupHashes.OfOnlyGroup(bytes)}"), Cancel).CountAsync(Cancel));
        }

        server.Clock.Advance(TimeSpan.FromDays(2));
        await server.SweepAsync();
        var contents = server.Host.Get<IContentStore>();
        Assert.Null(await contents.FindAsync(GroupHashes.OfOnlyGroup(Picture), Cancel));
        Assert.Null(await contents.FindAsync(GroupHashes.OfOnlyGroup(Unsent), Cancel));
        Assert.NotNull(await contents.FindAsync(GroupHashes.OfOnlyGroup(Bens), Cancel));
        server.Clock.Advance(TimeSpan.FromDays(31));
        await server.SweepAsync();
        await server.SweepAsync();
        Assert.Empty(await server.ReadAsync(Ben)); // what stayed ends with its time like all else

        await server.Host.Get<PeopleStore>().SaveAsync(new() { Id = Zoe, Name = "Zoe" }, Cancel);
        await server.Messages.SendAsync(Ben, new() { To = [Zoe.Value], Resource = Film }, cancellationToken: Cancel);
        Assert.Equal(1, Assert.Single(await server.ReadAsync(Zoe)).Number); // the same id begins as somebody new
    }

    [Fact(Timeout = 60_000)]
    public async Task Broken_off_after_each_of_its_commits_it_goes_on_and_others_read_all_the_while()
    {
        var plan = new FaultPlan();
        await using var server = await StartAsync(sharing => sharing.Services.AddKeyedSingleton<IRecordStore>("driver", new FaultyRecordStore(new MemoryRecordStore(), plan)));
        var planted = await PlantAsync(server);
        await server.Host.Get<Parts>().People.EraseAsync(Zoe, server.Clock.GetUtcNow(), Cancel);
        var (part, isErased, breaks) = (server.Host.Get<Parts>().Messages, false, 0);
        while (!isErased)
        {
            plan.Add("records.commit", Fault.Failing(), nth: 2);
            try
            {
                isErased = await part.EraseAsync(Zoe, server.Clock.GetUtcNow(), Cancel);
            }
            catch (IOException)
            {
                breaks++;
            }

            plan.Clear();
            Assert.Equal(planted.InBens, (await server.ReadAsync(Ben)).Count);
            await server.ReadAsync(Zoe);
        }

        Assert.True(breaks > 12, $"{breaks}");
        await Erasing.EraseAsync(server.Host.Services, Zoe, Cancel);
        Assert.Empty(await Erasing.FindAsync(server.Host.Services, [Mark], Cancel));
        await OthersHaveTheirsAsync(server, planted);
    }

    [Fact(Timeout = 60_000)]
    public async Task Whoever_is_erased_while_a_message_goes_to_many_gets_nothing_and_each_of_the_others_gets_it()
    {
        foreach (var (place, isBefore) in ((int, bool)[])[(3, true), (3, false), (55, true), (55, false)]) // among the first, who have it at once, and among those who get it later
        {
            var plan = new FaultPlan();
            await using var server = await StartAsync(sharing => sharing.Services.AddKeyedSingleton<IRecordStore>("driver", new FaultyRecordStore(new MemoryRecordStore(), plan)));
            var many = await ManyAsync(server, place);
            var sent = await server.Messages.SendAsync(Ben, new() { To = many, Resource = Film, Text = "to all" }, cancellationToken: Cancel);
            if (isBefore)
            {
                await Erasing.EraseAsync(server.Host.Services, Zoe, Cancel);
            }
            else
            {
                plan.Add("records.commit", Fault.After(() => Erasing.EraseAsync(server.Host.Services, Zoe, Cancel)), nth: 2); // after the claim, before the rest is written
            }

            await server.WorkAsync();
            Assert.Empty(plan.Unspent);
            Assert.Empty(await Erasing.FindAsync(server.Host.Services, [Mark], Cancel));
            Assert.Equal(many.Length - 1, (await server.Messages.FindAsync(Ben, sent.Id, Cancel))!.To.Count(static one => one.State == DeliveryState.Delivered));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task What_she_sent_to_many_is_nobodys_also_for_those_whom_it_had_not_reached()
    {
        await using var server = await StartAsync();
        var many = await ManyAsync(server, 3);
        await server.Messages.SendAsync(Zoe, new() { To = many, Resource = Film, Text = Mark }, cancellationToken: Cancel);
        await Erasing.EraseAsync(server.Host.Services, Zoe, Cancel);
        await server.WorkAsync();
        Assert.Empty(await Erasing.FindAsync(server.Host.Services, [Mark], Cancel));
        Assert.Equal(PersonalRecords.Nobody, Assert.Single(await server.ReadAsync(PersonId.Parse("p0"))).From);
        Assert.Empty(await server.ReadAsync(PersonId.Parse("p58")));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_hosts_have_in_memory_of_inboxes_is_forgotten_and_her_own_stream_ends()
    {
        var records = new MemoryRecordStore();
        void Use(SharingBuilder sharing) => sharing.Services.AddKeyedSingleton<IRecordStore>("driver", records);
        await using var here = await StartAsync(Use);
        await using var there = await StartAsync(Use);
        await here.Host.Get<PeopleStore>().SaveAsync(new() { Id = Zoe, Name = "Zoe" }, Cancel);
        await using var his = await LinesAsync(there);
        await using var hers = here.Inbox.WatchAsync(Zoe, new() { After = 0 }, Cancel).GetAsyncEnumerator(Cancel);
        using var own = (await here.Host.Get<IInboxFeed>().FollowAsync(Zoe, new() { After = 0 }, Cancel)).Follower;
        var (first, output) = (hers.MoveNextAsync().AsTask(), new Pipe());
        var writing = own.WriteAsync(0, output.Writer, Cancel);
        await there.Host.Get<IMessages>().SendAsync(Zoe, new() { To = ["ben", Zoe.Value], Resource = Film, Text = Mark }, cancellationToken: Cancel);
        Assert.Contains(Mark, await his.DataAsync(), StringComparison.Ordinal);
        here.Clock.Advance(TimeSpan.FromSeconds(15)); // a beat, by which it hears of what came at the other
        Assert.True(await first);

        await Erasing.EraseAsync(here.Host.Services, Zoe, Cancel);
        await writing; // it has ended by itself
        Assert.True(own.IsOver);
        await using var again = await LinesAsync(there); // the other host had it in memory
        var told = await again.DataAsync();
        Assert.DoesNotContain(Mark, told, StringComparison.Ordinal);
        Assert.Contains("(erased)", told, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Pages_show_that_somebody_sent_something_who_was_erased()
    {
        var records = new MemoryRecordStore();
        void Use(SharingBuilder sharing) => sharing.Services.AddKeyedSingleton<IRecordStore>("driver", records);
        await using var server = await StartAsync(Use);
        await server.Host.Get<PeopleStore>().SaveAsync(new() { Id = Zoe, Name = "Zoe" }, Cancel);
        var sent = await server.Messages.SendAsync(Zoe, new() { To = ["ben"], Upload = await server.UploadAsync(Zoe, Picture, "picture-q7x9.png", "image/png"), Text = Mark }, cancellationToken: Cancel);
        await Erasing.EraseAsync(server.Host.Services, Zoe, Cancel);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(server.Clock).AddSharing(sharing => Use(sharing.AddMessages().AddPages().WithBackgroundWork(false)));
        await using var pages = builder.Build();
        pages.Use(static (context, next) =>
        {
            context.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, Ben.Value)], "test"));
            return next(context);
        });
        pages.MapSharing(roles: SharingRoles.Messages);
        pages.MapSharingPages();
        await pages.StartAsync(Cancel);
        foreach (var path in (string[])["inbox", $"inbox/{sent.Id}"])
        {
            var page = await server.Host.Http.GetStringAsync(new Uri($"{pages.Urls.First()}/{path}"), Cancel);
            Assert.Contains("(erased)", page, StringComparison.Ordinal);
            Assert.DoesNotContain(Mark, page, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await server.Host.Http.GetAsync(new Uri($"{pages.Urls.First()}/inbox/{sent.Id}/file"), Cancel)).StatusCode);
    }

    [Fact(Timeout = 60_000)]
    public async Task Of_somebody_who_was_never_there_nothing_is_given_out_and_nothing_is_erased()
    {
        await using var server = await StartAsync();
        await server.Messages.SendAsync(Ben, new() { To = ["carl"], Resource = Film }, cancellationToken: Cancel);
        Assert.DoesNotContain(await Erasing.ExportAsync(server.Host.Services, Mallory, Cancel), static file => file.Key.StartsWith("messages/", StringComparison.Ordinal));
        await Erasing.EraseAsync(server.Host.Services, Mallory, Cancel);
        Assert.Single(await server.ReadAsync(Carl));
    }

    /// <summary>Follows Ben's inbox from its beginning, as his terminals do.</summary>
    static async Task<Lines> LinesAsync(MessageServer server)
    {
        var (follower, after) = await server.Host.Get<IInboxFeed>().FollowAsync(Ben, new() { After = 0 }, Cancel);
        var (output, stop) = (new Pipe(), CancellationTokenSource.CreateLinkedTokenSource(Cancel));
        return new(follower, follower.WriteAsync(after, output.Writer, stop.Token), new(output.Reader.AsStream()), stop);
    }

    /// <summary>Does all that leaves something of Zoe's, or of her, in the records.</summary>
    static async Task<Planted> PlantAsync(MessageServer server)
    {
        var (shelf, messages) = (server.Shelf, server.Messages);
        await messages.SendAsync(Ben, new() { To = [Zoe.Value, "carl"], Resource = Film, Text = "too early" }, cancellationToken: Cancel); // nobody knows her yet
        await server.Host.Get<PeopleStore>().SaveAsync(new() { Id = Zoe, Name = "Zoe q7x9" }, Cancel);
        await shelf.AddAsync(new() { Key = "1", Title = "Blue Train", Kind = "music", Tags = ["jazz"] }, new MemoryStream([7]), Cancel);
        await server.WorkAsync();
        var item = (await server.Catalog.ListAsync(Zoe, new(), Cancel)).Items.Single().Id;
        for (var i = 0; i < 3; i++)
        {
            await server.Catalog.RequestAsync(Zoe, item, Cancel);
        }

        await shelf.AddAsync(new() { Key = "2", Title = "Green Train", Kind = "music", Tags = ["jazz"] }, new MemoryStream([8]), Cancel);
        await server.WorkAsync(); // is chosen for her

        await BindAsync(server, Zoe, "ours", "confirmed-q7x9");
        await server.Host.Get<IBearers>().BindAsync(Zoe, "ours", "pending-q7x9", Cancel);
        await BindAsync(server, Zoe, "also", "the same");
        await BindAsync(server, Ben, "also", "the same"); // a number that is another's now
        await BindAsync(server, Ben, "ours", "ben-waits-at");

        var picture = await messages.SendAsync(
            Zoe, new() { To = ["ben", "carl", "zoe-q7x9"], Upload = await server.UploadAsync(Zoe, Picture, "picture-q7x9.bin", "application/x-q7x9"), Text = "words-q7x9" }, "key-q7x9", Cancel);
        var holiday = await messages.SendAsync(Zoe, new() { To = ["ben"], Upload = await server.UploadAsync(Zoe, Shared, "holiday.bin") }, cancellationToken: Cancel);
        await messages.SendAsync(Zoe, new() { To = ["ben"], Resource = new() { Name = "page-q7x9", Addresses = [new("https://q7x9.example/page")] } }, cancellationToken: Cancel);
        await messages.SendAsync(Zoe, new() { To = ["zoe-q7x9", "ghost-q7x9"], Resource = Film, Text = "alone-q7x9" }, cancellationToken: Cancel);
        await messages.SendAsync(Zoe, new() { To = ["ben"], Item = item, Text = "item-q7x9" }, cancellationToken: Cancel);
        var bens = await messages.SendAsync(Ben, new() { To = ["carl", "zoe-q7x9"], Upload = await server.UploadAsync(Ben, Bens, "ben.bin"), Text = "from ben" }, "bens own", Cancel);
        await messages.SendAsync(Zoe, new() { To = ["carl"], Forward = bens.Id, Text = "on-q7x9" }, cancellationToken: Cancel);
        await messages.SendAsync(Ben, new() { To = ["carl"], Forward = holiday.Id, Text = "ben sends on" }, cancellationToken: Cancel);
        await server.UploadAsync(Zoe, Unsent, "unsent-q7x9.bin", "image/x-q7x9");
        await server.UploadAsync(Ben, [1, 2, 3], "bens-unsent.bin");
        await server.Inbox.AcknowledgeAsync(Zoe, "phone-q7x9", 2, Cancel);
        await server.Inbox.AcknowledgeAsync(Ben, "bens phone", 1, Cancel);
        await server.Tastes.NoteAsync(Ben, new() { Use = TasteUse.Bought, Item = item }, Cancel);
        return new(picture.Id, bens.Id, (await server.ReadAsync(Ben)).Count, (await server.ReadAsync(Carl)).Count);
    }

    static async Task OthersHaveTheirsAsync(MessageServer server, Planted planted)
    {
        var (his, carls) = (await server.ReadAsync(Ben), await server.ReadAsync(Carl));
        Assert.Equal((planted.InBens, planted.InCarls), (his.Count, carls.Count));
        var erased = his.Single(one => one.Id == planted.Picture);
        Assert.Equal((PersonalRecords.Nobody, null, "(erased)", false), (erased.From, erased.Text, erased.Resource.Name, erased.Resource.IsHeld));
        Assert.Null(erased.Resource.Content);
        Assert.Null(await server.BytesAsync(Ben, planted.Picture));
        Assert.Equal(Bens, await server.BytesAsync(Carl, planted.Bens));
        Assert.Equal(Shared, await server.BytesAsync(Carl, carls.Single(static one => one.Text == "ben sends on").Id));
        Assert.Contains(carls, static one => one.Text == "too early");
        Assert.Equal([new("carl", DeliveryState.Delivered), new Delivery("(erased)", DeliveryState.Unknown)], (await server.Messages.FindAsync(Ben, planted.Bens, Cancel))!.To);
        Assert.Equal([new("also", "the same", true), new BearerBinding("ours", "ben-waits-at", true)], await server.Host.Get<IBearers>().ListAsync(Ben, Cancel));
        Assert.Equal(Ben, await server.Host.Get<BearerBook>().OwnerAsync("also", "the same", Cancel));
        Assert.NotEmpty((await server.Tastes.FindAsync(Ben, Cancel)).Interests);
        Assert.NotEmpty((await server.Inbox.ReadAsync(Ben, new() { Device = "bens phone" }, Cancel)).Messages);
        Assert.Equal(Bens.Length + Shared.Length + 3, await server.Host.Get<SpaceLedger>().UsedAsync(Ben, Cancel));
        Assert.Single(await server.Host.Get<MessageUploads>().ListAsync(Ben, Cancel).ToListAsync(Cancel));
    }

    /// <summary>60 people, among whom she is the one at a place.</summary>
    static async Task<string[]> ManyAsync(MessageServer server, int place)
    {
        string[] many = [.. Enumerable.Range(0, 59).Select(static i => $"p{i}")];
        many = [.. many[..place], Zoe.Value, .. many[place..]];
        foreach (var one in many)
        {
            await server.Host.Get<PeopleStore>().SaveAsync(new() { Id = PersonId.Parse(one), Name = one }, Cancel);
        }

        return many;
    }

    static async Task BindAsync(MessageServer server, PersonId who, string bearer, string address)
    {
        await server.Host.Get<IBearers>().BindAsync(who, bearer, address, Cancel);
        Assert.True(await server.Host.Get<IBearers>().ConfirmAsync(who, bearer, server.Host.Services.GetServices<INetworkBearer>().OfType<Noted>().Single(one => one.Name == bearer).Code, Cancel));
    }

    static Task<MessageServer> StartAsync(Action<SharingBuilder>? more = null) => MessageServer.StartAsync(sharing =>
    {
        sharing.AddBearer<Ours>().AddBearer<Also>().Services.AddSingleton<Parts>();
        more?.Invoke(sharing);
    });

    sealed class Lines(PushFollower follower, Task writing, StreamReader reader, CancellationTokenSource stop) : IAsyncDisposable
    {
        /// <summary>The next event's data.</summary>
        public async Task<string> DataAsync()
        {
            while (true)
            {
                if (await reader.ReadLineAsync(Cancel) is { } line && line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await writing;
            stop.Dispose();
            follower.Dispose();
            reader.Dispose();
        }
    }

    sealed record Planted(MessageId Picture, MessageId Bens, int InBens, int InCarls);

    /// <summary>The parts, by name.</summary>
    sealed class Parts(IEnumerable<IPersonalData> parts)
    {
        public IPersonalData People => parts.Single(static part => part.Name == "people");

        public IPersonalData Messages => parts.Single(static part => part.Name == "messages");
    }

    /// <summary>Brings nothing anywhere, and knows the last code.</summary>
    abstract class Noted(string name) : INetworkBearer
    {
        public string Name => name;

        public string Code { get; private set; } = "";

        public string? AddressOf(string typed) => typed;

        public Task<bool> BringAsync(string address, BearerWords words, CancellationToken cancellationToken = default)
        {
            Code = words.Code ?? Code;
            return Task.FromResult(true);
        }
    }

    sealed class Ours() : Noted("ours");

    sealed class Also() : Noted("also");
}
