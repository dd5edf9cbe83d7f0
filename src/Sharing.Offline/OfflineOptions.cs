using Microsoft.Extensions.Options;

namespace Sharing.Offline;

/// <summary>How downloads are shared and kept.</summary>
public sealed class OfflineOptions
{
    /// <summary>The public address of the download server, with a slash at its end: links lead there. Never taken from a request.</summary>
    public Uri PublicAddress { get; set; } = new("http://localhost/");

    /// <summary>How long the offline library keeps a resource (row R9).</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How many resources are fetched for the library at once.</summary>
    public int ConcurrentFetches { get; set; } = 4;

    /// <summary>The largest resource that the library takes, in bytes.</summary>
    public long MaxResourceLength { get; set; } = 64L << 30;

    /// <summary>How often fetching a resource is tried before it counts as failed.</summary>
    public int FetchAttempts { get; set; } = 6;

    /// <summary>How long the lease on a piece of work lasts without being renewed: after a crash, the work goes on that much and a third more later.</summary>
    public TimeSpan WorkLease { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many posts are published at once.</summary>
    public int ConcurrentPublishes { get; set; } = 8;

    /// <summary>How long one attempt to publish may take; after that its reply counts as lost.</summary>
    public TimeSpan PublishTimeout { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>How often publishing is tried before it is given up.</summary>
    public int PublishAttempts { get; set; } = 50;

    /// <summary>How many downloads of the download list run at once.</summary>
    public int ConcurrentDownloads { get; set; } = 3;

    /// <summary>Where finished downloads are saved under their names; <c>null</c>: they stay in the content store alone.</summary>
    public string? SaveFolder { get; set; }

    internal sealed class Validator : IValidateOptions<OfflineOptions>
    {
        public ValidateOptionsResult Validate(string? name, OfflineOptions options)
        {
            var errors = new List<string>();
            if (!options.PublicAddress.IsAbsoluteUri || options.PublicAddress.Scheme is not ("http" or "https")
                || !options.PublicAddress.AbsolutePath.EndsWith('/'))
            {
                errors.Add($"{nameof(PublicAddress)} must be an absolute http or https address that ends in a slash.");
            }

            if (options.Retention <= TimeSpan.Zero || options.WorkLease <= TimeSpan.Zero || options.PublishTimeout <= TimeSpan.Zero)
            {
                errors.Add($"{nameof(Retention)}, {nameof(WorkLease)} and {nameof(PublishTimeout)} must be positive.");
            }

            if (options.ConcurrentFetches < 1 || options.ConcurrentPublishes < 1 || options.ConcurrentDownloads < 1)
            {
                errors.Add("At least one thing must run at once.");
            }

            if (options.FetchAttempts < 1 || options.PublishAttempts < 1 || options.MaxResourceLength < 1)
            {
                errors.Add($"{nameof(FetchAttempts)}, {nameof(PublishAttempts)} and {nameof(MaxResourceLength)} must be at least 1.");
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
