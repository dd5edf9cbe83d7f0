using System.Net;
using System.Net.Http;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Server;
using Sharing.Tests.Content;
using Sharing.Tests.Personal;

namespace Sharing.Tests.Server;

/// <summary>Members of the server sample: what others may try, and what is left of somebody.</summary>
public sealed partial class MemberSafetyTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Forms_without_their_token_or_from_another_site_change_nothing()
    {
        await using var server = await MembersServer.StartAsync(_folder);
        var anna = await server.SignedInAsync(await server.MemberAsync("Anna", Member.Administrator));
        var (ben, stranger) = (await server.MemberAsync("Ben"), server.Open());
        var entry = MembersServer.TokenOf(await server.Get<OneTimeLinks>().MakeEntryAsync(ben.Id, Cancel));
        (Browser By, string Page, string Action, (string, string)[] Fields)[] forms =
        [
            (anna, "/members", "/members/invite", [("mail", ""), ("note", "")]), (anna, "/members", "/members/change", [("member", ben.Id.Value), ("do", Member.Administrator)]),
            (anna, "/me/devices", "/me/devices/token", [("name", "x"), ("rights", "all"), ("days", "30")]), (anna, "/me/devices", "/me/devices/others", []),
            (stranger, "/enter", "/enter", [("token", entry)]), (stranger, "/sign-in", "/sign-in/mail", [("mail", ben.Mail)]), (stranger, "/sign-in", "/sign-in/code", [("mail", ben.Mail), ("code", "123456")]),
        ];
        var before = await server.MemberRecordsAsync();
        foreach (var (by, page, action, fields) in forms)
        {
            using var without = await by.SendAsync(action, null, fields);
            Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
            using var foreign = await by.SendAsync(action, await by.TokenAsync(page), fields, ("Sec-Fetch-Site", "cross-site"));
            Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
            using var others = await by.SendAsync(action, await server.Open().TokenAsync("/sign-in"), fields);
            Assert.Equal(HttpStatusCode.BadRequest, others.StatusCode);
        }

        Assert.Equal(before, await server.MemberRecordsAsync());
        Assert.Equal(HttpStatusCode.Redirect, (await stranger.PostAsync("/enter", ("token", entry))).StatusCode);
    }

    [Fact(Timeout = 120_000)]
    public async Task Reading_changes_nothing()
    {
        await using var server = await MembersServer.StartAsync(_folder);
        var member = await server.MemberAsync("Anna", Member.Administrator);
        var (anna, elsewhere) = (await server.SignedInAsync(member), await server.SignedInAsync(member));
        var link = MembersServer.TokenOf(await server.Get<OneTimeLinks>().MakeEntryAsync(member.Id, Cancel));
        var before = await server.MemberRecordsAsync();
        foreach (var browser in (Browser[])[anna, server.Open()])
        {
            foreach (var path in (string[])["/sign-in", "/sign-in?mail=anna@example.org", "/sign-in/mail?mail=anna@example.org", "/sign-in/code", $"/enter?token={link}", "/join", "/setup", "/join.js", "/members", "/members/change?do=disable", "/me/devices", "/me/devices/others", "/sign-out"])
            {
                using (await browser.GetAsync(path))
                {
                }
            }
        }

        Assert.Equal(before, await server.MemberRecordsAsync());
        Assert.Equal((true, true), (await anna.IsSignedInAsync(), await elsewhere.IsSignedInAsync()));
    }

    [Theory(Timeout = 120_000)]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task Nobody_is_led_to_another_site(string returnUrl)
    {
        await using var server = await MembersServer.StartAsync(_folder);
        await server.MemberAsync("Anna");
        var browser = server.Open();
        Assert.DoesNotContain("value=\"" + WebUtility.HtmlEncode(returnUrl), await browser.PageAsync("/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl)), StringComparison.Ordinal);
        var code = await server.CodeAsync(browser, "anna@example.org");
        using var answer = await browser.PostAsync("/sign-in", "/sign-in/code", ("mail", "anna@example.org"), ("code", code), ("returnUrl", returnUrl));
        Assert.Equal((HttpStatusCode.Redirect, "/"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Fact(Timeout = 120_000)]
    public async Task What_a_request_calls_this_host_is_in_no_link()
    {
        await using var server = await MembersServer.StartAsync(_folder);
        var (anna, ben) = (await server.SignedInAsync(await server.MemberAsync("Anna", Member.Administrator)), await server.MemberAsync("Ben"));
        var token = await anna.TokenAsync("/members");
        (string, string)[] lies = [("Host", "evil.example"), ("X-Forwarded-Host", "evil.example")];
        foreach (var (action, fields) in new (string, (string, string)[])[] { ("/members/invite", [("mail", ""), ("note", "")]), ("/members/invite", [("mail", "carl@example.org"), ("note", "")]), ("/members/change", [("member", ben.Id.Value), ("do", "link")]) })
        {
            using var answer = await anna.SendAsync(action, token, fields, lies);
            var page = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.DoesNotContain("evil", page, StringComparison.Ordinal);
        }

        var stranger = server.Open();
        using (await stranger.SendAsync("/sign-in/mail", await stranger.TokenAsync("/sign-in"), [("mail", ben.Mail)], lies))
        {
            var mails = (await server.MailsAsync(ben.Mail, 1)).Concat(await server.MailsAsync("carl@example.org", 1)).ToList();
            Assert.All(mails, static mail => Assert.Contains(MembersServer.Public, mail, StringComparison.Ordinal));
            Assert.All(mails, static mail => Assert.DoesNotContain("evil", mail, StringComparison.Ordinal));
        }
    }

    [Theory(Timeout = 120_000)]
    [InlineData("Ben\r\nBcc: mallory@example.org", "ben@example.org")]
    [InlineData("Ben\n", "ben@example.org")]
    [InlineData("Ben\u202enneB", "ben@example.org")]
    [InlineData(" ", "ben@example.org")]
    [InlineData("Ben", "ben@example.org\r\nBcc: mallory@example.org")]
    [InlineData("Ben", "ben@example.org\n")]
    [InlineData("Ben", "Ben <ben@example.org>")]
    [InlineData("Ben", "ben@example.org,mallory@example.org")]
    [InlineData("Ben", "b\u00e9n@example.org")]
    public async Task Names_and_addresses_that_could_steer_a_mail_or_a_page_are_refused(string name, string mail)
    {
        await using var server = await MembersServer.StartAsync(_folder);
        var token = MembersServer.TokenOf((await server.Get<OneTimeLinks>().InviteAsync(null, null, Cancel))!);
        var browser = server.Open();
        using (var refused = await browser.PostAsync("/join", ("token", token), ("name", name), ("mail", mail)))
        {
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        using var taken = await browser.PostAsync("/join", ("token", token), ("name", "Ben"), ("mail", "ben@example.org"));
        Assert.Equal(HttpStatusCode.Redirect, taken.StatusCode);
    }

    [Fact(Timeout = 120_000)]
    public async Task No_secret_is_in_a_log_or_in_a_record_but_for_the_first_address_that_is_printed()
    {
        await using var server = await MembersServer.StartAsync(_folder);
        var browser = server.Open();
        var setup = MembersServer.TokenOf(server.SetupLink!);
        using (await browser.PostAsync("/setup", ("token", setup), ("name", "Anna"), ("mail", "anna@example.org")))
        {
        }

        var anna = (await server.Get<MemberBook>().FindAsync("anna@example.org", Cancel))!;
        var code = await server.CodeAsync(server.Open(), "anna@example.org");
        using var made = await browser.PostAsync("/me/devices", "/me/devices/token", ("name", "backup"), ("rights", "all"), ("days", "30"));
        var token = Shown().Match(await made.Content.ReadAsStringAsync(Cancel)).Groups[1].Value;
        using (await browser.PostAsync("/members", "/members/invite", ("mail", "ben@example.org"), ("note", "")))
        {
        }

        var invited = MembersServer.TokenOf(new(MembersServer.Links().Match((await server.MailsAsync("ben@example.org", 1))[0]).Value));
        using (await server.Open().PostAsync("/join", ("token", invited), ("name", "Ben"), ("mail", "ben@example.org")))
        {
        }

        var entry = MembersServer.TokenOf(await server.Get<OneTimeLinks>().MakeEntryAsync(anna.Id, Cancel));
        using (await server.Open().PostAsync("/enter", ("token", entry)))
        {
        }

        using (await server.Open().PostAsync("/sign-in", "/sign-in/code", ("mail", "anna@example.org"), ("code", code)))
        {
        }

        var (lines, records) = (server.Log.Where(static line => !line.Contains("no administrator", StringComparison.Ordinal)).ToList(), (await server.RecordsAsync()).Values);
        Assert.True(lines.Count > 100);
        foreach (var secret in (string[])[setup.Split('.')[1], token, invited.Split('.')[1], entry.Split('.')[1], browser.Cookie!])
        {
            Assert.DoesNotContain(lines, line => line.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(records, record => record.Contains(secret, StringComparison.Ordinal));
        }

        Assert.DoesNotContain(lines, line => Regex.IsMatch(line, $@"\b{code}\b"));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_member_takes_out_all_that_is_kept_about_him_and_is_signed_out_when_it_is_erased()
    {
        await using var server = await MembersServer.StartAsync(_folder);
        var (anna, ben) = (await server.MemberAsync("Anna", Member.Administrator), await server.MemberAsync("Ben"));
        var (annas, bens) = (await server.SignedInAsync(anna), await server.SignedInAsync(ben));
        var token = (await server.Get<OwnTokens>().MakeAsync(ben.Id, "backup-of-ben", OwnTokens.All, TimeSpan.FromDays(30), Cancel))!;
        await server.CodeAsync(server.Open(), ben.Mail);
        await server.SettleAsync();
        await server.Get<OneTimeLinks>().MakeEntryAsync(ben.Id, Cancel);
        using (await annas.PostAsync("/members", "/members/invite", ("mail", ben.Mail), ("note", "once more")))
        {
            await server.SettleAsync();
        }

        var files = await Erasing.ExportAsync(server.Services, ben.Id, Cancel);
        Assert.Equal(["links", "member", "sessions", "tokens"], files.Keys.Where(static file => file.StartsWith("members/", StringComparison.Ordinal)).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
        Assert.Contains(ben.Mail, files["members/member.json"], StringComparison.Ordinal);
        Assert.Contains("backup-of-ben", files["members/tokens.json"], StringComparison.Ordinal);
        Assert.DoesNotContain(files.Values, file => file.Contains("hash", StringComparison.OrdinalIgnoreCase) || file.Contains(Tokens.HashOf(token), StringComparison.Ordinal));
        Assert.DoesNotContain(files.Values, file => file.Contains(anna.Mail, StringComparison.Ordinal));

        await Erasing.EraseAsync(server.Services, ben.Id, Cancel);
        Assert.False(await bens.IsSignedInAsync());
        Assert.Null(await server.Get<OwnTokens>().CheckAsync(token, "Token", Cancel));
        Assert.Empty(await Erasing.FindAsync(server.Services, [ben.Id.Value, ben.Mail, Uri.EscapeDataString(ben.Mail), "backup-of-ben", SignInCodes.KeyOf(ben.Mail).Value], Cancel));
        Assert.True(await annas.IsSignedInAsync());
    }

    [GeneratedRegex("id=\"once\" readonly value=\"([^\"]+)\"")]
    private static partial Regex Shown();
}
