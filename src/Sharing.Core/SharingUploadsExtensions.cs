using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Sharing.Core;

namespace Sharing;

/// <summary>Takes uploads into a host.</summary>
public static class SharingUploadsExtensions
{
    /// <summary>Takes uploads for one more purpose. <c>MapSharing</c> maps their routes.</summary>
    public static SharingBuilder AddUploads<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TReceiver>(
        this SharingBuilder sharing)
        where TReceiver : class, IUploadReceiver
    {
        sharing.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IUploadReceiver, TReceiver>());
        return sharing;
    }

    /// <summary>Tunes what may be uploaded, how much by each person, and for how long an upload may stand; calls add up.</summary>
    public static SharingBuilder WithUploads(this SharingBuilder sharing, Action<UploadOptions> configure)
    {
        sharing.Services.Configure(configure);
        return sharing;
    }
}
