using Microsoft.Extensions.Options;

namespace Sharing.Apps;

/// <summary>Settings of a server that knows apps.</summary>
public sealed class AppsOptions
{
    /// <summary>The most bytes of one package. 512 MiB.</summary>
    public long MostPackageBytes { get; set; } = 512L << 20;

    /// <summary>The hosts to which a shop's link may lead.</summary>
    public ISet<string> Shops { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "apps.apple.com", "play.google.com", "apps.microsoft.com", "f-droid.org" };

    /// <summary>Platforms whose apps come from their own shop alone (row A7).</summary>
    public ISet<string> ShopOnly { get; } = new HashSet<string>(StringComparer.Ordinal) { "ios" };

    /// <summary>The operator's compatibility table, above the rules.</summary>
    public IList<CompatibilityOverride> Table { get; } = [];

    internal sealed class Validator : IValidateOptions<AppsOptions>
    {
        public ValidateOptionsResult Validate(string? name, AppsOptions options) =>
            options.MostPackageBytes > 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail("MostPackageBytes is more than 0.");
    }
}
