using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Sharing.P2P;

/// <summary>The link of a share: names the shared-data server, and the sharer's own terminal, so that it works whichever of them can be reached.</summary>
/// <remarks><c>https://server/s/{share}#origin={device}@10.0.0.7:7400,%5Bfd00::7%5D:7400</c>. What stands behind the <c>#</c> a browser, curl and every other client keep to
/// themselves, so that they get from the server what the link without it leads to. Immutable.</remarks>
public sealed record ShareLink : IParsable<ShareLink>
{
    const int MostCharacters = 2000;
    const int MostAddresses = 8;
    const int DeviceLength = 64;
    const string Origin = "origin=";

    /// <summary>The shared-data server's address, with a slash at its end.</summary>
    public required Uri Server { get; init; }

    /// <summary>The share.</summary>
    public required ShareId Share { get; init; }

    /// <summary>The sharer's terminal: the hash of its certificate; <c>null</c>: the link does not name it.</summary>
    public string? Device { get; init; }

    /// <summary>Where the sharer's terminal is, where it is named: "10.0.0.7:7400", "[fd00::7]:7400".</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>What every client can follow: the address at the server.</summary>
    public Uri AtServer => new(Server, $"s/{Share}");

    /// <summary>Reads a link.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ShareLink Parse(string text) => TryParse(text, out var link) ? link : throw new FormatException("That is no link of a share, such as https://server/s/0123….");

    /// <summary>Reads a link, or says that it is none. A fragment that says nothing of an origin is passed over; one that says something wrong makes it none.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ShareLink? link)
    {
        link = null;
        if (text is not { Length: > 0 and <= MostCharacters } || !Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")
            || address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Segments is not [.., "s/", { } last] || !ShareId.TryParse(last, out var share)
            || !TryReadOrigin(address.Fragment, out var device, out var addresses))
        {
            return false;
        }

        var path = address.AbsolutePath[..^(last.Length + "s/".Length)];
        link = new() { Server = new Uri(address.GetLeftPart(UriPartial.Authority) + path), Share = share, Device = device, Addresses = addresses };
        return true;
    }

    static ShareLink IParsable<ShareLink>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<ShareLink>.TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out ShareLink result) => TryParse(s, out result);

    /// <summary>The link as text.</summary>
    public override string ToString() => Device is null ? AtServer.AbsoluteUri
        : $"{AtServer.AbsoluteUri}#{Origin}{Device}" + (Addresses.Count == 0 ? "" : "@" + string.Join(',', Addresses).Replace("[", "%5B", StringComparison.Ordinal).Replace("]", "%5D", StringComparison.Ordinal));

    /// <summary>The same server, share, device and addresses.</summary>
    public bool Equals(ShareLink? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>The sharer's terminal as others of the swarm; <c>null</c>: the link names none that can be reached.</summary>
    internal SwarmMember? AsMember() => Device is { } device && Addresses.Count > 0 ? new() { Device = device, Addresses = Addresses, IsWhole = true } : null;

    static bool TryReadOrigin(string fragment, out string? device, out IReadOnlyList<string> addresses)
    {
        (device, addresses) = (null, []);
        if (!fragment.StartsWith('#' + Origin, StringComparison.Ordinal))
        {
            return true;
        }

        var said = Uri.UnescapeDataString(fragment[(1 + Origin.Length)..]);
        var at = said.IndexOf('@', StringComparison.Ordinal);
        var name = at < 0 ? said : said[..at];
        string[] places = at < 0 ? [] : said[(at + 1)..].Split(',');
        if (!IsDevice(name) || places.Length > MostAddresses || !Array.TrueForAll(places, IsAddress))
        {
            return false;
        }

        (device, addresses) = (name, places);
        return true;
    }

    /// <summary>Whether it can be a terminal's name.</summary>
    internal static bool IsDevice(string text) => text.Length == DeviceLength && !text.AsSpan().ContainsAnyExcept("0123456789abcdef");

    /// <summary>Whether it is an address with a port, spelled as addresses are.</summary>
    internal static bool IsAddress(string text) => IPEndPoint.TryParse(text, out var place) && place.Port > 0
        && string.Equals(place.ToString(), text, StringComparison.OrdinalIgnoreCase) && !text.Contains('%', StringComparison.Ordinal);
}
