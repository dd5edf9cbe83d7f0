using Microsoft.Extensions.Options;

namespace Sharing.Social;

/// <summary>How posts go to webhooks.</summary>
public sealed class WebhookOptions
{
    /// <summary>The network's name among the host's networks.</summary>
    public string Network { get; set; } = "webhook";

    /// <summary>Where events come from (CloudEvents 1.0, <c>source</c>): the address of this host.</summary>
    public Uri Source { get; set; } = new("urn:sharing");

    internal sealed class Validator : IValidateOptions<WebhookOptions>
    {
        public ValidateOptionsResult Validate(string? name, WebhookOptions options) =>
            string.IsNullOrEmpty(options.Source.OriginalString) ? ValidateOptionsResult.Fail($"{nameof(Source)} must not be empty.") : ValidateOptionsResult.Success;
    }
}
