using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Sharing.AspNetCore;

namespace Sharing;

/// <summary>Keys that several hosts have in common.</summary>
public static class SharingProtectionExtensions
{
    /// <summary>Keeps the keys of data protection (cookies, forms, tickets of event streams) among the records, readable like these: what one host has sealed, every other host on the
    /// same records opens.</summary>
    public static IDataProtectionBuilder PersistKeysToSharing(this IDataProtectionBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddOptions<KeyManagementOptions>().Configure<IRecordStore>(static (keys, records) => keys.XmlRepository = new RecordKeyRing(records));
        return builder;
    }
}
