using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Photos;
using Sharing.Testing;
using Sharing.Tests.Hosting;

namespace Sharing.Tests.Photos;

/// <summary>A photo server with four people: Anna, her friends Ben and Carl, and Mallory, whom nobody knows. The clock stands still; background work is done when it is asked for.</summary>
sealed class PhotoServer : IAsyncDisposable
{
    public static readonly PersonId Anna = PersonId.Parse("anna"), Ben = PersonId.Parse("ben"), Carl = PersonId.Parse("carl"), Mallory = PersonId.Parse("mallory");

    PhotoServer(SharingHost host, FakeTimeProvider clock) => (Host, Clock) = (host, clock);

    public SharingHost Host { get; }

    public FakeTimeProvider Clock { get; }

    public IPhotos Photos => Host.Get<IPhotos>();

    public IPhotoFolders Folders => Host.Get<IPhotoFolders>();

    public IPhotoGrants Grants => Host.Get<IPhotoGrants>();

    public IPhotoEntries Entries => Host.Get<IPhotoEntries>();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<PhotoServer> StartAsync(Action<SharingBuilder>? more = null, Action<PhotoOptions>? configure = null)
    {
        var clock = new FakeTimeProvider();
        var host = await SharingHost.StartAsync(
            sharing =>
            {
                sharing.AddPhotos(configure).WithBackgroundWork(false);
                more?.Invoke(sharing);
            },
            services => services.AddSingleton<TimeProvider>(clock),
            SharingRoles.Photos);
        var server = new PhotoServer(host, clock);
        await host.Get<PeopleStore>().SaveAsync(new() { Id = Anna, Name = "Anna Larsen" }, Cancel);
        await host.Get<PeopleStore>().SaveAsync(new() { Id = Ben, Name = "Ben", Tier = "member" }, Cancel);
        if (host.Services.GetService<IRelationships>() is not null) // else the chain is somebody else's
        {
            await server.BefriendAsync(Anna, Ben);
            await server.BefriendAsync(Anna, Carl);
        }

        return server;
    }

    public async Task BefriendAsync(PersonId one, PersonId other, bool friends = true)
    {
        await Host.Get<IRelationships>().BefriendAsync(one, other, friends, Cancel);
        await Host.Get<IRelationships>().BefriendAsync(other, one, friends, Cancel);
    }

    /// <summary>Uploads over HTTP, as a client does.</summary>
    public async Task<PhotoId> UploadAsync(PersonId owner, byte[] bytes, params (string Name, string Value)[] said)
    {
        var client = new UploadClient(Host.Http, TimeProvider.System, _ => ValueTask.FromResult<string?>(SharingHost.TokenOf(owner)));
        var settings = new UploadSettings { Attempts = 1, Metadata = UploadMetadata.Of(said.Select(static pair => KeyValuePair.Create(pair.Name, pair.Value))) };
        var receipt = await client.UploadAsync(new Uri(Host.Address, "v1/uploads/photos"), UploadSource.Of(new MemoryStream(bytes)), settings, Cancel);
        return PhotoId.Parse(receipt.Result!);
    }

    /// <summary>Does the background work that is due.</summary>
    public async Task WorkAsync()
    {
        while (await Host.Get<PictureMaking>().RunOnceAsync(Cancel))
        {
        }
    }

    public Task SweepAsync() => Host.Get<SweepService>().SweepOnceAsync(Cancel);

    /// <summary>An answer over HTTP.</summary>
    public async Task<HttpResponseMessage> SendAsync(PersonId? who, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(Host.Address, path));
        request.Headers.Authorization = who is { } person ? new("Bearer", SharingHost.TokenOf(person)) : null;
        return await Host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
