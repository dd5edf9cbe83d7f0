using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Server;
using Sharing.Tests.Content;

namespace Sharing.Tests.Server;

/// <summary>Members of the server sample: sessions, tokens and roles.</summary>
public sealed partial class MemberSessionTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Each_sign_in_begins_a_session_of_its_own_and_a_cookie_from_before_is_worth_nothing()
    {
        await using var server = await MembersServer.StartAsync(_folder);
        var (anna, mallory) = (await server.MemberAsync("Anna"), await server.MemberAsync("Mallory"));
        var (victim, attacker) = (server.Open(), await server.SignedInAsync(mallory));
        victim.Cookie = attacker.Cookie;
        Assert.True(await victim.IsSignedInAsync());
        var planted = attacker.Cookie!;
        await server.SignInAsync(victim, anna);
        Assert.NotEqual(planted, victim.Cookie);
        Assert.Contains("Anna", await victim.PageAsync("/me/devices"), StringComparison.Ordinal);
        Assert.False(await attacker.IsSignedInAsync());

        var (first, other) = (victim.Cookie!, server.Open());
        await server.SignInAsync(victim, anna);
        other.Cookie = first;
        Assert.False(await other.IsSignedInAsync());
        Assert.Equal(1, await server.Get<Sessions>().ListAsync(anna.Id, Cancel).CountAsync(Cancel));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_session_that_was_ended_is_refused_at_the_next_request()
    {
        await using var server = await MembersServer.StartAsync(_folder);
        var anna = await server.MemberAsync("Anna");
        var browsers = new List<Browser>();
        for (var n = 0; n < 4; n++)
        {
            browsers.Add(await server.SignedInAsync(anna));
        }

        async Task EndsAsync(Browser by, string action, params (string, string)[] fields)
        {
            using var answer = await by.PostAsync("/me/devices", action, fields);
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        }

        var here = Named().Match(await browsers[0].PageAsync("/me/devices")).Groups[1].Value;
        Assert.Equal(64, here.Length);
        var mallory = await server.SignedInAsync(await server.MemberAsync("Mallory"));
        await EndsAsync(mallory, "/me/devices/end", ("session", here)); // somebody else's
        Assert.All(await Task.WhenAll(browsers.Select(static one => one.IsSignedInAsync())), Assert.True);

        var cookie = browsers[3].Cookie;
        await EndsAsync(browsers[3], "/sign-out");
        browsers[3].Cookie = cookie;
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Redirect), (await browsers[3].StatusAsync("/v1/feed"), await browsers[3].StatusAsync("/me/devices")));
        await EndsAsync(browsers[0], "/me/devices/others");
        var left = await Task.WhenAll(browsers.Take(3).Select(static one => one.IsSignedInAsync()));
        Assert.Equal([true, false, false], left);
        var mine = Named().Match(await browsers[0].PageAsync("/me/devices")).Groups[1].Value;
        await EndsAsync(browsers[0], "/me/devices/name", ("session", mine), ("label", "<My> \"lap\""));
        Assert.Contains("&lt;My&gt; &quot;lap&quot;", await browsers[0].PageAsync("/me/devices"), StringComparison.Ordinal);
        await EndsAsync(browsers[0], "/me/devices/end", ("session", mine));
        Assert.False(await browsers[0].IsSignedInAsync());
    }

    [Fact(Timeout = 120_000)]
    public async Task A_session_that_rests_for_thirty_days_is_over_and_the_sweep_deletes_what_has_had_its_time()
    {
        await using var server = await MembersServer.StartAsync(_folder);
        var anna = await server.MemberAsync("Anna");
        var (used, rests) = (await server.SignedInAsync(anna), await server.SignedInAsync(anna));
        Assert.NotNull(await server.Get<OwnTokens>().MakeAsync(anna.Id, "backup", OwnTokens.Read, TimeSpan.FromDays(30), Cancel));
        await server.Get<OneTimeLinks>().MakeEntryAsync(anna.Id, Cancel);
        Assert.True(await server.Get<SignInCodes>().AskAsync("nobody@example.org", null, Cancel));
        await server.SettleAsync();
        for (var n = 0; n < 3; n++)
        {
            server.Clock.Advance(TimeSpan.FromDays(11));
            Assert.True(await used.IsSignedInAsync());
        }

        Assert.False(await rests.IsSignedInAsync());
        var stolen = await server.SignedInAsync(anna); // a cookie may be kept for longer than it says
        var key = (await server.Get<Sessions>().ListAsync(anna.Id, Cancel).OrderByDescending(static one => one.Version).FirstAsync(Cancel)).Key;
        var old = new StoredSession(anna.Id, server.Clock.GetUtcNow(), server.Clock.GetUtcNow() - TimeSpan.FromDays(31), "A program on some device");
        await server.Get<IRecordStore>().CommitAsync(new RecordBatch().Put(key, old, MemberJson.Default.StoredSession, RecordBatch.Any), Cancel);
        Assert.False(await stolen.IsSignedInAsync());
        await server.Services.GetServices<ISweep>().OfType<MemberSweep>().Single().SweepAsync(static _ => { }, Cancel);
        var left = await server.RecordsAsync("session", "member-token", "member-link", "sign-in-code", "sign-in-limit");
        Assert.StartsWith("session/", Assert.Single(left).Key, StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task Of_very_many_sessions_the_one_that_rests_longest_gives_way_and_of_tokens_no_more_are_made()
    {
        await using var server = await MembersServer.StartAsync(_folder);
        var anna = await server.MemberAsync("Anna");
        var (first, sessions, tokens) = (await server.SignedInAsync(anna), server.Get<Sessions>(), server.Get<OwnTokens>());
        server.Clock.Advance(TimeSpan.FromHours(1));
        var batch = new RecordBatch();
        for (var n = 0; n < Sessions.Most - 1; n++)
        {
            batch.Put(sessions.KeyOf(Tokens.HashOf(Tokens.New())), new(anna.Id, server.Clock.GetUtcNow(), server.Clock.GetUtcNow(), "A program on some device"), MemberJson.Default.StoredSession, RecordBatch.Absent);
        }

        await server.Get<IRecordStore>().CommitAsync(batch, Cancel);
        var last = await server.SignedInAsync(anna);
        Assert.Equal(Sessions.Most, await sessions.ListAsync(anna.Id, Cancel).CountAsync(Cancel));
        Assert.Equal((false, true), (await first.IsSignedInAsync(), await last.IsSignedInAsync()));
        for (var n = 0; n < OwnTokens.Most; n++)
        {
            Assert.NotNull(await tokens.MakeAsync(anna.Id, "backup", OwnTokens.Read, TimeSpan.FromDays(30), Cancel));
        }

        await Assert.ThrowsAsync<SharingException>(() => tokens.MakeAsync(anna.Id, "backup", OwnTokens.Read, TimeSpan.FromDays(30), Cancel));
    }

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android")]
    [InlineData("", "A program on some device")]
    public void A_device_is_named_in_a_few_words(string agent, string name) => Assert.Equal(name, Sessions.DeviceOf(agent));

    [Fact(Timeout = 120_000)]
    public async Task A_token_is_shown_once_and_may_no_more_than_was_said_and_makes_no_other()
    {
        await using var server = await MembersServer.StartAsync(_folder);
        var anna = await server.MemberAsync("Anna", Member.Administrator);
        var browser = await server.SignedInAsync(anna);
        async Task<string> MakeAsync(string rights)
        {
            using var made = await browser.PostAsync("/me/devices", "/me/devices/token", ("name", "backup"), ("rights", rights), ("days", "30"));
            return Shown().Match(await made.Content.ReadAsStringAsync(Cancel)).Groups[1].Value;
        }

        var (read, all) = (await MakeAsync("read"), await MakeAsync("all"));
        Assert.Equal(43, read.Length);
        Assert.DoesNotContain(read, await browser.PageAsync("/me/devices"), StringComparison.Ordinal);
        Assert.DoesNotContain((await server.RecordsAsync()).Values, record => record.Contains(read, StringComparison.Ordinal));
        using (var odd = await browser.PostAsync("/me/devices", "/me/devices/token", ("name", "backup"), ("rights", "administrator"), ("days", "9999")))
        {
            Assert.Equal(HttpStatusCode.BadRequest, odd.StatusCode);
        }

        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = server.Address };
        async Task<(HttpStatusCode, string)> SendAsync(string token, HttpMethod method, string path, string? other = null)
        {
            using var request = new HttpRequestMessage(method, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
            request.Content = method == HttpMethod.Get ? null : new FormUrlEncodedContent([]);
            if (other is not null)
            {
                request.Headers.Add("X-HTTP-Method-Override", other);
            }

            using var answer = await http.SendAsync(request, Cancel);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        }

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(read, HttpMethod.Get, "/v1/feed")).Item1);
        var (status, problem) = await SendAsync(read, HttpMethod.Post, "/v1/posts");
        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("urn:sharing:problem:not-allowed", problem, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(read, HttpMethod.Put, "/v1/me/erasure")).Item1);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(read, HttpMethod.Get, "/v1/uploads/photos/x", "DELETE")).Item1);
        Assert.NotEqual(HttpStatusCode.Forbidden, (await SendAsync(all, HttpMethod.Post, "/v1/posts")).Item1);
        foreach (var token in (string[])[read, all])
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(token, HttpMethod.Post, "/me/devices/token")).Item1);
            Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(token, HttpMethod.Get, "/me/devices")).Item1);
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(token, HttpMethod.Get, "/members")).Item1);
            using var byForm = await server.Open().PostAsync("/sign-in", ("token", token));
            Assert.Equal(HttpStatusCode.BadRequest, byForm.StatusCode); // a token is no way to a session, which may more
        }

        Assert.Equal(2, await server.Get<OwnTokens>().ListAsync(anna.Id, Cancel).CountAsync(Cancel));
        using (await browser.PostAsync("/me/devices", "/me/devices/token-end", ("token", Tokens.HashOf(all))))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(all, HttpMethod.Get, "/v1/feed")).Item1);
        }

        server.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(read, HttpMethod.Get, "/v1/feed")).Item1);
    }

    [Fact(Timeout = 120_000)]
    public async Task Administrators_alone_see_and_change_members_and_one_of_them_stays()
    {
        await using var server = await MembersServer.StartAsync(_folder);
        var (anna, ben) = (await server.MemberAsync("Anna", Member.Administrator), await server.MemberAsync("Ben"));
        var (annas, bens) = (await server.SignedInAsync(anna), await server.SignedInAsync(ben));
        async Task<HttpStatusCode> DoAsync(Browser by, Member member, string what)
        {
            using var answer = await by.SendAsync("/members/change", await by.TokenAsync("/me/devices"), [("member", member.Id.Value), ("do", what)]);
            return answer.StatusCode;
        }

        foreach (var nobody in (Browser[])[bens, server.Open()])
        {
            using var hidden = await nobody.GetAsync("/members");
            using var missing = await nobody.GetAsync("/there-is-no-such-page");
            Assert.Equal((missing.StatusCode, await missing.Content.ReadAsStringAsync(Cancel)), (hidden.StatusCode, await hidden.Content.ReadAsStringAsync(Cancel)));
        }

        Assert.Equal(HttpStatusCode.NotFound, await DoAsync(bens, ben, Member.Administrator));
        Assert.Equal(HttpStatusCode.Forbidden, await DoAsync(annas, anna, Member.Ordinary));
        Assert.Equal(HttpStatusCode.Forbidden, await DoAsync(annas, anna, "disable"));
        Assert.Equal(HttpStatusCode.Redirect, await DoAsync(annas, ben, Member.Administrator));
        Assert.Equal(HttpStatusCode.OK, await bens.StatusAsync("/members"));
        Assert.Equal(HttpStatusCode.Redirect, await DoAsync(annas, ben, Member.Ordinary));
        Assert.Equal(HttpStatusCode.NotFound, await bens.StatusAsync("/members"));

        var token = (await server.Get<OwnTokens>().MakeAsync(ben.Id, "backup", OwnTokens.All, TimeSpan.FromDays(30), Cancel))!;
        Assert.NotNull(await server.Get<OwnTokens>().CheckAsync(token, "Token", Cancel));
        var book = server.Get<MemberBook>();
        await book.ChangeAsync(ben.Id, static one => one with { Disabled = one.Created }, Cancel); // as if the host died before it ended his sessions
        Assert.False(await bens.IsSignedInAsync());
        Assert.Null(await server.Get<OwnTokens>().CheckAsync(token, "Token", Cancel));
        await book.ChangeAsync(ben.Id, static one => one with { Disabled = null }, Cancel);
        bens = await server.SignedInAsync(ben);
        Assert.Equal(HttpStatusCode.Redirect, await DoAsync(annas, ben, "disable"));
        Assert.False(await bens.IsSignedInAsync());
        Assert.Null(await server.Get<OwnTokens>().CheckAsync(token, "Token", Cancel));
        using (var link = await server.Open().PostAsync("/enter", ("token", MembersServer.TokenOf(await server.Get<OneTimeLinks>().MakeEntryAsync(ben.Id, Cancel)))))
        {
            Assert.Equal(HttpStatusCode.BadRequest, link.StatusCode);
        }

        using (await server.Open().PostAsync("/sign-in", "/sign-in/mail", ("mail", ben.Mail)))
        {
            await server.SettleAsync();
            Assert.Empty(server.Mail.For(ben.Mail));
        }

        Assert.Equal(HttpStatusCode.Redirect, await DoAsync(annas, ben, "enable"));
        Assert.False(await bens.IsSignedInAsync());
        for (var round = 0; round < 20; round++)
        {
            Member[] both = [anna, ben];
            await Task.WhenAll(both.Select(member => book.ChangeAsync(member.Id, static one => one with { Role = Member.Administrator }, Cancel)));
            await Task.WhenAll(both.Select(async member =>
            {
                try
                {
                    await Task.Yield();
                    await book.ChangeAsync(member.Id, static one => one with { Role = Member.Ordinary }, Cancel);
                }
                catch (SharingException)
                {
                    // the last one
                }
            }));
            Assert.True(await book.HasAdministratorAsync(Cancel));
        }
    }

    [GeneratedRegex("name=\"session\" value=\"([0-9a-f]{64})\"")]
    private static partial Regex Named();

    [GeneratedRegex("id=\"once\" readonly value=\"([^\"]+)\"")]
    private static partial Regex Shown();
}
