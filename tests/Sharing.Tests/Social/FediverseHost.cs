using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.Core;
using Sharing.Social;
using Sharing.Tour;

namespace Sharing.Tests.Social;

/// <summary>A host that takes part in the fediverse, on loopback; Anna and Ben are in it.</summary>
sealed class FediverseHost : IAsyncDisposable
{
    readonly WebApplication _app;

    FediverseHost(WebApplication app, Uri address) => (_app, Address) = (app, address);

    public static PersonId Anna { get; } = PersonId.Parse("anna");

    public static PersonId Ben { get; } = PersonId.Parse("ben");

    public Uri Address { get; }

    public string AnnaId => Address + "ap/people/anna";

    public ISocialPublisher Publisher => Get<IEnumerable<ISocialPublisher>>().Single();

    public IPostResponses Responses => (IPostResponses)Publisher;

    public Account Account { get; private set; } = null!;

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <param name="time">Its clock.</param>
    /// <param name="isOpen">Whether it may reach this machine, as it must where its friends are here.</param>
    /// <param name="works">Whether it makes deliveries by itself.</param>
    public static async Task<FediverseHost> StartAsync(TimeProvider? time = null, bool isOpen = true, bool works = true)
    {
        var port = ServerProcess.FreePort();
        var address = new Uri($"http://localhost:{port}/");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.AddSharing(sharing =>
        {
            sharing.WithFetching(fetching =>
            {
                if (isOpen)
                {
                    fetching.Configured.Add("localhost");
                    fetching.Configured.Add("127.0.0.1");
                }
            }).WithBackgroundWork(works).AddActivityPub(options => options.PublicAddress = address);
        });
        var app = builder.Build();
        app.MapSharingFederation();
        await app.StartAsync();
        var host = new FediverseHost(app, address);
        host.Account = await host.ConnectAsync(Anna);
        await host.ConnectAsync(Ben);
        return host;
    }

    public Task<Account> ConnectAsync(PersonId person) => ((IAccountSignIn)Publisher).SignInAsync(new() { Owner = person, Network = "fediverse" }, default);

    public Task<bool> DeliverAsync() => Get<Deliveries>().RunOnceAsync();

    public static Post PostOf(string key, int revision = 1, AudienceKind audience = AudienceKind.Everyone) => new()
    {
        Key = key, Revision = revision, Author = Anna, Text = $"film {key} <b>revision</b> {revision}", Link = new($"https://share.example.org/d/{key}"), Audience = new(audience), At = DateTimeOffset.UnixEpoch.AddYears(56),
        Resource = new() { Address = new("https://origin.example.org/film.mkv"), Name = "film.mkv", Length = 4711, MediaType = "video/x-matroska", ContentId = ContentId.Parse(new string('a', 64)) },
    };

    public async Task<PublishOutcome> PublishAsync(Post post)
    {
        var outcome = await Publisher.PublishAsync(post, Account, TestContext.Current.CancellationToken);
        Assert.Equal(PublishState.Sent, outcome.State);
        return outcome;
    }

    public Task<IReadOnlyList<PostResponse>> ReadAsync(string note) => Responses.ReadAsync(note, 100, Account, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
