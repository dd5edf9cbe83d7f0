using Microsoft.Extensions.DependencyInjection;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Messaging;
using Sharing.Testing;
using Sharing.Tests.Hosting;

namespace Sharing.Tests.Messages;

/// <summary>A message server with three people whom it knows, and Mallory, whom nobody knows. The clock stands still; background work is done when it is asked for.</summary>
sealed class MessageServer : IAsyncDisposable
{
    public static readonly PersonId Anna = PersonId.Parse("anna"), Ben = PersonId.Parse("ben"), Carl = PersonId.Parse("carl"), Mallory = PersonId.Parse("mallory");

    MessageServer(SharingHost host, FakeTimeProvider clock) => (Host, Clock) = (host, clock);

    public SharingHost Host { get; }

    public FakeTimeProvider Clock { get; }

    public CatalogBook Shelf => Host.Get<CatalogBook>();

    /// <summary>The services as a terminal has them, over HTTP.</summary>
    public HttpMessages Messages => new(Host.Connect());

    public HttpInbox Inbox => new(Host.Connect(), TimeProvider.System);

    public HttpCatalog Catalog => new(Host.Connect());

    public HttpTastes Tastes => new(Host.Connect());

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<MessageServer> StartAsync(Action<SharingBuilder>? more = null, Action<MessageOptions>? configure = null)
    {
        var clock = new FakeTimeProvider();
        var host = await SharingHost.StartAsync(
            sharing =>
            {
                sharing.AddMessages(configure).WithBackgroundWork(false);
                more?.Invoke(sharing);
            },
            services => services.AddSingleton<TimeProvider>(clock),
            SharingRoles.Messages);
        foreach (var person in (PersonId[])[Anna, Ben, Carl])
        {
            await host.Get<PeopleStore>().SaveAsync(new() { Id = person, Name = person.Value }, Cancel);
        }

        return new(host, clock);
    }

    /// <summary>A resource somewhere else.</summary>
    public static MessageResource Film => new() { Name = "film.mkv", MediaType = "video/x-matroska", Addresses = [new("https://films.example/film.mkv")] };

    /// <summary>Uploads over HTTP, as a client does.</summary>
    public async Task<string> UploadAsync(PersonId owner, byte[] bytes, string name, string? type = null)
    {
        var client = new UploadClient(Host.Http, TimeProvider.System, _ => ValueTask.FromResult<string?>(SharingHost.TokenOf(owner)));
        var metadata = UploadMetadata.Of(new Dictionary<string, string> { ["filename"] = name, ["filetype"] = type ?? "" }.Where(static one => one.Value.Length > 0));
        return (await client.UploadAsync(new Uri(Host.Address, "v1/uploads/messages"), UploadSource.Of(new MemoryStream(bytes)), new() { Attempts = 1, Metadata = metadata }, Cancel)).Result!;
    }

    public async Task<List<Message>> ReadAsync(PersonId who, long after = 0) => [.. (await Inbox.ReadAsync(who, new() { After = after, Count = 200 }, Cancel)).Messages];

    public async Task<byte[]?> BytesAsync(PersonId who, MessageId id)
    {
        if (await Inbox.OpenAsync(who, id, Cancel) is not { } reader)
        {
            return null;
        }

        await using var stream = new ContentStream(reader, ContentArea.Data, 0);
        var bytes = new byte[reader.Info.Length];
        await stream.ReadExactlyAsync(bytes, Cancel);
        return bytes;
    }

    /// <summary>Does the background work that is due.</summary>
    public async Task WorkAsync()
    {
        while (await Host.Get<MessageBook>().RunOnceAsync(Cancel) || await Host.Get<CatalogPushes>().RunOnceAsync(Cancel))
        {
        }
    }

    public Task SweepAsync() => Host.Get<SweepService>().SweepOnceAsync(Cancel);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
