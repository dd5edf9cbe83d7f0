using Microsoft.Extensions.DependencyInjection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sharing.Core;
using Sharing.Photos;
using Sharing.Trials.Mail;
using Sharing.Trials.Photos;
using static Sharing.Tests.Photos.PhotoServer;

namespace Sharing.Tests.Photos;

/// <summary>Notices by mail, through a real SMTP server into a real IMAP mailbox, read as a mail program reads them.</summary>
public sealed partial class GrantMailTests : IAsyncLifetime
{
    MailServer _mail = null!;
    PhotoServer _server = null!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _mail = await MailServer.StartAsync(Cancel);
        _server = await StartAsync(
            sharing => sharing.AddMail(mail => (mail.Host, mail.Port, mail.UseTls, mail.From) = ("127.0.0.1", _mail.SmtpPort, false, "photos@example.org")),
            photos => photos.PublicAddress = new("https://photos.example.org/"));
        await _server.Host.Get<PeopleStore>().SaveAsync(new() { Id = Ben, Name = "Ben", Mail = "ben@example.org" }, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _mail.DisposeAsync();
    }

    async Task<PhotoId> PhotoAsync(string name, params (string, string)[] said) => await _server.UploadAsync(Anna, await File.ReadAllBytesAsync(PictureFiles.Picture(name), Cancel), said);

    async Task TellAsync()
    {
        await _server.WorkAsync();
        while (await _server.Host.Get<GrantNotices>().RunOnceAsync(Cancel))
        {
        }
    }

    [Fact, Trait("Row", "F10")]
    public async Task Each_friend_gets_one_mail_for_a_batch_that_says_who_how_many_and_until_when_with_small_pictures_that_lead_to_the_entry_page()
    {
        var photos = new List<PhotoId>();
        foreach (var name in (string[])["photo.jpg", "plain.png", "plain.gif", "plain.webp", "grey.jpg", "cmyk.jpg", "alpha.png"])
        {
            photos.Add(await PhotoAsync(name, ("name", $"<{name}> & \"more\"\r\nBcc: mallory@example.org")));
        }

        var grants = await _server.Grants.GrantAsync(Anna, new() { Photos = photos, Friends = [Ben], Addresses = ["Aunt.Carla@example.org"], ValidFor = TimeSpan.FromDays(3) }, Cancel);
        await TellAsync();
        var mails = await _mail.ReadAsync(2, Cancel);
        Assert.Equal(["aunt.carla@example.org", "ben@example.org"], mails.Select(static mail => mail.GetProperty("to").GetString()).Order(StringComparer.Ordinal));
        foreach (var mail in mails)
        {
            var grant = grants.Single(grant => grant.Address == mail.GetProperty("to").GetString() || (grant.Friend == Ben && mail.GetProperty("to").GetString() == "ben@example.org"));
            var link = $"https://photos.example.org/g/{grant.Id}";
            var (text, html) = (mail.GetProperty("text").GetString()!, mail.GetProperty("html").GetString()!);
            Assert.Equal("Anna Larsen shows you 7 photos", mail.GetProperty("subject").GetString());
            Assert.Equal("Sharing <photos@example.org>", mail.GetProperty("from").GetString()!.Replace("\"", "", StringComparison.Ordinal));
            Assert.Equal($"<grant-{grant.Id}@example.org>", mail.GetProperty("messageId").GetString());
            Assert.DoesNotContain("Bcc", mail.GetProperty("headers").EnumerateArray().Select(static name => name.GetString()));
            Assert.Contains("4 January 2030", text, StringComparison.Ordinal);
            Assert.Contains(link, text, StringComparison.Ordinal);
            Assert.Contains("<photo.jpg> & \"more\"Bcc: mallory@example.org", text, StringComparison.Ordinal);
            Assert.Contains("&lt;photo.jpg&gt; &amp; &quot;more&quot;", html, StringComparison.Ordinal);
            Assert.Contains("And 1 more:", html, StringComparison.Ordinal);
            Assert.Equal([link], Links().Matches(html).Select(static match => match.Groups[1].Value).Distinct(StringComparer.Ordinal));
            var pictures = mail.GetProperty("pictures").EnumerateArray().ToList();
            Assert.Equal(7, pictures.Count); // the seventh photo is on the sheet
            Assert.All(pictures, picture =>
            {
                Assert.InRange(picture.GetProperty("length").GetInt32(), 200, 10_000);
                Assert.Contains($"cid:{picture.GetProperty("id").GetString()}", html, StringComparison.Ordinal);
            });
        }
    }

    [Fact, Trait("Row", "F10")]
    public async Task A_mail_is_sent_once_waits_for_previews_and_is_not_sent_when_it_is_over()
    {
        var photo = await PhotoAsync("photo.jpg");
        var notices = _server.Host.Get<GrantNotices>();
        var kept = (await _server.Grants.GrantAsync(Anna, new() { Photos = [photo], Friends = [Ben] }, Cancel)).Single();
        var revoked = (await _server.Grants.GrantAsync(Anna, new() { Photos = [photo], Friends = [Ben] }, Cancel)).Single();
        await _server.Grants.RevokeAsync(Anna, revoked.Id, Cancel);
        Assert.True(await notices.RunOnceAsync(Cancel) && await notices.RunOnceAsync(Cancel)); // one is over; for the other there is no preview yet
        Assert.False(await notices.RunOnceAsync(Cancel));
        await _server.WorkAsync();
        _server.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.True(await notices.RunOnceAsync(Cancel));
        _server.Clock.Advance(TimeSpan.FromDays(1));
        Assert.False(await notices.RunOnceAsync(Cancel));
        var mail = Assert.Single(await _mail.ReadAsync(1, Cancel));
        Assert.Contains(kept.Id.Value, mail.GetProperty("text").GetString()!, StringComparison.Ordinal);
        Assert.Single(mail.GetProperty("pictures").EnumerateArray());
    }

    /// <summary>Somebody's own notifier that throws keeps mail from nobody, is asked again and again for two days, and then no more.</summary>
    [Fact, Trait("Row", "F10")]
    public async Task A_notifier_that_throws_is_asked_again_for_two_days()
    {
        var push = new Throwing();
        await using var server = await StartAsync(sharing => sharing.Services.AddSingleton<INotifier>(push), static photos => photos.PublicAddress = new("https://photos.example.org/"));
        var photo = await server.UploadAsync(Anna, await File.ReadAllBytesAsync(PictureFiles.Picture("plain.jpg"), Cancel));
        await server.WorkAsync();
        await server.Grants.GrantAsync(Anna, new() { Photos = [photo], Friends = [Ben] }, Cancel);
        var calls = new List<TimeSpan>();
        var begun = server.Clock.GetUtcNow();
        for (var minutes = 0; minutes < 6 * 24 * 60; minutes++)
        {
            if (await server.Host.Get<GrantNotices>().RunOnceAsync(Cancel))
            {
                calls.Add(server.Clock.GetUtcNow() - begun);
            }

            server.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(push.Calls, calls.Count);
        Assert.InRange(calls.Count, 20, 60);
        Assert.InRange(calls[^1].TotalHours, 47, 52);
    }

    sealed class Throwing : INotifier
    {
        public int Calls { get; private set; }

        public Task<NotifyOutcome> NotifyAsync(Notification notification, CancellationToken cancellationToken = default)
        {
            Calls++;
            throw new InvalidOperationException("The push service has moved.");
        }
    }

    [Fact, Trait("Row", "F11")]
    public async Task A_code_is_mailed_to_the_address_and_opens_once_within_its_time_and_tries()
    {
        var photo = await PhotoAsync("plain.png");
        var grant = (await _server.Grants.GrantAsync(Anna, new() { Photos = [photo], Addresses = ["carla@example.org"] }, Cancel)).Single();
        await TellAsync();
        var codes = _server.Host.Get<EntryCodes>();
        async Task<string> CodeAsync(int mails)
        {
            await codes.SendAsync(grant.Id, Cancel);
            Assert.True(await codes.RunOnceAsync(Cancel));
            var mail = (await _mail.ReadAsync(mails, Cancel)).Where(static mail => Code().IsMatch(mail.GetProperty("subject").GetString()!)).MaxBy(static mail => mail.GetProperty("messageId").GetString(), StringComparer.Ordinal);
            return Code().Match(mail.GetProperty("subject").GetString()!).Groups[1].Value;
        }

        var code = await CodeAsync(2);
        Assert.Null(await codes.EnterAsync(GrantId.New(), code, Cancel));
        Assert.Null(await codes.EnterAsync(grant.Id, "", Cancel));
        Assert.Equal("carla@example.org", await codes.EnterAsync(grant.Id, $"{code[..4]} {code[4..]}", Cancel));
        Assert.Null(await codes.EnterAsync(grant.Id, code, Cancel));
        Assert.NotNull(await _server.Entries.OpenAsync(new(null, "carla@example.org"), grant.Id, Cancel));
        Assert.Null(await _server.Entries.OpenAsync(new(null, "other@example.org"), grant.Id, Cancel));
        Assert.Null(await _server.Entries.OpenAsync(new(Ben), grant.Id, Cancel));

        _server.Clock.Advance(TimeSpan.FromSeconds(1));
        var late = await CodeAsync(3);
        _server.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Null(await codes.EnterAsync(grant.Id, late, Cancel));
        var guessed = await CodeAsync(4);
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(await codes.EnterAsync(grant.Id, guessed == "00000000" ? "11111111" : "00000000", Cancel));
        }

        Assert.Null(await codes.EnterAsync(grant.Id, guessed, Cancel));
        await CodeAsync(5);
        await CodeAsync(6);
        await codes.SendAsync(grant.Id, Cancel);
        await codes.RunOnceAsync(Cancel);
        Assert.Equal(6, (await _mail.ReadAsync(6, Cancel)).Length); // five a day, and the notice
    }

    [GeneratedRegex("href=\"([^\"]+)\"")]
    private static partial Regex Links();

    [GeneratedRegex(@"(\d{8}) is your code")]
    private static partial Regex Code();
}
