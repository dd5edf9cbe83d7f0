using Sharing.Core;
using Sharing.Messaging;
using static Sharing.Tests.Messages.MessageServer;

namespace Sharing.Tests.Messages;

/// <summary>Sending and receiving, over HTTP.</summary>
public sealed class MessageTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Row", "M4")]
    public async Task A_message_goes_to_one_or_many_friends_or_not_and_each_receiver_is_told_of_apart()
    {
        await using var server = await StartAsync();
        await server.Host.Get<IRelationships>().BlockAsync(Carl, Anna, true, Cancel);
        var sent = await server.Messages.SendAsync(Anna, new() { To = ["ben", "carl", "nobody", "ben"], Resource = Film, Text = "Look!" }, cancellationToken: Cancel);
        Assert.Equal([new("ben", DeliveryState.Delivered), new("carl", DeliveryState.Refused), new Delivery("nobody", DeliveryState.Unknown)], sent.To);
        var message = Assert.Single(await server.ReadAsync(Ben));
        Assert.Equal((1, MessageKind.Shared, Anna, "Look!", "film.mkv"), (message.Number, message.Kind, message.From, message.Text, message.Resource.Name));
        Assert.Equal(Film.Addresses, message.Resource.Addresses);
        Assert.False(message.Resource.IsHeld);
        Assert.Empty(await server.ReadAsync(Carl));
    }

    [Fact]
    [Trait("Row", "M4")]
    public async Task What_is_uploaded_is_sent_as_it_is_and_only_receivers_and_sender_get_it()
    {
        await using var server = await StartAsync();
        byte[] song = [.. "ID3"u8, .. new byte[100_000]];
        var upload = await server.UploadAsync(Anna, song, "song.mp3", "audio/mpeg");
        await Assert.ThrowsAsync<SharingException>(() => server.Messages.SendAsync(Ben, new() { To = ["carl"], Upload = upload }, cancellationToken: Cancel)); // not his
        var sent = await server.Messages.SendAsync(Anna, new() { To = ["ben"], Upload = upload }, cancellationToken: Cancel);
        Assert.Equal(("song.mp3", "audio/mpeg", song.LongLength, true), (sent.Resource.Name, sent.Resource.MediaType, sent.Resource.Length, sent.Resource.IsHeld));
        Assert.Equal(song, await server.BytesAsync(Ben, sent.Id));
        Assert.Equal(song, await server.BytesAsync(Anna, sent.Id));
        Assert.Null(await server.BytesAsync(Carl, sent.Id));
        var again = await Assert.ThrowsAsync<SharingException>(() => server.Messages.SendAsync(Anna, new() { To = ["carl"], Upload = upload }, cancellationToken: Cancel));
        Assert.Equal(ProblemCodes.NotFound, again.Code); // it is the message's now
    }

    [Fact]
    [Trait("Row", "M5")]
    public async Task Whatever_was_received_can_be_forwarded_and_what_was_not_cannot()
    {
        await using var server = await StartAsync();
        var sent = await server.Messages.SendAsync(Anna, new() { To = ["ben"], Upload = await server.UploadAsync(Anna, [1, 2, 3], "a.bin") }, cancellationToken: Cancel);
        var refused = await Assert.ThrowsAsync<SharingException>(() => server.Messages.SendAsync(Carl, new() { To = ["carl"], Forward = sent.Id }, cancellationToken: Cancel));
        Assert.Equal(ProblemCodes.NotFound, refused.Code);
        await server.Messages.SendAsync(Ben, new() { To = ["carl"], Forward = sent.Id }, cancellationToken: Cancel);
        var message = Assert.Single(await server.ReadAsync(Carl));
        Assert.Equal((MessageKind.Forwarded, Ben), (message.Kind, message.From));
        Assert.Equal([1, 2, 3], await server.BytesAsync(Carl, message.Id));
    }

    [Fact]
    [Trait("Row", "M9")]
    public async Task A_terminal_that_was_off_gets_what_it_missed_once_and_in_order_each_terminal_from_where_it_was()
    {
        await using var server = await StartAsync();
        for (var i = 1; i <= 5; i++)
        {
            server.Clock.Advance(TimeSpan.FromSeconds(1));
            await server.Messages.SendAsync(Anna, new() { To = ["ben"], Resource = Film, Text = $"{i}" }, cancellationToken: Cancel);
        }

        var page = await server.Inbox.ReadAsync(Ben, new() { Device = "phone", Count = 3 }, Cancel);
        Assert.Equal(["1", "2", "3"], page.Messages.Select(static message => message.Text));
        Assert.False(page.IsWhole);
        await server.Inbox.AcknowledgeAsync(Ben, "phone", page.Next, Cancel);
        await server.Inbox.AcknowledgeAsync(Ben, "phone", 1, Cancel); // never back
        Assert.Equal(["4", "5"], (await server.Inbox.ReadAsync(Ben, new() { Device = "phone" }, Cancel)).Messages.Select(static message => message.Text));
        Assert.Equal(5, (await server.Inbox.ReadAsync(Ben, new() { Device = "tablet" }, Cancel)).Messages.Count);
        var states = (await server.Messages.ListAsync(Anna, Cancel).ToListAsync(Cancel)).Select(static sent => sent.To.Single().State);
        Assert.Equal([DeliveryState.Delivered, DeliveryState.Delivered, DeliveryState.Received, DeliveryState.Received, DeliveryState.Received], states);
    }

    [Fact]
    public async Task A_thousand_receivers_all_get_it_once_also_if_the_host_ends_after_the_first_commit()
    {
        await using var server = await StartAsync();
        var people = server.Host.Get<PeopleStore>();
        string[] many = [.. Enumerable.Range(0, 1000).Select(static i => $"p{i}")];
        foreach (var id in many)
        {
            await people.SaveAsync(new() { Id = PersonId.Parse(id), Name = id }, Cancel);
        }

        var sent = await server.Messages.SendAsync(Anna, new() { To = many, Resource = Film }, cancellationToken: Cancel);
        Assert.Equal((50, 950), (sent.To.Count(static one => one.State == DeliveryState.Delivered), sent.To.Count(static one => one.State == DeliveryState.Accepted)));
        await server.WorkAsync(); // another host, or this one after a restart
        await server.WorkAsync();
        sent = (await server.Messages.FindAsync(Anna, sent.Id, Cancel))!;
        Assert.All(sent.To, static one => Assert.Equal(DeliveryState.Delivered, one.State));
        foreach (var id in many.Where(static (_, i) => i % 100 == 0))
        {
            Assert.Single(await server.ReadAsync(PersonId.Parse(id)));
        }

        var refused = await Assert.ThrowsAsync<SharingException>(() => server.Messages.SendAsync(Anna, new() { To = [.. many, "anna"], Resource = Film }, cancellationToken: Cancel));
        Assert.Equal(ProblemCodes.InvalidInput, refused.Code);
    }

    [Fact]
    public async Task Sent_again_by_the_same_key_it_is_sent_once_and_another_by_that_key_is_refused()
    {
        await using var server = await StartAsync();
        var draft = new MessageDraft { To = ["ben"], Resource = Film };
        var sent = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.Messages.SendAsync(Anna, draft, "order-1", Cancel)));
        Assert.Single(sent.Select(static one => one.Id).Distinct());
        Assert.Single(await server.ReadAsync(Ben));
        var refused = await Assert.ThrowsAsync<SharingException>(() => server.Messages.SendAsync(Anna, draft with { Text = "x" }, "order-1", Cancel));
        Assert.Equal(ProblemCodes.KeyReused, refused.Code);
    }

    [Fact]
    public async Task When_its_time_is_over_a_message_is_gone_and_its_bytes_and_room_with_it()
    {
        await using var server = await StartAsync();
        var sent = await server.Messages.SendAsync(Anna, new() { To = ["ben"], Upload = await server.UploadAsync(Anna, new byte[5000], "a.bin") }, "key", Cancel);
        var unsent = await server.UploadAsync(Anna, new byte[7000], "b.bin");
        var space = server.Host.Get<SpaceLedger>();
        Assert.Equal(12_000, await space.UsedAsync(Anna, Cancel));
        server.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Null(await server.Inbox.FindAsync(Ben, sent.Id, Cancel)); // at that moment
        Assert.Null(await server.BytesAsync(Ben, sent.Id));
        Assert.Null(await server.Messages.FindAsync(Anna, sent.Id, Cancel));
        await server.SweepAsync();
        Assert.Equal(0, await space.UsedAsync(Anna, Cancel));
        var left = await server.Host.Get<IRecordStore>().ScanAsync(RecordRange.Under("message-for"), Cancel).CountAsync(Cancel)
            + await server.Host.Get<IRecordStore>().ScanAsync(RecordRange.Under("message-key"), Cancel).CountAsync(Cancel)
            + await server.Host.Get<IRecordStore>().ScanAsync(RecordRange.Under("message-upload"), Cancel).CountAsync(Cancel)
            + await server.Host.Get<IRecordStore>().ScanAsync(RecordRange.Under("reference"), Cancel).CountAsync(Cancel)
            + await server.Host.Get<IRecordStore>().ScanAsync(RecordRange.Under("log"), Cancel).CountAsync(Cancel);
        Assert.Equal(0, left);
        await server.Messages.SendAsync(Anna, new() { To = ["ben"], Resource = Film }, cancellationToken: Cancel);
        var page = await server.Inbox.ReadAsync(Ben, new() { After = 0 }, Cancel);
        Assert.True(page.IsCut); // what came before cannot be told
        Assert.Equal(2, Assert.Single(page.Messages).Number);
        Assert.NotEmpty(unsent);
    }

    [Fact]
    [Trait("Row", "M3")]
    public async Task A_host_may_say_itself_whom_a_network_id_means()
    {
        await using var server = await StartAsync(static sharing => sharing.UseNetworkIds<Shouted>());
        var sent = await server.Messages.SendAsync(Anna, new() { To = ["BEN", "ben"], Resource = Film }, cancellationToken: Cancel);
        Assert.Equal([DeliveryState.Delivered, DeliveryState.Unknown], sent.To.Select(static one => one.State));
        Assert.Single(await server.ReadAsync(Ben));
    }

    [Fact]
    [Trait("Row", "M3")]
    public async Task Whom_somebody_knows_he_may_call_by_name_if_only_one_is_called_that()
    {
        await using var server = await StartAsync();
        var (relationships, people) = (server.Host.Get<IRelationships>(), server.Host.Get<PeopleStore>());
        foreach (var (id, name) in ((string, string)[])[("b7", "Bea Berg"), ("b8", "Max"), ("b9", "Max"), ("c1", "Cleo")])
        {
            await people.SaveAsync(new() { Id = PersonId.Parse(id), Name = name }, Cancel);
            if (name != "Cleo")
            {
                await relationships.FollowAsync(Anna, PersonId.Parse(id), true, Cancel);
            }
        }

        var sent = await server.Messages.SendAsync(Anna, new() { To = ["bea berg", "Max", "Cleo", "c1"], Resource = Film }, cancellationToken: Cancel);
        Assert.Equal([DeliveryState.Delivered, DeliveryState.Unknown, DeliveryState.Unknown, DeliveryState.Delivered], sent.To.Select(static one => one.State));
        Assert.Single(await server.ReadAsync(PersonId.Parse("b7")));
        Assert.Empty(await server.ReadAsync(PersonId.Parse("b8")));
    }

    /// <summary>The newest of an inbox, and what was before.</summary>
    [Fact]
    [Trait("Row", "M9")]
    public async Task An_inbox_is_read_from_its_end_backwards()
    {
        await using var server = await StartAsync();
        for (var i = 1; i <= 7; i++)
        {
            await server.Messages.SendAsync(Anna, new() { To = ["ben"], Resource = Film, Text = $"{i}" }, cancellationToken: Cancel);
        }

        async Task<string> PageAsync(long before) => string.Join(' ', (await server.Inbox.ReadAsync(Ben, new() { Before = before, Count = 3 }, Cancel)).Messages.Select(static message => message.Text));
        Assert.Equal(["5 6 7", "2 3 4", "1", ""], [await PageAsync(long.MaxValue), await PageAsync(5), await PageAsync(2), await PageAsync(1)]);
        Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => server.Inbox.ReadAsync(Ben, new() { Before = 0 }, Cancel))).Code);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("file:///etc/passwd")]
    [InlineData("intent://x")]
    [InlineData("http://user:secret@films.example/")]
    public async Task Nothing_but_web_addresses_is_sent(string address)
    {
        await using var server = await StartAsync();
        var refused = await Assert.ThrowsAsync<SharingException>(() => server.Messages.SendAsync(Anna, new() { To = ["ben"], Resource = Film with { Addresses = [new(address)] } }, cancellationToken: Cancel));
        Assert.Equal(ProblemCodes.InvalidInput, refused.Code);
    }

    /// <summary>Network ids are written in capitals.</summary>
    sealed class Shouted : INetworkIdResolver
    {
        public ValueTask<IReadOnlyDictionary<string, PersonId>> ResolveAsync(PersonId actor, IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default) =>
            new(ids.Where(static id => id.All(char.IsUpper)).ToDictionary(static id => id, static id => PersonId.Parse(id.ToLowerInvariant()), StringComparer.Ordinal));
    }
}
