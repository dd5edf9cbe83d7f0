using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>How stored contents are hashed again, to find what a disk has forgotten.</summary>
public sealed class ScrubOptions
{
    /// <summary>How long after the beginning of one scrub of all contents the next begins. 30 days; zero: never.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How many bytes one sweep hashes at most, so that others get at the disk, too; a content that was begun is finished, and a small one counts as 64 KiB. 4 GiB.</summary>
    public long BytesPerSweep { get; set; } = 4L << 30;

    internal sealed class Validator : IValidateOptions<ScrubOptions>
    {
        public ValidateOptionsResult Validate(string? name, ScrubOptions options) =>
            options.Period < TimeSpan.Zero || options.BytesPerSweep < 1
                ? ValidateOptionsResult.Fail($"{nameof(Period)} is not negative, {nameof(BytesPerSweep)} is above 0.")
                : ValidateOptionsResult.Success;
    }
}
