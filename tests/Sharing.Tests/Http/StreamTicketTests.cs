using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sharing.AspNetCore;
using Sharing.Offline;
using Sharing.Testing;

namespace Sharing.Tests.Http;

/// <summary>A browser's EventSource sends no token: a ticket opens one stream for one person, for a minute.</summary>
public sealed class StreamTicketTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task A_ticket_opens_the_stream_that_it_was_made_for_and_nothing_else()
    {
        var friend = Audience.Of(ServerUnderTest.IdOf(Actor.Friend));
        var post = await server.ShareAsync(friend);
        var path = $"/v1/posts/{post.Id}/events";
        var ticket = await TicketAsync(Actor.Friend, path);

        Assert.Equal((200, "event: state"), await OpenAsync(path, ticket));
        Assert.Equal(401, (await OpenAsync(path, null)).Status);
        Assert.Equal(401, (await OpenAsync(path, ticket[..^2] + "AA")).Status);
        Assert.Equal(401, (await OpenAsync($"/v1/posts/{post.Id}", ticket)).Status);
        Assert.Equal(401, (await OpenAsync($"/v1/posts/{(await server.ShareAsync(friend)).Id}/events", ticket)).Status);
        Assert.Equal(401, (await OpenAsync(path, await TicketAsync(Actor.Stranger, path))).Status); // a ticket opens what its person may see
    }

    [Fact]
    public void A_ticket_is_good_for_a_minute()
    {
        var time = new FakeTimeProvider();
        using var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(time).AddOptions()
            .AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider()).BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services, Request = { Path = "/v1/x" } };
        var ticket = StreamTickets.Make(context, PersonId.Parse("anna"), "/v1/x", time.GetUtcNow());
        context.Request.QueryString = QueryString.Create("ticket", ticket.Ticket);

        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(PersonId.Parse("anna"), context.Watcher());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(context.Watcher());
        Assert.Equal(ticket.ExpiresAt, time.GetUtcNow());
    }

    async Task<string> TicketAsync(Actor actor, string path)
    {
        var answer = await Curl.RunAsync(
            JsonSerializer.SerializeToUtf8Bytes(new StreamTicketRequest(path), WireJson.Default.StreamTicketRequest),
            "-H", "Content-Type: application/json", "-H", $"Authorization: Bearer {server.TokenOf(actor)}", server.Address + "v1/stream-tickets");
        Assert.Equal(201, answer.Status);
        return JsonDocument.Parse(answer.Body).RootElement.GetProperty("ticket").GetString()!;
    }

    /// <summary>Opens a path: the answer's status and its first line. The stream goes on as long as the post is there.</summary>
    async Task<(int Status, string? Line)> OpenAsync(string path, string? ticket)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(
            new Uri(server.Address, path + (ticket is null ? "" : "?ticket=" + Uri.EscapeDataString(ticket))), HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        return ((int)answer.StatusCode, await reader.ReadLineAsync());
    }
}
