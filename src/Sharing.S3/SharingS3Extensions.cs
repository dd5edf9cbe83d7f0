using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Sharing.S3;

namespace Sharing;

/// <summary>Puts contents into an S3 store.</summary>
public static class SharingS3Extensions
{
    /// <summary>Keeps all contents in a bucket of an S3 store, which any number of hosts may share. Their names are in the records, so these must be the hosts' in common, too.</summary>
    /// <param name="sharing">The builder.</param>
    /// <param name="address"><c>https://host/bucket</c> or <c>https://host/bucket/prefix/</c>, with <c>?region=…</c> where it is not us-east-1.</param>
    /// <param name="accessKey">Whose requests they are; as the AWS SDK finds it if left out (AWS_ACCESS_KEY_ID, a profile, the role of the machine).</param>
    /// <param name="secretKey">The secret of the access key.</param>
    /// <exception cref="InvalidOperationException">Another place was chosen before.</exception>
    /// <exception cref="ArgumentException">The address is none.</exception>
    public static SharingBuilder UseS3(this SharingBuilder sharing, string address, string? accessKey = null, string? secretKey = null) =>
        sharing.UseS3(S3Options.Parse(address) with { AccessKey = accessKey, SecretKey = secretKey });

    /// <inheritdoc cref="UseS3(SharingBuilder, string, string, string)"/>
    /// <param name="sharing">The builder.</param>
    /// <param name="options">Where they are.</param>
    public static SharingBuilder UseS3(this SharingBuilder sharing, S3Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (sharing.Choose("contents", $"the bucket {options.Bucket} at {options.Endpoint?.Authority ?? options.Region}"))
        {
            sharing.Services.TryAddKeyedSingleton<IContentStore>("driver", (provider, _) => new S3ContentStore(
                options, provider.GetRequiredKeyedService<IRecordStore>("driver"), provider.GetService<TimeProvider>(), provider.GetService<ILogger<S3ContentStore>>()));
        }

        return sharing;
    }
}
