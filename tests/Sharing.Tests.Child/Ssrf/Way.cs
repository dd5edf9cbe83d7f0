using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sharing.Tests.Child.Ssrf;

/// <summary>A way on which an address leads to where it must not.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Lead">The address to be fetched: of a spelling, with a number of its own, from a public host.</param>
sealed record Way(string Name, Func<Spelling, int, string, string> Lead)
{
    public static IReadOnlyList<Way> All { get; } =
    [
        new("direct", static (spelling, serial, _) => spelling.Address(serial)),
        new("name", static (spelling, serial, _) => Named(Nameserver.Plain, spelling, serial)),
        new("alias", static (spelling, serial, _) => Named(Nameserver.Alias, spelling, serial)),
        new("mixed", static (spelling, serial, _) => Named(Nameserver.Mixed, spelling, serial)),
        new("rebinding", static (spelling, serial, _) => PublicWeb.Again(Nameserver.NameOf(Nameserver.Rebinding, spelling.Target, serial), serial)),
        new("rebinding-retry", static (spelling, serial, _) => PublicWeb.Break(Nameserver.NameOf(Nameserver.Rebinding, spelling.Target, serial), serial)),
        .. Enumerable.Range(1, 5).Select(steps => new Way(
            string.Create(CultureInfo.InvariantCulture, $"redirect-{steps}"), (spelling, serial, host) => PublicWeb.Hop(host, steps, spelling.Address(serial)))),
        new("redirect-name", static (spelling, serial, host) => PublicWeb.Hop(host, 1, Named(Nameserver.Plain, spelling, serial))),
        new("redirect-rebinding", static (spelling, serial, host) =>
            PublicWeb.Hop(host, 1, PublicWeb.Again(Nameserver.NameOf(Nameserver.Rebinding, spelling.Target, serial), serial))),
    ];

    /// <summary>Whether an address that looks odd leads, by the rules for addresses, to the public host: then it may be fetched.</summary>
    public bool IsPublic(Spelling spelling, int serial) =>
        (Name == "direct" || Name is ['r', 'e', 'd', 'i', 'r', 'e', 'c', 't', '-', >= '1' and <= '5'])
        && Uri.TryCreate(new Uri("http://public.example/"), spelling.Address(serial).Trim(), out var address)
        && (address.IdnHost == PublicInternet.PublicName || IPAddress.TryParse(address.IdnHost, out var literal) && Array.IndexOf(PublicInternet.All, literal) >= 0);

    static string Named(char kind, Spelling spelling, int serial)
    {
        var name = Nameserver.NameOf(kind, spelling.Target, serial);
        return $"http://{(serial % 3) switch { 0 => name, 1 => name.ToUpperInvariant(), _ => name + "." }}/";
    }
}
