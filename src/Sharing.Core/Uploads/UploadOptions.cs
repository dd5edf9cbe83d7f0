using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>What may be uploaded, and for how long an upload may stand. Checked when the host starts.</summary>
public sealed class UploadOptions
{
    static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(10);

    /// <summary>How many bytes one person may have, uploads that are not complete included; <c>null</c>: as many as there is room for.</summary>
    public long? SpacePerPerson { get; set; }

    /// <summary>The greatest length of one upload, in bytes. 1 TiB.</summary>
    public long MaxLength { get; set; } = 1L << 40;

    /// <summary>How long an upload to which nothing comes is kept, and how long a complete one is remembered. At least a minute; 7 days.</summary>
    public TimeSpan Expiration { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long the next byte of a request's body may take; after that the bytes so far are kept and the request is ended. Above 0, at most 10 seconds; 10 seconds.</summary>
    public TimeSpan IdleTimeout { get; set; } = LongestIdle;

    internal sealed class Validator : IValidateOptions<UploadOptions>
    {
        public ValidateOptionsResult Validate(string? name, UploadOptions options)
        {
            var errors = new List<string>();
            if (options.SpacePerPerson < 0 || options.MaxLength < 0)
            {
                errors.Add($"{nameof(SpacePerPerson)} and {nameof(MaxLength)} are not negative.");
            }

            if (options.Expiration < TimeSpan.FromMinutes(1))
            {
                errors.Add($"{nameof(Expiration)} is at least a minute.");
            }

            if (options.IdleTimeout <= TimeSpan.Zero || options.IdleTimeout > LongestIdle)
            {
                errors.Add($"{nameof(IdleTimeout)} is more than 0 and at most {LongestIdle.TotalSeconds} seconds.");
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
