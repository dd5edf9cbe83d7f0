using Microsoft.Extensions.Options;

namespace Sharing.AspNetCore;

/// <summary>How stored contents go out. Checked when the host starts.</summary>
public sealed class ServingOptions
{
    /// <summary>The path, with a slash at both ends, under which the proxy in front (nginx: an <c>internal</c> location) has the folder of the
    /// contents. Then a content that is a file is handed over by <c>X-Accel-Redirect</c> after the access decision. What the proxy reads is not hashed
    /// before it goes out, and a stream that has begun is not cut when the right to it ends. <c>null</c>: bytes flow through this host.</summary>
    public string? AccelPrefix { get; set; }

    /// <summary>How long an address lasts to which whoever may have a content is led, where the store hands it out itself (<see cref="IContentAddresses"/>). Photos, and what is
    /// shown instead of saved, flow through this host; so does what is asked for under a condition (<c>If-Match</c>, <c>If-Range</c>), since a store knows no content ids. Whoever
    /// has such an address has the bytes for so long, also when the right to them ends. <c>null</c>: nobody is led away. At most 7 days.</summary>
    public TimeSpan? AddressLife { get; set; }

    internal sealed class Validator : IValidateOptions<ServingOptions>
    {
        static readonly TimeSpan Longest = TimeSpan.FromDays(7);

        public ValidateOptionsResult Validate(string? name, ServingOptions options) =>
            options.AccelPrefix is not (null or ['/', .., '/'] or "/") ? ValidateOptionsResult.Fail($"{nameof(AccelPrefix)} begins and ends with a slash.")
            : options.AddressLife is { } life && (life <= TimeSpan.Zero || life > Longest) ? ValidateOptionsResult.Fail($"{nameof(AddressLife)} is more than 0 and at most 7 days.")
            : ValidateOptionsResult.Success;
    }
}
