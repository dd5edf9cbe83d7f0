using Microsoft.Extensions.DependencyInjection;

namespace Sharing;

/// <summary>Chooses where contents are kept.</summary>
public static class SharingStorageExtensions
{
    /// <summary>Keeps contents in a folder, made when it is not there. One process at a time.</summary>
    /// <exception cref="InvalidOperationException">Another place was chosen before.</exception>
    public static SharingBuilder UseContentFolder(this SharingBuilder sharing, string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (sharing.Choose("contents", $"the folder {folder}"))
        {
            sharing.Services.Configure<StorageOptions>(options => options.ContentFolder = folder);
        }

        return sharing;
    }
}
