namespace Sharing.Apps;

/// <summary>Where an F-Droid repository is, and whose it is.</summary>
public sealed record FdroidSource
{
    readonly string? _fingerprint;

    /// <summary>Names a repository.</summary>
    /// <param name="address">The folder that holds <c>entry.jar</c> (<c>https://example.org/fdroid/repo</c>).</param>
    /// <exception cref="ArgumentException">It is no http or https address, or has a query.</exception>
    public FdroidSource(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps) || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            throw new ArgumentException("A repository is at an http or https address without a query.", nameof(address));
        }

        Address = address.AbsolutePath.EndsWith('/') ? address : new(address.AbsoluteUri + "/");
    }

    /// <summary>The folder, with a slash at its end.</summary>
    public Uri Address { get; }

    /// <summary>SHA-256 of the certificate that must sign it, 64 hex digits; spaces and colons between them do not matter. <c>null</c>: whoever signs what is read first.</summary>
    /// <exception cref="ArgumentException">It is not that.</exception>
    public string? Fingerprint
    {
        get => _fingerprint;
        init
        {
            var digits = value?.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
            _fingerprint = digits is null || FdroidEntry.IsSha256(digits) ? digits : throw new ArgumentException("A fingerprint is 64 hex digits.", nameof(value));
        }
    }

    /// <summary>The address of a file of it.</summary>
    /// <exception cref="PackageFormatException">The name leads elsewhere.</exception>
    internal Uri At(string name)
    {
        var parts = name.TrimStart('/').Split('/');
        return Array.TrueForAll(parts, static part => part is not "" and not "." and not ".." && !part.Contains('\\', StringComparison.Ordinal))
            ? new(Address, string.Join('/', parts.Select(Uri.EscapeDataString)) is var path && path.Contains(':', StringComparison.Ordinal) ? "./" + path : path)
            : throw new PackageFormatException(PackageFault.Index, "A file's name leads out of the repository.");
    }
}
