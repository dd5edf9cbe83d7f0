using Microsoft.Extensions.Options;

namespace Sharing.Social;

/// <summary>How people's feeds are made.</summary>
public sealed class AtomOptions
{
    /// <summary>The network's name among the host's networks.</summary>
    public string Network { get; set; } = "feed";

    /// <summary>The address of the host, with a slash at its end: feeds are at <c>feeds/ID.atom</c> under it.</summary>
    public Uri PublicAddress { get; set; } = new("http://localhost/");

    /// <summary>How many of the newest posts a feed has.</summary>
    public int Entries { get; set; } = 50;

    internal sealed class Validator : IValidateOptions<AtomOptions>
    {
        public ValidateOptionsResult Validate(string? name, AtomOptions options) =>
            !options.PublicAddress.IsAbsoluteUri || options.PublicAddress.Scheme is not ("http" or "https") || !options.PublicAddress.AbsolutePath.EndsWith('/')
                ? ValidateOptionsResult.Fail($"{nameof(PublicAddress)} must be an absolute http or https address that ends in a slash.")
            : options.Entries is < 1 or > 1000 ? ValidateOptionsResult.Fail($"{nameof(Entries)} must be 1 to 1000.")
            : ValidateOptionsResult.Success;
    }
}
