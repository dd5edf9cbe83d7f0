using Microsoft.Extensions.Options;

namespace Sharing.AspNetCore;

/// <summary>How stored contents go out. Checked when the host starts.</summary>
public sealed class ServingOptions
{
    /// <summary>The path, with a slash at both ends, under which the proxy in front (nginx: an <c>internal</c> location) has the folder of the
    /// contents. Then a content that is a file is handed over by <c>X-Accel-Redirect</c> after the access decision. What the proxy reads is not hashed
    /// before it goes out, and a stream that has begun is not cut when the right to it ends. <c>null</c>: bytes flow through this host.</summary>
    public string? AccelPrefix { get; set; }

    internal sealed class Validator : IValidateOptions<ServingOptions>
    {
        public ValidateOptionsResult Validate(string? name, ServingOptions options) =>
            options.AccelPrefix is null or ['/', .., '/'] or "/"
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"{nameof(AccelPrefix)} begins and ends with a slash.");
    }
}
