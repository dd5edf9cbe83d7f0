using System.Diagnostics;
using System.Text;
using Sharing.Apps;

namespace Sharing.Tests.Apps;

/// <summary>One spelling for a contact, measured against Google's libphonenumber as it comes from Debian.</summary>
public sealed class ContactNormalizerTests
{
    static readonly ContactNormalizer s_contacts = new();

    [Theory]
    [InlineData(7)]
    [InlineData(2026)]
    [Trait("Row", "A2")]
    public async Task Of_ten_thousand_numbers_as_people_write_them_libphonenumber_reads_all_but_a_few_alike(int seed)
    {
        var cases = await CasesAsync($"{seed}", "10000");
        Assert.Equal(10_000, cases.Length);
        Assert.True(cases.Select(one => one[2][..3]).Distinct().Count() > 25, "The cases come from too few countries.");
        var other = cases.Where(one => s_contacts.Normalize(one[0], one[1]) != one[2]).ToList();
        Assert.True(other.Count <= 50, $"{other.Count} of {cases.Length} differ:\n{string.Join('\n', other.Take(20).Select(one => $"{one[0]} in {one[1]}: {one[2]}, here {s_contacts.Normalize(one[0], one[1])}"))}");
    }

    [Fact]
    [Trait("Row", "A2")]
    public async Task What_libphonenumber_takes_for_no_number_is_none()
    {
        var taken = (await CasesAsync("7", "2000", "rubbish")).Where(one => s_contacts.Normalize(one[0], one[1]) is not null).ToList();
        Assert.True(taken.Count <= 10, string.Join('\n', taken.Select(one => $"{one[0]} in {one[1]}: {s_contacts.Normalize(one[0], one[1])}")));
    }

    [Theory]
    [InlineData("0171 1234567", "DE", "+491711234567")]
    [InlineData("+49 (0) 171 / 123 45 67", "US", "+491711234567")]
    [InlineData("＋４９１７１１２３４５６７", "JP", "+491711234567")]
    [InlineData("\u202A+49\u00A0171\u20111234567\u202C", "DE", "+491711234567")]
    [InlineData("011 49 171 1234567", "US", "+491711234567")]
    [InlineData("810 49 171 1234567", "RU", "+491711234567")]
    [InlineData("0011 49 171 1234567", "AU", "+491711234567")]
    [InlineData("00 49 171 1234567", "US", "+491711234567")]
    [InlineData("0014 49 171 1234567", "BR", "+491711234567")]
    [InlineData("tel:+49-171-1234567;ext=12", "DE", "+491711234567")]
    [InlineData("tel:171-1234567;phone-context=+49", "FR", "+491711234567")]
    [InlineData("491711234567", "DE", "+491711234567")]
    [InlineData("Tel.: 0171 1234567", "DE", "+491711234567")]
    [InlineData("1-800-FLOWERS", "US", "+18003569377")]
    [InlineData("(212) 555-1234 ext. 99", "US", "+12125551234")]
    [InlineData("212.555.1234x99", "us", "+12125551234")]
    [InlineData("06 30 123 4567", "HU", "+36301234567")]
    [InlineData("8 (495) 123-45-67", "RU", "+74951234567")]
    [InlineData("8 800 555-35-35", "RU", "+78005553535")]
    [InlineData("06 1234 5678", "IT", "+390612345678")]
    [InlineData("011 15-2345-6789", "AR", "+5491123456789")]
    [InlineData("03878 15-305508", "AR", "+5493878305508")]
    [InlineData("+52 1 55 1234 5678", "MX", "+525512345678")]
    [InlineData("0 15 11 98765-4321", "BR", "+5511987654321")]
    [InlineData("٠١٠٠١٢٣٤٥٦٧", "EG", "+201001234567")]
    [InlineData("۰۹۱۲ ۱۲۳ ۴۵۶۷", "IR", "+989121234567")]
    [InlineData("322-1234", "BS", "+12423221234")]
    [InlineData("+491711234567", "", "+491711234567")]
    [InlineData("0171 1234567", "", null)]
    [InlineData("0171 1234567", "ZZ", null)]
    [InlineData("110", "DE", null)]
    [InlineData("+49 171 1234567 8901234", "DE", null)]
    [InlineData("+999 1234567", "DE", null)]
    [InlineData("12345", "US", null)]
    [InlineData("Anna", "DE", null)]
    [InlineData("+", "DE", null)]
    [Trait("Row", "A2")]
    public void A_number_is_read_by_the_rules_of_the_owners_region(string written, string region, string? number) =>
        Assert.Equal(number, s_contacts.Normalize(written, region));

    [Theory]
    [InlineData(" Anna.Example@Example.ORG ", "anna.example@example.org")]
    [InlineData("mailto:Anna%2Bx@example.org?subject=1", "anna+x@example.org")]
    [InlineData("Anna Example <Anna@example.org>", "anna@example.org")]
    [InlineData("ａｎｎａ＠ｅｘａｍｐｌｅ．ｏｒｇ", "anna@example.org")]
    [InlineData("anna@BÜCHER.example", "anna@xn--bcher-kva.example")]
    [InlineData("a\u200Bnna@example.org\u202C", "anna@example.org")]
    [InlineData("Mu\u0308ller@example.org", "m\u00FCller@example.org")]
    [InlineData("a.n.n.a+list@gmail.com", "a.n.n.a+list@gmail.com")]
    [InlineData("anna@example.org.", "anna@example.org")]
    [InlineData("anna@example", null)]
    [InlineData("anna@127.0.0.1", null)]
    [InlineData("@example.org", null)]
    [InlineData("anna@@example.org", null)]
    [InlineData("an na@example.org", null)]
    [InlineData("anna@exa_mple.org", null)]
    [InlineData("\uD800@example.org", null)]
    [InlineData("a\uD800@example.org", null)]
    [InlineData("...@example.org", null)]
    [Trait("Row", "A2")]
    public void An_address_has_one_spelling(string written, string? address) => Assert.Equal(address, s_contacts.Normalize(written, "DE"));

    [Fact]
    [Trait("Row", "A2")]
    public async Task Normalising_again_changes_nothing_in_any_region()
    {
        foreach (var one in await CasesAsync("11", "2000"))
        {
            var number = s_contacts.Normalize(one[0], one[1]);
            Assert.True(number is null || new[] { "DE", "US", "RU", "BR", "", one[1] }.All(region => s_contacts.Normalize(number, region) == number), number);
        }
    }

    [Fact]
    [Trait("Row", "A2")]
    public void Whatever_is_written_there_is_an_answer_and_it_is_its_own()
    {
        var random = new Random(4711);
        var signs = "+0123456789٠٥９()-./ ;,x#@<>?%&=:aZßİé\u202A\u200B\u00AD\u0308\uFF20\uD83D\uDE00\uD800\uDC00\uFFFF\0\text.orgTEL".ToCharArray();
        string[] beginnings = ["", "", "", "tel:", "mailto:", "+", "00", "a@", "+49171", "tel:;phone-context="];
        string[] regions = ["DE", "US", "IT", "AR", "JP", "", "xx", "\0"];
        var found = 0;
        for (var i = 0; i < 100_000; i++)
        {
            var text = new StringBuilder(beginnings[random.Next(beginnings.Length)]);
            for (var left = random.Next(30); left > 0; left--)
            {
                text.Append(random.Next(12) == 0 ? (char)random.Next(0x10000) : signs[random.Next(random.Next(4) > 0 ? 11 : signs.Length)]);
            }

            var region = regions[random.Next(regions.Length)];
            if (s_contacts.Normalize(text.ToString(), region) is { } result)
            {
                found++;
                Assert.True(s_contacts.Normalize(result, "FR") == result, $"{text} in {region} is {result}, and that is {s_contacts.Normalize(result, "FR")}.");
                Assert.True(result.Contains('@') || (result[0] == '+' && result.Length <= 16 && result.AsSpan(1).ContainsAnyExceptInRange('0', '9') is false), result);
            }
        }

        Assert.True(found > 1000, $"Only {found} of them are contacts: the law was hardly tried.");
    }

    [Fact]
    [Trait("Row", "A2")]
    public void What_is_too_long_is_none() => Assert.Null(s_contacts.Normalize(new string(' ', ContactNormalizer.MaxLength) + "+491711234567", "DE"));

    static async Task<string[][]> CasesAsync(params string[] arguments)
    {
        var script = Path.Combine(Laws.Repository.Root, "tests", "Sharing.Tests", "Apps", "contacts.py");
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8, Environment = { ["PYTHONIOENCODING"] = "utf-8" } })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"This needs Debian's python3-phonenumbers: {await errors}");
        return [.. said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))];
    }
}
