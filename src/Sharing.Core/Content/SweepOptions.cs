using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>How a sweep goes about it.</summary>
public sealed record SweepOptions
{
    /// <summary>How long after the end of one sweep the next begins. 15 minutes.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long after a sweep that looked at every content, to find what a host that died had published and nobody refers to, the next one does; the first after a start does. All others
    /// look only at what is due. 24 hours.</summary>
    public TimeSpan WholeInterval { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a content stays after its last reference went. Longer than any writer takes from publishing to committing. 24 hours.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a partial content stays untouched. 7 days.</summary>
    public TimeSpan PartialAge { get; set; } = TimeSpan.FromDays(7);

    /// <summary>The share of the store, above 0 and up to 1, that one sweep deletes at most when it cannot trust the clock. A tenth.</summary>
    public double Share { get; set; } = 0.1;

    /// <summary>What one sweep may delete even then, however small the store is. 100 contents, and as many partials.</summary>
    public int AtLeast { get; set; } = 100;

    internal sealed class Validator : IValidateOptions<SweepOptions>
    {
        // The longest due time of a timer, rounded down.
        static readonly TimeSpan Longest = TimeSpan.FromDays(49);

        public ValidateOptionsResult Validate(string? name, SweepOptions options)
        {
            var errors = new List<string>();
            if (options.Interval <= TimeSpan.Zero || options.Interval > Longest)
            {
                errors.Add($"{nameof(Interval)} is more than 0 and at most {Longest.Days} days.");
            }

            if (options.Grace < TimeSpan.Zero || options.PartialAge < TimeSpan.Zero || options.WholeInterval < TimeSpan.Zero)
            {
                errors.Add($"{nameof(Grace)}, {nameof(PartialAge)} and {nameof(WholeInterval)} are not negative.");
            }

            if (options.Share is not (> 0 and <= 1) || options.AtLeast < 0)
            {
                errors.Add($"{nameof(Share)} is above 0 and up to 1, {nameof(AtLeast)} is not negative.");
            }

            return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
        }
    }
}
