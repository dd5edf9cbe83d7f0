using Microsoft.Extensions.Options;

namespace Sharing.S3;

/// <summary>Where the contents are. Checked when the store is made.</summary>
public sealed record S3Options
{
    /// <summary>The bucket.</summary>
    public required string Bucket { get; init; }

    /// <summary>What the names of all objects begin with, e.g. "club/": one for each tenant.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The address of the store; <c>null</c>: Amazon's, of that region.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The region that requests are signed for.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Whether the bucket is in the path of addresses; otherwise it is in their host, which Amazon prefers and few other stores are set up for.</summary>
    public bool PathStyle { get; init; } = true;

    /// <summary>Whose requests they are; <c>null</c>: as the AWS SDK finds it (AWS_ACCESS_KEY_ID, a profile, the role of the machine).</summary>
    public string? AccessKey { get; init; }

    /// <summary>The secret of the access key.</summary>
    public string? SecretKey { get; init; }

    /// <summary>Where bytes wait that were not flushed yet: 64 MiB for each content that is being written, and as much again for a moment. The system's folder for such things if left out.</summary>
    public string? ScratchFolder { get; init; }

    /// <summary>After how long without a sign of life a request is given up.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(100);

    /// <summary>How often a request that failed is tried again.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>What counts as a mebibyte where it is decided what goes in one request and what in parts: small in tests.</summary>
    internal long Unit { get; init; } = 1 << 20;

    /// <summary>Reads an address: <c>https://host/bucket</c> or <c>https://host/bucket/prefix/</c>, with <c>?region=…</c> where it is not us-east-1.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static S3Options Parse(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0
            || uri.AbsolutePath.Trim('/') is not { Length: > 0 } path)
        {
            throw new ArgumentException("The address of an S3 store is https://host/bucket or https://host/bucket/prefix/, with ?region=… after it, and without keys.", nameof(address));
        }

        var region = uri.Query.Length == 0 ? "us-east-1"
            : uri.Query.StartsWith("?region=", StringComparison.Ordinal) ? uri.Query["?region=".Length..]
            : throw new ArgumentException($"An S3 address has no '{uri.Query}', but for ?region=….", nameof(address));
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return new()
        {
            Endpoint = new(uri.GetLeftPart(UriPartial.Authority)),
            Bucket = slash < 0 ? path : path[..slash],
            Prefix = slash < 0 ? "" : path[(slash + 1)..] + "/",
            Region = region,
        };
    }

    internal sealed class Validator : IValidateOptions<S3Options>
    {
        public ValidateOptionsResult Validate(string? name, S3Options options) =>
            string.IsNullOrWhiteSpace(options.Bucket) ? ValidateOptionsResult.Fail($"{nameof(Bucket)} is missing.")
            : options.Prefix.StartsWith('/') || options.Prefix.Split('/').SkipLast(1).Any(static part => part is "" or "." or "..") ? ValidateOptionsResult.Fail($"{nameof(Prefix)} does not begin with a slash, and has no empty part and no dots for one.")
            : options.Timeout <= TimeSpan.Zero || options.Retries < 0 ? ValidateOptionsResult.Fail($"{nameof(Timeout)} is more than 0, {nameof(Retries)} not negative.")
            : options.AccessKey is null != options.SecretKey is null ? ValidateOptionsResult.Fail($"{nameof(AccessKey)} and {nameof(SecretKey)} belong together.")
            : ValidateOptionsResult.Success;
    }
}
