using Microsoft.Extensions.Options;

namespace Sharing.Core;

/// <summary>What people may do, by tier. Checked when the host starts.</summary>
public sealed class LimitOptions : PersonLimits
{
    /// <summary>The limits of people of some tiers (<see cref="Person.Tier"/>), instead of those for everybody.</summary>
    public IDictionary<string, TierLimits> Tiers { get; } = new Dictionary<string, TierLimits>(StringComparer.OrdinalIgnoreCase);

    internal sealed class Validator : IValidateOptions<LimitOptions>
    {
        public ValidateOptionsResult Validate(string? name, LimitOptions options) => options.Tiers.Values.Append<PersonLimits>(options).SelectMany(static one => one.All).Any(static number => number < 0)
            ? ValidateOptionsResult.Fail("Limits are 0 or more.")
            : ValidateOptionsResult.Success;
    }
}
