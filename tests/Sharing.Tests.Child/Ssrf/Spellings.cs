using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sharing.Tests.Child.Ssrf;

/// <summary>All spellings of forbidden addresses that are known to have opened somebody's network: every form of every sample of every range.</summary>
static class Spellings
{
    /// <summary>In an order that depends on the seed alone.</summary>
    public static IReadOnlyList<Spelling> All(int seed)
    {
        var random = new Random(seed);
        var all = new Dictionary<string, Spelling>(StringComparer.Ordinal);
        foreach (var address in ForbiddenRange.All.SelectMany(range => range.Samples(random)).Distinct().ToList())
        {
            foreach (var host in address.AddressFamily == AddressFamily.InterNetwork ? HostsV4(address, random) : HostsV6(address))
            {
                var text = Frame(host, random);
                all.TryAdd(text, new Spelling(text, address));
            }
        }

        foreach (var name in LocalNames)
        {
            var text = Frame(name, random);
            all.TryAdd(text, new Spelling(text, IPAddress.Loopback));
        }

        var spellings = all.Values.Where(spelling => !IsOfAnother(spelling)).ToArray();
        random.Shuffle(spellings);
        return spellings;
    }

    static readonly string[] LocalNames =
    [
        "localhost", "LOCALHOST", "localhost.", "ｌｏｃａｌｈｏｓｔ", "loc%61lhost", "foo.localhost", "localhost.localdomain", "ip6-localhost", "127.0.0.1.nip.example",
        "[localhost]", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "localhost%00.public.example", "localhost%2epublic.example",
    ];

    /// <summary>Whether a form is by the rules for addresses that of another, public one: 010.0.0.1 is 8.0.0.1.</summary>
    static bool IsOfAnother(Spelling spelling) =>
        Uri.TryCreate(spelling.Address(0), UriKind.Absolute, out var uri) && IPAddress.TryParse(uri.Host, out var read) && read.AddressFamily == AddressFamily.InterNetwork
        && !ForbiddenRange.All.Any(range => range.Network.Contains(read));

    /// <summary>An address around a host. Most are plain; some hide the host behind what else an address may hold.</summary>
    static string Frame(string host, Random random) => random.Next(24) switch
    {
        0 => $"HTTP://{host}/?{Spelling.Mark}",
        1 => $"hTtPs://{host}/?{Spelling.Mark}",
        2 => $"http://{host}:80/?{Spelling.Mark}",
        3 => $"http://{host}:443/?{Spelling.Mark}",
        4 => $"http://{host}:/?{Spelling.Mark}",
        5 => $"http://{host}:00080/?{Spelling.Mark}",
        6 => $"http://user:password@{host}/?{Spelling.Mark}",
        7 => $"http://public.example@{host}/?{Spelling.Mark}",
        8 => $"http://public.example:80@{host}/?{Spelling.Mark}",
        9 => $"http://public.example%40{host}/?{Spelling.Mark}",
        10 => $"http://{host}#@public.example/?{Spelling.Mark}",
        11 => $"http://{host}\\@public.example/?{Spelling.Mark}",
        12 => $"http://public.example\\@{host}/?{Spelling.Mark}",
        13 => $"http:\\\\{host}\\?{Spelling.Mark}",
        14 => $"http:/\\{host}/?{Spelling.Mark}",
        15 => $"http:{host}/?{Spelling.Mark}",
        16 => $" http://{host}/?{Spelling.Mark} ",
        17 => $"http://\t{host}/?{Spelling.Mark}",
        _ => $"http://{host}/?{Spelling.Mark}",
    };

    static IEnumerable<string> HostsV4(IPAddress address, Random random)
    {
        var bytes = address.GetAddressBytes();
        var number = ((uint)bytes[0] << 24) | ((uint)bytes[1] << 16) | ((uint)bytes[2] << 8) | bytes[3];
        var dotted = address.ToString();
        foreach (var whole in new[] { Decimal(number), Hex(number), "0X" + number.ToString("X8", CultureInfo.InvariantCulture), Octal(number), "000" + Octal(number), "0x00000000" + number.ToString("x8", CultureInfo.InvariantCulture) })
        {
            yield return whole;
        }

        yield return Decimal((1L << 32) + number); // wraps around where 32 bits are assumed
        yield return dotted;
        yield return dotted + ".";
        yield return dotted + "..";
        yield return Join(bytes, Hex);
        yield return Join(bytes, Octal);
        yield return Join(bytes, value => "0000" + Octal(value));
        yield return Join(bytes, value => Hex(value).ToUpperInvariant());
        yield return Join(bytes, value => Decimal(value + 256)); // wraps around where 8 bits are assumed
        yield return Join(bytes, value => value.ToString("D3", CultureInfo.InvariantCulture)); // octal to some, decimal to others
        foreach (var _ in Enumerable.Range(0, 3))
        {
            yield return Join(bytes, value => AnyBase(value, random));
        }

        yield return $"{AnyBase(bytes[0], random)}.{AnyBase(number & 0xFF_FFFF, random)}";
        yield return $"{AnyBase(bytes[0], random)}.{AnyBase(bytes[1], random)}.{AnyBase(number & 0xFFFF, random)}";
        yield return $"{Decimal(bytes[0])}.{Decimal(number & 0xFF_FFFF)}";
        foreach (var zero in new[] { 0xFF10, 0x1D7CE, 0x1D7D8, 0x1D7F6, 0x0660, 0x0966 })
        {
            yield return Digits(dotted, zero); // full-width, mathematical, Arabic, Devanagari
        }

        foreach (var dot in new[] { '。', '．', '｡', '․' })
        {
            yield return dotted.Replace('.', dot);
        }

        yield return Digits(dotted, 0xFF10).Replace('.', '。');
        yield return dotted.Replace("1", "①", StringComparison.Ordinal).Replace("2", "②", StringComparison.Ordinal).Replace("0", "⓪", StringComparison.Ordinal);
        yield return Percent(dotted);
        yield return dotted.Replace(".", "%2e", StringComparison.Ordinal);
        yield return Percent(dotted).Replace("%", "%25", StringComparison.Ordinal);
        yield return dotted + "%20";
        yield return dotted + "%00";
        yield return dotted + "%09";
        yield return dotted.Insert(dotted.IndexOf('.', StringComparison.Ordinal), "\u00AD"); // a soft hyphen, which IDNA drops
        yield return dotted.Insert(1, "\u200B");
        yield return $"[{dotted}]";
        foreach (var host in Carried(bytes, dotted))
        {
            yield return host;
        }
    }

    /// <summary>IPv6 addresses with an IPv4 address inside.</summary>
    static IEnumerable<string> Carried(byte[] bytes, string dotted)
    {
        var (high, low) = ($"{bytes[0]:x2}{bytes[1]:x2}", $"{bytes[2]:x2}{bytes[3]:x2}");
        string[] hosts =
        [
            $"::ffff:{dotted}", $"::FFFF:{high}:{low}", $"0:0:0:0:0:ffff:{dotted}", $"0000:0000:0000:0000:0000:ffff:{high}:{low}", $"::0:ffff:{high}:{low}",
            $"::{dotted}", $"::{high}:{low}", $"::ffff:0:{dotted}", $"64:ff9b::{dotted}", $"64:FF9B::{high}:{low}", $"64:ff9b:1::{dotted}", $"64:ff9b:1:{high}:{low}::",
            $"2002:{high}:{low}::", $"2002:{high}:{low}::1", $"2002:{high}:{low}::{dotted}", $"2600::5efe:{dotted}", $"2600::200:5efe:{dotted}",
            $"2001:0:5db8:d822::{bytes[0] ^ 0xFF:x2}{bytes[1] ^ 0xFF:x2}:{bytes[2] ^ 0xFF:x2}{bytes[3] ^ 0xFF:x2}", $"2001:0:{high}:{low}::1",
            $"::ffff:{dotted}%25lo", $"::ffff:{dotted}%251",
        ];
        return hosts.Select(host => $"[{host}]");
    }

    static IEnumerable<string> HostsV6(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        var groups = Enumerable.Range(0, 8).Select(i => (bytes[2 * i] << 8) | bytes[(2 * i) + 1]).ToList();
        var shortest = address.ToString();
        var whole = string.Join(':', groups.Select(group => group.ToString("x4", CultureInfo.InvariantCulture)));
        var six = string.Join(':', groups.Take(6).Select(group => group.ToString("x", CultureInfo.InvariantCulture)));
        var dotted = new IPAddress(bytes.AsSpan(12)).ToString();
        string[] hosts =
        [
            shortest, shortest.ToUpperInvariant(), whole, whole.ToUpperInvariant(), string.Join(':', groups.Select(group => group.ToString("X", CultureInfo.InvariantCulture))),
            $"{six}:{dotted}", shortest + "%25lo", shortest + "%251", shortest + "%lo", shortest + "%1", shortest + "%25pub0", shortest + "%25", shortest + "%25999999",
            Percent(shortest), Digits(shortest, 0xFF10), "v1." + shortest,
        ];
        return [.. hosts.Select(host => $"[{host}]"), $"%5B{shortest}%5D", $"[{shortest}].", shortest, $"［{shortest}］"];
    }

    static string AnyBase(long value, Random random) => random.Next(3) switch { 0 => Decimal(value), 1 => Hex(value), _ => Octal(value) };

    static string Decimal(long value) => value.ToString(CultureInfo.InvariantCulture);

    static string Hex(long value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    static string Octal(long value) => "0" + Convert.ToString(value, 8);

    static string Join(byte[] bytes, Func<long, string> form) => string.Join('.', bytes.Select(value => form(value)));

    static string Percent(string text) => string.Concat(text.Select(character => "%" + ((int)character).ToString("x2", CultureInfo.InvariantCulture)));

    /// <summary>The same with other digits, of which the first is given.</summary>
    static string Digits(string text, int zero)
    {
        var result = new StringBuilder();
        foreach (var character in text)
        {
            _ = char.IsAsciiDigit(character) ? result.Append(char.ConvertFromUtf32(zero + character - '0')) : result.Append(character);
        }

        return result.ToString();
    }
}
