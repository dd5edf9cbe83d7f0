using Microsoft.Extensions.Options;

namespace Sharing.Social;

/// <summary>How the host takes part in the fediverse.</summary>
public sealed class ActivityPubOptions
{
    /// <summary>The network's name among the host's networks.</summary>
    public string Network { get; set; } = "fediverse";

    /// <summary>The address under which the host is known there, with a slash at its end and no path: people are <c>@name@HOST</c>. It cannot be changed later.</summary>
    public Uri PublicAddress { get; set; } = new("http://localhost/");

    /// <summary>How many deliveries go out at once.</summary>
    public int ConcurrentDeliveries { get; set; } = 16;

    /// <summary>The wait before the first repeat of a delivery; it doubles, up to twelve hours.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long delivering to a server that does not take it is tried before it is given up.</summary>
    public TimeSpan DeliverFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How old a signature may be; as old as what is remembered of activities that have come.</summary>
    public TimeSpan SignatureWindow { get; set; } = TimeSpan.FromHours(1);

    internal string Host => PublicAddress.Authority;

    internal sealed class Validator : IValidateOptions<ActivityPubOptions>
    {
        public ValidateOptionsResult Validate(string? name, ActivityPubOptions options) =>
            !options.PublicAddress.IsAbsoluteUri || options.PublicAddress.Scheme is not ("http" or "https") || options.PublicAddress.AbsolutePath != "/"
                ? ValidateOptionsResult.Fail($"{nameof(PublicAddress)} must be an absolute http or https address without a path.")
            : options.ConcurrentDeliveries < 1 || options.RetryDelay <= TimeSpan.Zero || options.DeliverFor <= TimeSpan.Zero || options.SignatureWindow <= TimeSpan.Zero
                ? ValidateOptionsResult.Fail($"{nameof(ConcurrentDeliveries)}, {nameof(RetryDelay)}, {nameof(DeliverFor)} and {nameof(SignatureWindow)} must be positive.")
            : ValidateOptionsResult.Success;
    }
}
