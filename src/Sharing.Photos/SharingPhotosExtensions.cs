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
        return sharing;
    }
}
