using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>Collects every error of <see cref="FetchOptions"/>.</summary>
sealed class FetchOptionsValidation : IValidateOptions<FetchOptions>
{
    // The longest due time of a timer, rounded down.
    static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    public ValidateOptionsResult Validate(string? name, FetchOptions options)
    {
        var errors = new List<string>();

        Authorities(options.Configured, nameof(options.Configured));
        Authorities(options.Services, nameof(options.Services));

        foreach (var port in options.StrangerPorts)
        {
            Between(port, 1, ushort.MaxValue, nameof(options.StrangerPorts));
        }

        Positive(options.ConnectTimeout, nameof(options.ConnectTimeout));
        Positive(options.HeaderTimeout, nameof(options.HeaderTimeout));
        Positive(options.IdleTimeout, nameof(options.IdleTimeout));
        Positive(options.TotalTimeout, nameof(options.TotalTimeout));
        Positive(options.RetryDelay, nameof(options.RetryDelay));
        Positive(options.LongestRetryAfter, nameof(options.LongestRetryAfter));
        if (options.LongestRetryAfter > TimeSpan.FromDays(1) || options.RetryDelay > options.LongestRetryAfter)
        {
            errors.Add($"{nameof(options.LongestRetryAfter)} is at least {nameof(options.RetryDelay)} and at most a day.");
        }

        Between(options.MaxRedirects, 0, 50, nameof(options.MaxRedirects));
        Between(options.Attempts, 1, 100, nameof(options.Attempts));
        if (options.MaxBytes < 0)
        {
            errors.Add($"{nameof(options.MaxBytes)} is not negative; 0 is no limit.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Authorities(IEnumerable<string> entries, string what) => errors.AddRange(entries
            .Where(static entry => !Authority.TryParse(entry, out _))
            .Select(entry => $"{what}: '{entry}' is not \"host\" or \"host:port\" (no scheme, no path, no wildcard)."));

        void Between(int value, int least, int most, string what)
        {
            if (value < least || value > most)
            {
                errors.Add($"{what} is from {least} to {most}, not {value}.");
            }
        }

        void Positive(TimeSpan value, string what)
        {
            if (value <= TimeSpan.Zero || value > Longest)
            {
                errors.Add($"{what} is more than 0 and at most {Longest.Days} days, not {value}.");
            }
        }
    }
}
