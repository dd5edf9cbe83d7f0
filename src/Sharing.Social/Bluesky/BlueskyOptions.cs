using Microsoft.Extensions.Options;

namespace Sharing.Social;

/// <summary>How posts go to Bluesky and other networks on the AT Protocol.</summary>
public sealed class BlueskyOptions
{
    /// <summary>The network's name among the host's networks.</summary>
    public string Network { get; set; } = "bluesky";

    /// <summary>Where accounts sign in that name no server of their own; with a slash at its end.</summary>
    public Uri Server { get; set; } = new("https://bsky.social/");

    /// <summary>Where people look at posts: links are made from it.</summary>
    public Uri App { get; set; } = new("https://bsky.app/");

    /// <summary>The points that an account may spend in an hour, and in a day: a record made costs 3, changed 2, deleted 1 (docs.bsky.app, rate limits).</summary>
    public int PointsAnHour { get; set; } = 5000;

    /// <inheritdoc cref="PointsAnHour"/>
    public int PointsADay { get; set; } = 35000;

    internal sealed class Validator : IValidateOptions<BlueskyOptions>
    {
        public ValidateOptionsResult Validate(string? name, BlueskyOptions options) =>
            !options.Server.IsAbsoluteUri || !options.App.IsAbsoluteUri ? ValidateOptionsResult.Fail($"{nameof(Server)} and {nameof(App)} must be absolute addresses.")
            : options.PointsAnHour < 6 || options.PointsADay < 6 ? ValidateOptionsResult.Fail("A post costs 6 points: fewer allow none.")
            : ValidateOptionsResult.Success;
    }
}
