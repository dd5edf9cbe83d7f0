using Microsoft.Extensions.Options;

namespace Sharing.Social;

/// <summary>How posts go to servers that speak Mastodon's API.</summary>
public sealed class MastodonOptions
{
    /// <summary>The network's name among the host's networks.</summary>
    public string Network { get; set; } = "mastodon";

    /// <summary>How many characters a post has at most, its link included. Mastodon's own servers take 500.</summary>
    public int MaxCharacters { get; set; } = 500;

    /// <summary>How many of an account's newest posts are looked through for one whose reply was lost.</summary>
    public int MostLookedThrough { get; set; } = 400;

    internal sealed class Validator : IValidateOptions<MastodonOptions>
    {
        public ValidateOptionsResult Validate(string? name, MastodonOptions options) =>
            options.MaxCharacters < 100 ? ValidateOptionsResult.Fail($"{nameof(MaxCharacters)} must be at least 100.")
            : options.MostLookedThrough < 1 ? ValidateOptionsResult.Fail($"{nameof(MostLookedThrough)} must be at least 1.")
            : ValidateOptionsResult.Success;
    }
}
