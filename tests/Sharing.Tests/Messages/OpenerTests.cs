using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Messaging;
using Sharing.Tests.Hosting;
using static Sharing.Tests.Messages.MessageServer;

namespace Sharing.Tests.Messages;

/// <summary>A terminal receives something, and opens it, whatever it lacks.</summary>
public sealed class OpenerTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("sharing-test-").FullName;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = 60_000)]
    [Trait("Row", "M7")]
    public async Task What_a_terminal_has_no_handler_for_it_opens_with_one_that_it_fetches_first_and_nobody_is_asked_for_the_servers_own()
    {
        await using var server = await StartAsync();
        await using var terminal = Terminal(server);
        var sent = await server.Messages.SendAsync(Anna, new() { To = ["ben"], Upload = await server.UploadAsync(Anna, [.. TestHandlers.Chart, .. "up and up"u8], "sales.chart", "application/x-chart") }, cancellationToken: Cancel);
        var message = Assert.Single(await server.ReadAsync(Ben));
        Assert.Equal(sent.Id, message.Id);
        var unknown = await Assert.ThrowsAsync<SharingException>(() => OpenAsync(terminal, message));
        Assert.Equal(ProblemCodes.UnsupportedMediaType, unknown.Code);

        var source = Directory.CreateDirectory(Path.Combine(_folder, "source")).FullName;
        await File.WriteAllTextAsync(Path.Combine(source, "open.sh"), "tail -c +8 input > output\n", Cancel);
        await server.Host.Get<HandlerShelf>().PackAsync(TestHandlers.Manifest, source, Cancel);
        Assert.Equal(("org.example.chart", "text/plain", "up and up"), await OpenAsync(terminal, message));
        Assert.Equal(("org.example.chart", "text/plain", "up and up"), await OpenAsync(terminal, message)); // from here on it is here
        Assert.Single(await terminal.GetRequiredService<HandlerStore>().ListAsync(Cancel));
    }

    [Fact(Timeout = 60_000)]
    [Trait("Row", "M7")]
    public async Task Whoever_else_signed_a_handler_is_asked_for_and_no_is_no()
    {
        await using var server = await StartAsync();
        await using var terminal = Terminal(server);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await server.Host.Get<HandlerShelf>().AddAsync(new MemoryStream(await TestHandlers.PackAsync(key)), Cancel);
        await server.Messages.SendAsync(Anna, new() { To = ["ben"], Upload = await server.UploadAsync(Anna, [.. TestHandlers.Chart, .. "x"u8], "a.chart") }, cancellationToken: Cancel);
        var message = Assert.Single(await server.ReadAsync(Ben));
        Assert.Equal(HandlerFault.NotTrusted, (await Assert.ThrowsAsync<HandlerRefusedException>(() => OpenAsync(terminal, message))).Fault);
        Assert.Equal(HandlerFault.NotTrusted, (await Assert.ThrowsAsync<HandlerRefusedException>(() => OpenAsync(terminal, message, static _ => ValueTask.FromResult(false)))).Fault);
        Assert.Equal("x", (await OpenAsync(terminal, message, static _ => ValueTask.FromResult(true))).Text);
        Assert.Equal("x", (await OpenAsync(terminal, message)).Text); // asked once
    }

    [Fact(Timeout = 60_000)]
    [Trait("Row", "M6")]
    public async Task Each_kind_goes_to_its_handler_by_its_bytes_and_a_page_is_never_shown_as_a_picture()
    {
        await using var server = await StartAsync();
        await using var terminal = Terminal(server);
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var file = await archive.CreateEntry("a/b.txt").OpenAsync(Cancel);
            await file.WriteAsync("hello"u8.ToArray(), Cancel);
        }

        async Task<(string, string, string)> SendAsync(byte[] bytes, string name, string type)
        {
            var sent = await server.Messages.SendAsync(Anna, new() { To = ["ben"], Upload = await server.UploadAsync(Anna, bytes, name, type) }, cancellationToken: Cancel);
            return await OpenAsync(terminal, (await server.Inbox.FindAsync(Ben, sent.Id, Cancel))!);
        }

        Assert.Equal(("sharing.plain", "text/plain; charset=utf-8", "# Hello"), await SendAsync("# Hello"u8.ToArray(), "a.md", "text/markdown"));
        Assert.Equal(("sharing.plain", "image/gif"), await SendAsync("GIF89a..."u8.ToArray(), "a.html", "text/html") is var (handler, type, _) ? (handler, type) : default);
        Assert.Equal(("sharing.archive", "text/plain; charset=utf-8", "             5  a/b.txt\n"), await SendAsync(zip.ToArray(), "a.zip", "application/zip"));
        Assert.Equal(ProblemCodes.UnsupportedMediaType, (await Assert.ThrowsAsync<SharingException>(() => SendAsync("<html><script>alert(1)</script>"u8.ToArray(), "a.png", "image/png"))).Code);
    }

    /// <summary>A terminal of Ben's, with an inbox at that server.</summary>
    ServiceProvider Terminal(MessageServer server) => new ServiceCollection().AddLogging().AddSharing(sharing => sharing
        .WithFetching(static fetching => fetching.Configured.Add("127.0.0.1"))
        .UseMessages(server.Host.Address, static (person, _) => ValueTask.FromResult(person is { } one ? SharingHost.TokenOf(one) : null), Path.Combine(_folder, "handlers"))).AddSingleton<TimeProvider>(server.Clock).BuildServiceProvider();

    static async Task<(string Handler, string Type, string Text)> OpenAsync(IServiceProvider terminal, Message message, Func<HandlerOffer, ValueTask<bool>>? consent = null)
    {
        await using var content = await terminal.GetRequiredService<MessageGetter>().GetAsync(Ben, message, cancellationToken: Cancel);
        using var output = new MemoryStream();
        var opened = await terminal.GetRequiredService<ResourceOpener>().OpenAsync(message.Resource.Name, message.Resource.MediaType, content, output, consent, Cancel);
        return (opened.Handler, opened.MediaType, Encoding.UTF8.GetString(output.ToArray()));
    }
}
