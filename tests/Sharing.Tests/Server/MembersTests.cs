using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Server;
using Sharing.Tests.Content;

namespace Sharing.Tests.Server;

/// <summary>Members of the server sample: how they come in, sign in, and go out.</summary>
public sealed partial class MembersTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task As_long_as_there_is_no_administrator_each_start_prints_an_address_and_the_newest_makes_one_once()
    {
        string old;
        await using (var first = await MembersServer.StartAsync(_folder))
        {
            old = MembersServer.TokenOf(first.SetupLink!);
        }

        await using (var second = await MembersServer.StartAsync(_folder))
        {
            var browser = second.Open();
            var token = MembersServer.TokenOf(second.SetupLink!);
            Assert.NotEqual(old, token);
            (string, string)[] Form(string secret) => [("token", secret), ("name", "Anna"), ("mail", "Anna@Example.org")];
            using (var refused = await browser.PostAsync("/setup", Form(old)))
            {
                Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            }

            var page = await browser.TokenAsync("/setup");
            var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => browser.SendAsync("/setup", page, Form(token))));
            Assert.Single(answers, static answer => answer.StatusCode == HttpStatusCode.Redirect);
            Assert.All(answers, static answer => answer.Dispose());
            var member = (await second.Get<MemberBook>().ListAsync(Cancel).SingleAsync(Cancel)).Value;
            Assert.Equal(("Anna", "anna@example.org", true), (member.Name, member.Mail, member.IsAdministrator));
            Assert.Matches("^m[a-z0-9]{12}$", member.Id.Value);
            Assert.Equal(HttpStatusCode.OK, await browser.StatusAsync("/members"));
            Assert.Contains(">Members</a>", await browser.PageAsync("/me/devices"), StringComparison.Ordinal);
            Assert.Equal("anna@example.org", (await second.Get<IPeople>().FindAsync([member.Id], Cancel))[member.Id].Mail);
        }

        await using var third = await MembersServer.StartAsync(_folder);
        Assert.Null(third.SetupLink);
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_the_setting_there_is_nothing_of_it()
    {
        await using var server = await MembersServer.StartAsync(_folder, more: "--Sharing:Members:Enabled=false");
        var browser = server.Open();
        Assert.Null(server.SetupLink);
        Assert.All(await Task.WhenAll(((string[])["/setup", "/join", "/enter", "/members", "/me/devices"]).Select(browser.StatusAsync)), static status => Assert.Equal(HttpStatusCode.NotFound, status));
        Assert.DoesNotContain("name=\"mail\"", await browser.PageAsync("/sign-in"), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Whoever_is_invited_joins_by_a_form_once_and_opening_the_link_changes_nothing()
    {
        await using var server = await MembersServer.StartAsync(_folder);
        var anna = await server.SignedInAsync(await server.MemberAsync("Anna", Member.Administrator));
        using var made = await anna.PostAsync("/members", "/members/invite", ("mail", ""), ("note", "for Ben"));
        var link = new Uri(WebUtility.HtmlDecode(MembersServer.Links().Match(await made.Content.ReadAsStringAsync(Cancel)).Value.Split('"')[0]));
        Assert.Equal("/join", link.AbsolutePath);
        var (ben, before) = (server.Open(), await server.MemberRecordsAsync());
        Assert.Equal(HttpStatusCode.OK, await ben.StatusAsync("/join"));
        Assert.Equal(HttpStatusCode.OK, await ben.StatusAsync(link.PathAndQuery + "?token=" + Uri.EscapeDataString(MembersServer.TokenOf(link))));
        Assert.Equal(before, await server.MemberRecordsAsync());
        foreach (var other in (string[])["/setup", "/enter"]) // for what it was made, and for nothing else
        {
            using var refused = await ben.PostAsync(other, ("token", MembersServer.TokenOf(link)), ("name", "Ben"), ("mail", "ben@example.org"));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        var page = await ben.TokenAsync("/join");
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(n => ben.SendAsync("/join", page, [("token", MembersServer.TokenOf(link)), ("name", "Ben"), ("mail", $"ben{n}@example.org")])));
        Assert.Single(answers, static answer => answer.StatusCode == HttpStatusCode.Redirect);
        Assert.All(answers, static answer => answer.Dispose());
        Assert.Equal(2, await server.Get<MemberBook>().ListAsync(Cancel).CountAsync(Cancel));
        Assert.True(await ben.IsSignedInAsync());
        Assert.Equal(HttpStatusCode.NotFound, await ben.StatusAsync("/members"));
    }

    [Fact(Timeout = 120_000)]
    public async Task An_invitation_for_a_mail_address_is_mailed_there_and_is_for_it_alone_and_ends_after_seven_days()
    {
        await using var server = await MembersServer.StartAsync(_folder);
        var anna = await server.SignedInAsync(await server.MemberAsync("Anna", Member.Administrator));
        foreach (var mail in (string[])["ben@example.org", "carl@example.org"])
        {
            using var made = await anna.PostAsync("/members", "/members/invite", ("mail", mail), ("note", ""));
            Assert.DoesNotContain("/join#", await made.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        async Task<string> TokenAsync(string mail) => MembersServer.TokenOf(new(MembersServer.Links().Match((await server.MailsAsync(mail, 1))[0]).Value));
        var (ben, carl) = (await TokenAsync("ben@example.org"), await TokenAsync("carl@example.org"));
        async Task<HttpStatusCode> JoinAsync(string token, string mail)
        {
            using var answer = await server.Open().PostAsync("/join", ("token", token), ("name", "Somebody"), ("mail", mail));
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.BadRequest, await JoinAsync(ben, "mallory@example.org"));
        Assert.Equal(HttpStatusCode.BadRequest, await JoinAsync(ben, "anna@example.org"));
        Assert.Equal(HttpStatusCode.Redirect, await JoinAsync(ben, " BEN@example.org "));
        server.Clock.Advance(TimeSpan.FromDays(7));
        Assert.Equal(HttpStatusCode.BadRequest, await JoinAsync(carl, "carl@example.org"));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_code_comes_by_mail_and_signs_in_once_and_leads_to_where_somebody_was_going()
    {
        await using var server = await MembersServer.StartAsync(_folder);
        await server.MemberAsync("Anna");
        var browser = server.Open();
        var code = await server.CodeAsync(browser, "anna@example.org");
        (string, string)[] form = [("mail", "ANNA@example.org"), ("code", $"{code[..3]} {code[3..]}"), ("returnUrl", "/people")];
        var token = await browser.TokenAsync("/sign-in");
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => browser.SendAsync("/sign-in/code", token, form)));
        Assert.Equal("/people", Assert.Single(answers, static answer => answer.StatusCode == HttpStatusCode.Redirect).Headers.Location!.OriginalString);
        Assert.All(answers, static answer => answer.Dispose());
        Assert.True(await browser.IsSignedInAsync());
        using var again = await server.Open().PostAsync("/sign-in", "/sign-in/code", form);
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);

        var late = await server.CodeAsync(server.Open(), "anna@example.org");
        server.Clock.Advance(TimeSpan.FromMinutes(10));
        using var tooLate = await server.Open().PostAsync("/sign-in", "/sign-in/code", ("mail", "anna@example.org"), ("code", late));
        Assert.Equal(HttpStatusCode.BadRequest, tooLate.StatusCode);
    }

    [Fact(Timeout = 120_000)]
    public async Task Whether_an_address_is_known_no_answer_and_no_work_tells()
    {
        await using var server = await MembersServer.StartAsync(_folder);
        await server.MemberAsync("Known");
        async Task<(string Page, string Wrong, IReadOnlyList<string> Records)> AskAsync(string mail)
        {
            var (browser, before) = (server.Open(), await server.MemberRecordsAsync());
            using var asked = await browser.PostAsync("/sign-in", "/sign-in/mail", ("mail", mail));
            await server.SettleAsync();
            using var guessed = await browser.PostAsync("/sign-in", "/sign-in/code", ("mail", mail), ("code", "12345"));
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest), (asked.StatusCode, guessed.StatusCode));
            var changed = (await server.MemberRecordsAsync()).Where(record => before.GetValueOrDefault(record.Key) != record.Value).Select(static record => $"{record.Key.Split('/')[0]} {(record.Value.Contains("\"tries\":1", StringComparison.Ordinal) ? "tried" : "")}");
            return (Plain(await asked.Content.ReadAsStringAsync(Cancel), mail), Plain(await guessed.Content.ReadAsStringAsync(Cancel), mail), [.. changed.Order(StringComparer.Ordinal)]);
        }

        var (known, unknown) = (await AskAsync("known@example.org"), await AskAsync("nobody@example.org"));
        Assert.Equal(known.Page, unknown.Page);
        Assert.Equal(known.Wrong, unknown.Wrong);
        Assert.Equal(known.Records, unknown.Records);
        Assert.Contains("sign-in-code tried", known.Records);
        Assert.Single(await server.MailsAsync("known@example.org", 1));
        Assert.Empty(server.Mail.For("nobody@example.org"));
    }

    [Fact(Timeout = 120_000)]
    public async Task An_address_gets_five_codes_an_hour_and_a_network_asks_for_twenty_counted_by_all_hosts_together()
    {
        await using var server = await MembersServer.StartAsync(_folder);
        await server.MemberAsync("Anna");
        var records = server.Get<IRecordStore>();
        SignInCodes[] hosts = [server.Get<SignInCodes>(), new(records, server.Get<MemberOutbox>(), server.Clock)];
        var addresses = Enumerable.Range(0, 64).Select(static n => IPAddress.Parse($"2001:db8:0:{n:x}::1")).ToList();
        Assert.All(await Task.WhenAll(addresses.Select((from, n) => hosts[n % 2].AskAsync("anna@example.org", from, Cancel))), Assert.True);
        Assert.Equal(SignInCodes.MostForMail, (await server.Get<SignInCodes>().FindAsync("anna@example.org", Cancel))!.Value.Asked.Count);

        var near = Enumerable.Range(1, 64).Select(static n => IPAddress.Parse($"2001:db8:1:1::{n:x}"));
        Assert.Equal(SignInCodes.MostFromNetwork, (await Task.WhenAll(near.Select((from, n) => hosts[n % 2].AskAsync($"somebody{n}@example.org", from, Cancel)))).Count(static may => may));
        Assert.False(await hosts[0].AskAsync("another@example.org", IPAddress.Parse("2001:db8:1:1::ffff"), Cancel));
        Assert.True(await hosts[0].AskAsync("another@example.org", IPAddress.Parse("2001:db8:1:2::1"), Cancel));
        Assert.True(await hosts[0].AskAsync("another@example.org", IPAddress.Parse("::ffff:192.0.2.1"), Cancel));
        server.Clock.Advance(TimeSpan.FromHours(1));
        Assert.True(await hosts[0].AskAsync("anna@example.org", IPAddress.Parse("2001:db8:1:1::1"), Cancel));
        await server.SettleAsync();

        var browser = server.Open();
        for (var n = 0; n < SignInCodes.MostFromNetwork; n++)
        {
            using var taken = await browser.PostAsync("/sign-in", "/sign-in/mail", ("mail", $"over{n.ToString(CultureInfo.InvariantCulture)}@example.org"));
            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        }

        using var tooMany = await browser.PostAsync("/sign-in", "/sign-in/mail", ("mail", "over@example.org"));
        Assert.Equal(HttpStatusCode.TooManyRequests, tooMany.StatusCode);
    }

    [Fact(Timeout = 120_000)]
    public async Task Of_a_hundred_thousand_guesses_five_are_looked_at_also_of_those_at_the_same_moment()
    {
        await using var server = await MembersServer.StartAsync(_folder, hasMail: false);
        const string mail = "anna@example.org";
        await server.MemberAsync("Anna");
        var codes = server.Get<SignInCodes>();
        Assert.True(await codes.AskAsync(mail, null, Cancel));
        var code = int.Parse((await codes.MintAsync(mail, Cancel))!, CultureInfo.InvariantCulture);
        var looked = 0;
        for (var n = 0; n < 100_000; n++)
        {
            var guess = (code + 10 + n) % 1_000_000; // the right one comes last
            var said = await codes.EnterAsync(mail, (n == 99_999 ? code : guess).ToString("D6", CultureInfo.InvariantCulture), Cancel);
            Assert.NotEqual(Guess.Right, said);
            looked += said == Guess.Wrong ? 1 : 0;
        }

        Assert.Equal(SignInCodes.MostTries, looked);
        for (var round = 0; round < 20; round++)
        {
            var next = int.Parse((await codes.MintAsync(mail, Cancel))!, CultureInfo.InvariantCulture);
            using var go = new Barrier(64);
            var said = await Task.WhenAll(Enumerable.Range(1, 64).Select(n => Task.Factory.StartNew(
                () =>
                {
                    go.SignalAndWait(Cancel);
                    return codes.EnterAsync(mail, ((next + n) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture), Cancel);
                },
                Cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
            Assert.Equal(SignInCodes.MostTries, said.Count(static one => one == Guess.Wrong));
            Assert.Equal(Guess.Closed, await codes.EnterAsync(mail, next.ToString("D6", CultureInfo.InvariantCulture), Cancel));
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_mail_that_is_not_taken_is_tried_again_with_another_code_and_then_given_up_in_so_many_words()
    {
        var moody = new Moody();
        await using var server = await MembersServer.StartAsync(_folder, hasMail: false, services => services.AddSingleton<INotifier>(moody));
        await server.MemberAsync("Anna");
        Assert.True(await server.Get<SignInCodes>().AskAsync("anna@example.org", null, Cancel));
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            while (moody.Texts.Count < attempt)
            {
                server.Clock.Advance(TimeSpan.FromSeconds(5));
                await Task.Delay(10, Cancel);
            }
        }

        await server.SettleAsync();
        Assert.Equal(4, moody.Texts.Distinct(StringComparer.Ordinal).Count());
        Assert.Contains(server.Log, static line => line.Contains("is given up", StringComparison.Ordinal));
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_a_mail_server_an_administrator_makes_a_link_that_signs_in_once()
    {
        await using var server = await MembersServer.StartAsync(_folder, hasMail: false);
        var (anna, ben) = (await server.SignedInAsync(await server.MemberAsync("Anna", Member.Administrator)), await server.MemberAsync("Ben"));
        Assert.Contains("Ask an administrator", await server.Open().PageAsync("/sign-in"), StringComparison.Ordinal);
        using var made = await anna.PostAsync("/members", "/members/change", ("member", ben.Id.Value), ("do", "link"));
        var token = MembersServer.TokenOf(new(MembersServer.Links().Match(await made.Content.ReadAsStringAsync(Cancel)).Value.Split('"')[0]));
        Assert.DoesNotContain(token, await anna.PageAsync("/members"), StringComparison.Ordinal);
        var browser = server.Open();
        using (var elsewhere = await browser.PostAsync("/join", ("token", token), ("name", "Another"), ("mail", "another@example.org")))
        {
            Assert.Equal(HttpStatusCode.BadRequest, elsewhere.StatusCode); // it makes nobody a member
        }

        var page = await browser.TokenAsync("/enter");
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => browser.SendAsync("/enter", page, [("token", token)])));
        Assert.Single(answers, static answer => answer.StatusCode == HttpStatusCode.Redirect);
        Assert.All(answers, static answer => answer.Dispose());
        Assert.True(await browser.IsSignedInAsync());
        Assert.Contains("Ben", await browser.PageAsync("/me/devices"), StringComparison.Ordinal);
    }

    static string Plain(string page, string mail) => Antiforgery().Replace(page, "").Replace(mail, "", StringComparison.Ordinal);

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"[^\"]+\"")]
    private static partial Regex Antiforgery();

    /// <summary>Takes nothing.</summary>
    sealed class Moody : INotifier
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Texts { get; } = new();

        public Task<NotifyOutcome> NotifyAsync(Notification notification, CancellationToken cancellationToken = default)
        {
            Texts.Enqueue(notification.Text);
            return Task.FromResult(NotifyOutcome.Wait);
        }
    }
}
