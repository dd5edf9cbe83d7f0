using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Sharing.Core;
using Sharing.Photos;

namespace Sharing;

/// <summary>Takes the sharing of photos into a host.</summary>
public static class SharingPhotosExtensions
{
    /// <summary>Adds all that a photo server does: takes photos in, keeps and shows them, and opens them for the friends chosen. Who is whose friend the host's <see cref="IRelationshipGraph"/> says.</summary>
    public static SharingBuilder AddPhotos(this SharingBuilder sharing, Action<PhotoOptions>? configure = null)
    {
        var services = sharing.AddUploads<PhotoReceiver>().Services;
        services.AddOptions<PhotoOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PhotoOptions>, PhotoOptions.Validator>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton<Pictures>();
        services.TryAddSingleton<VipsThumbnailer>();
        services.TryAddSingleton<IThumbnailer, ConfinedThumbnailer>();
        services.TryAddSingleton<PictureMaking>();
        services.AddBackgroundWork<PhotoWork>();
        services.TryAddSingleton<PhotoBook>();
        services.TryAddSingleton<KnownPhotos>();
        services.TryAddSingleton<IDevicePhotos>(static provider => provider.GetRequiredService<KnownPhotos>());
        services.TryAddSingleton<Eviction>();
        services.TryAddSingleton<GrantBook>();
        services.TryAddSingleton<GrantDoors>();
        services.TryAddSingleton<IPhotos, RecordPhotos>();
        services.TryAddSingleton<IPhotoSpace, PhotoSpace>();
        services.TryAddSingleton<IPhotoFolders, RecordFolders>();
        services.TryAddSingleton<IPhotoGrants, RecordGrants>();
        services.TryAddSingleton<RecordEntries>();
        services.TryAddSingleton<IPhotoEntries>(static provider => provider.GetRequiredService<RecordEntries>());
        services.TryAddSingleton<IPhotoWatch, PhotoWatch>();
        services.TryAddSingleton<GrantNotices>();
        services.TryAddSingleton<EntryCodes>();
        services.TryAddSingleton<IEntryCodes>(static provider => provider.GetRequiredService<EntryCodes>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ISweep, PhotoSweep>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersonalData, PhotosPersonalData>());
        return sharing;
    }

    /// <summary>Adds the client of a photo server: uploads that go on after a crash, and the person's own photos and what was granted to him, over HTTP.</summary>
    /// <param name="sharing">The host.</param>
    /// <param name="server">The server's address, with a slash at its end.</param>
    /// <param name="tokenOf">The bearer token of a person there.</param>
    public static SharingBuilder UsePhotos(this SharingBuilder sharing, Uri server, Func<PersonId?, CancellationToken, ValueTask<string?>> tokenOf)
    {
        var home = new PhotoHome(server, tokenOf);
        var services = sharing.WithFetching(fetching => fetching.Services.Add($"{server.Host}:{server.Port}")).Services;
        services.TryAddSingleton(home);
        void Add<TService, THttp>(Func<ServerConnection, THttp> make)
            where TService : class
            where THttp : class, TService =>
            services.TryAddSingleton<TService>(provider => make(new(provider.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Services), home.Server, home.TokenOf)));
        Add<IPhotos, HttpPhotos>(static server => new(server));
        Add<IPhotoFolders, HttpPhotoFolders>(static server => new(server));
        Add<IPhotoSpace, HttpPhotoSpace>(static server => new(server));
        Add<IPhotoGrants, HttpPhotoGrants>(static server => new(server));
        Add<IPhotoEntries, HttpPhotoEntries>(static server => new(server));
        Add<IPhotoWatch, HttpPhotoWatch>(static server => new(server));
        Add<IDevicePhotos, HttpDevicePhotos>(static server => new(server));
        services.TryAddSingleton<VipsThumbnailer>();
        services.TryAddSingleton<IThumbnailer, ConfinedThumbnailer>();
        services.TryAddSingleton<OwnPictures>();
        services.TryAddSingleton<PhotoUploader>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPersonalData, PhotoFilesPersonalData>());
        return sharing;
    }
}
