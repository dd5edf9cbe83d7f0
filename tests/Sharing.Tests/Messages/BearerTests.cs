using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sharing.Core;
using Sharing.Messaging;
using static Sharing.Tests.Messages.MessageServer;

namespace Sharing.Tests.Messages;

/// <summary>A network id binds a person to addresses: there he is woken, and from there he asks.</summary>
[Trait("Row", "M3")]
public sealed class BearerTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Timeout = 60_000)]
    [InlineData("ip", "127.0.0.1")]
    [InlineData("ip", "::1")]
    [InlineData("sms", "127.0.0.1")]
    public async Task An_address_is_confirmed_by_a_code_and_whoever_is_not_there_is_woken_at_it_once_for_all_that_waits(string bearer, string host)
    {
        await using var other = await Listener.StartAsync(IPAddress.Parse(host));
        await using var server = await StartAsync(
            sharing => sharing.AddSms(new(other.Address, "sms"), "secret").WithFetching(static fetching => fetching.Configured.Add("[::1]")), static options => options.PublicAddress = new("https://share.example/"));
        var bearers = server.Host.Get<IBearers>();
        var typed = bearer == "sms" ? "+49 (170) 123-4567" : new Uri(other.Address, "wake").ToString();
        await bearers.BindAsync(Ben, bearer, typed, Cancel);
        var code = other.LastCode();
        Assert.False(await bearers.ConfirmAsync(Ben, bearer, code == "00000000" ? "1" : "00000000", Cancel));
        Assert.False((await bearers.ListAsync(Ben, Cancel)).Single().IsConfirmed);
        await SendAsync(server);
        await WakeAsync(server);
        Assert.Single(other.Bodies); // not before he has shown that it is his
        Assert.True(await bearers.ConfirmAsync(Ben, bearer, code, Cancel));
        Assert.False(await bearers.ConfirmAsync(Ben, bearer, code, Cancel)); // once
        Assert.Equal(bearer == "sms" ? "+491701234567" : typed, (await bearers.ListAsync(Ben, Cancel)).Single().Address);

        await SendAsync(server);
        server.Clock.Advance(TimeSpan.FromSeconds(20));
        await SendAsync(server); // does not put it off
        server.Clock.Advance(TimeSpan.FromSeconds(10));
        while (await server.Host.Get<BearerBook>().RunOnceAsync(Cancel))
        {
        }

        Assert.Equal(2, other.Bodies.Count);
        Assert.Contains("3 new: https://share.example/", other.Bodies[^1], StringComparison.Ordinal);
        Assert.Equal(bearer == "sms" ? "Bearer secret" : "", other.LastAuthorization);
        await server.Inbox.AcknowledgeAsync(Ben, "phone", 3, Cancel);
        await SendAsync(server);
        await server.Inbox.AcknowledgeAsync(Ben, "phone", 4, Cancel); // he took it by himself
        await WakeAsync(server);
        Assert.Equal(2, other.Bodies.Count);
        Assert.True(await bearers.RemoveAsync(Ben, bearer, Cancel));
        await SendAsync(server);
        await WakeAsync(server);
        Assert.Equal(2, other.Bodies.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Where_one_bearer_fails_another_wakes_once_and_where_all_fail_it_is_tried_again()
    {
        await using var phone = await Listener.StartAsync(IPAddress.Loopback);
        await using var gateway = await Listener.StartAsync(IPAddress.Loopback);
        await using var server = await StartAsync(sharing => sharing.AddSms(gateway.Address));
        var bearers = server.Host.Get<IBearers>();
        await bearers.BindAsync(Ben, "ip", new Uri(phone.Address, "wake").ToString(), Cancel);
        Assert.True(await bearers.ConfirmAsync(Ben, "ip", phone.LastCode(), Cancel));
        await bearers.BindAsync(Ben, "sms", "+491701234567", Cancel);
        Assert.True(await bearers.ConfirmAsync(Ben, "sms", gateway.LastCode(), Cancel));
        await phone.DisposeAsync(); // and nobody is there any more
        await SendAsync(server);
        await WakeAsync(server);
        Assert.Equal(2, gateway.Bodies.Count);
        server.Clock.Advance(TimeSpan.FromMinutes(5));
        await WakeAsync(server);
        Assert.Equal(2, gateway.Bodies.Count); // not once more because of the other
        await bearers.RemoveAsync(Ben, "sms", Cancel);
        await SendAsync(server);
        await WakeAsync(server);
        Assert.NotNull(await server.Host.Get<BearerBook>().Queue.NextDueAsync(Cancel));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_asked_for_by_a_short_message_comes_into_the_inbox_of_whose_number_it_is()
    {
        await using var gateway = await Listener.StartAsync(IPAddress.Loopback);
        await using var server = await StartAsync(sharing => sharing.AddSms(gateway.Address));
        await server.Shelf.AddAsync(new() { Key = "a", Title = "Blue Train", Kind = "music" }, new MemoryStream([1]), Cancel);
        await server.Host.Get<IBearers>().BindAsync(Ben, "sms", "+491701234567", Cancel);
        await server.Host.Get<IBearers>().ConfirmAsync(Ben, "sms", gateway.LastCode(), Cancel);
        Assert.Equal(HttpStatusCode.NoContent, await InboundAsync("0170 is no number"));
        Assert.Equal(HttpStatusCode.NoContent, await InboundAsync("+491700000000")); // nobody's
        Assert.Empty(await server.ReadAsync(Ben));
        Assert.Equal(HttpStatusCode.NoContent, await InboundAsync("+49 170 1234567"));
        Assert.Equal("Blue Train", Assert.Single(await server.ReadAsync(Ben)).Resource.Name);

        async Task<HttpStatusCode> InboundAsync(string from)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Host.Address, "v1/bearers/sms/inbound")) { Content = JsonContent.Create(new BearerInbound(from, "blue train"), MessagingJson.Default.BearerInbound) };
            request.Headers.Authorization = new("Bearer", "host");
            using var response = await server.Host.Http.SendAsync(request, Cancel);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Codes_are_few_expire_and_are_not_guessed_and_nothing_but_addresses_is_bound()
    {
        await using var other = await Listener.StartAsync(IPAddress.Loopback);
        await using var server = await StartAsync();
        var bearers = server.Host.Get<IBearers>();
        var address = new Uri(other.Address, "wake").ToString();
        foreach (var typed in (string[])["wake", "file:///etc/passwd", "http://name.example/", "http://user:x@127.0.0.1/"])
        {
            Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => bearers.BindAsync(Ben, "ip", typed, Cancel))).Code);
        }

        Assert.Equal(ProblemCodes.InvalidInput, (await Assert.ThrowsAsync<SharingException>(() => bearers.BindAsync(Ben, "pigeon", address, Cancel))).Code);
        await bearers.BindAsync(Ben, "ip", address, Cancel);
        for (var i = 0; i < 5; i++)
        {
            Assert.False(await bearers.ConfirmAsync(Ben, "ip", "x", Cancel));
        }

        Assert.False(await bearers.ConfirmAsync(Ben, "ip", other.LastCode(), Cancel)); // guessed too often
        await bearers.BindAsync(Ben, "ip", address, Cancel);
        server.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.False(await bearers.ConfirmAsync(Ben, "ip", other.LastCode(), Cancel)); // too late
        await bearers.BindAsync(Ben, "ip", address, Cancel);
        Assert.Equal(ProblemCodes.LimitReached, (await Assert.ThrowsAsync<SharingException>(() => bearers.BindAsync(Ben, "ip", address, Cancel))).Code);
        Assert.True(await bearers.ConfirmAsync(Ben, "ip", other.LastCode(), Cancel));
    }

    static Task SendAsync(MessageServer server) => server.Messages.SendAsync(Anna, new() { To = ["ben"], Resource = Film }, cancellationToken: Cancel);

    static async Task WakeAsync(MessageServer server)
    {
        server.Clock.Advance(TimeSpan.FromSeconds(30));
        while (await server.Host.Get<BearerBook>().RunOnceAsync(Cancel))
        {
        }
    }

    /// <summary>A terminal that can be woken, or a gateway for short messages: takes whatever is posted to it.</summary>
    sealed class Listener : IAsyncDisposable
    {
        readonly WebApplication _app;

        Listener(WebApplication app) => _app = app;

        public Uri Address => new(_app.Urls.First() + "/");

        public List<string> Bodies { get; } = [];

        public string LastAuthorization { get; private set; } = "";

        public static async Task<Listener> StartAsync(IPAddress at)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(at, 0));
            var listener = new Listener(builder.Build());
            listener._app.MapPost("/{**path}", async (HttpContext context) =>
            {
                using var reader = new StreamReader(context.Request.Body);
                listener.Bodies.Add(await reader.ReadToEndAsync());
                listener.LastAuthorization = context.Request.Headers.Authorization.ToString();
            });
            await listener._app.StartAsync();
            return listener;
        }

        public string LastCode() => System.Text.RegularExpressions.Regex.Match(Bodies[^1], @"\b[0-9]{8}\b").Value;

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
