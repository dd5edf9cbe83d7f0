using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Sharing.Core;

/// <summary>A host, in the one spelling by which hosts are compared, and a port; <c>null</c> is any port.</summary>
readonly record struct Authority(string Host, int? Port)
{
    /// <summary>Reads "host" or "host:port".</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Authority authority)
    {
        authority = default;
        if (string.IsNullOrEmpty(text) || text.AsSpan().ContainsAny("*/\\@?#% \t\r\n"))
        {
            return false;
        }

        // An IPv6 address without brackets has no port.
        if (text[0] != '[' && text.AsSpan().Count(':') > 1)
        {
            text = $"[{text}]";
        }

        if (!Uri.TryCreate($"http://{text}/", UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            return false;
        }

        var colon = text.IndexOf(':', text.LastIndexOf(']') + 1);
        if (colon == text.Length - 1 || uri.Port == 0)
        {
            return false;
        }

        authority = new Authority(Canonical(uri.IdnHost), colon < 0 ? null : uri.Port);
        return true;
    }

    /// <summary>The host of an address as a name server reads it; <c>null</c> where it holds what no name may hold.</summary>
    public static string? HostOf(Uri address)
    {
        try
        {
            return address.IdnHost;
        }
        catch (UriFormatException)
        {
            return null; // only found out when asked
        }
    }

    /// <summary>The one spelling of a host: lower case, addresses as .NET writes them, mapped ones as IPv4.</summary>
    public static string Canonical(string host)
    {
        if (!IPAddress.TryParse(host, out var address))
        {
            return host.ToLowerInvariant();
        }

        return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
    }
}
