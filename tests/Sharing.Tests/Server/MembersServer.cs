using System.Collections.Concurrent;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.Core;
using Sharing.Server;
using Sharing.Testing;
using Sharing.Tests.Content;
using Sharing.Tour;

namespace Sharing.Tests.Server;

/// <summary>The server sample in this process with members, a clock that stands still, and an SMTP server that keeps what it takes.</summary>
sealed partial class MembersServer : IAsyncDisposable
{
    public const string Public = "https://club.example.org/";

    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    readonly WebApplication _app;
    readonly List<IDisposable> _browsers = [];

    MembersServer(WebApplication app, FakeTimeProvider clock, MailSink mail, Lines log) => (_app, Clock, Mail, Log, Address) = (app, clock, mail, log, new(app.Urls.First() + "/"));

    public FakeTimeProvider Clock { get; }

    public MailSink Mail { get; }

    public Lines Log { get; }

    public Uri Address { get; }

    public IServiceProvider Services => _app.Services;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<MembersServer> StartAsync(TemporaryFolder folder, bool hasMail = true, Action<IServiceCollection>? services = null, params string[] more)
    {
        var (clock, mail, log) = (new FakeTimeProvider(), MailSink.Start(), new Lines());
        string[] sends = hasMail ? ["--Sharing:Mail:Host=127.0.0.1", $"--Sharing:Mail:Port={mail.Port}", "--Sharing:Mail:UseTls=false", "--Sharing:Mail:From=club@example.org"] : [];
        var app = ServerHost.Build(
            ["--urls=http://127.0.0.1:0", $"--Sharing:Data={folder.Path}", $"--Sharing:PublicAddress={Public}", "--Sharing:Members:Enabled=true", "--Logging:Console:LogLevel:Default=None", "--Logging:LogLevel:Default=Trace",
                "--Logging:LogLevel:Microsoft=Trace", "--Logging:LogLevel:Microsoft.AspNetCore=Trace", .. sends, .. more],
            added =>
            {
                added.AddSingleton<TimeProvider>(clock).AddSingleton<ILoggerProvider>(log);
                services?.Invoke(added);
            });
        await app.StartAsync(Cancel);
        return new(app, clock, mail, log);
    }

    public async ValueTask DisposeAsync()
    {
        _browsers.ForEach(static browser => browser.Dispose());
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        await Mail.DisposeAsync();
    }

    public Browser Open()
    {
        var browser = new Browser(Address);
        _browsers.Add(browser);
        return browser;
    }

    /// <summary>A member, made without any of the ways to become one.</summary>
    public async Task<Member> MemberAsync(string name, string role = Member.Ordinary)
    {
        var batch = new RecordBatch();
        var member = await Get<MemberBook>().AddAsync(batch, name, $"{name.ToLowerInvariant()}@example.org", role, Cancel);
        Assert.True((await Get<IRecordStore>().CommitAsync(batch, Cancel)).Committed);
        await Get<MemberBook>().KnowAsync(member, Cancel);
        return member;
    }

    /// <summary>Signs a member in by a link.</summary>
    public async Task SignInAsync(Browser browser, Member member)
    {
        using var answer = await browser.PostAsync("/enter", ("token", TokenOf(await Get<OneTimeLinks>().MakeEntryAsync(member.Id, Cancel))));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    public async Task<Browser> SignedInAsync(Member member)
    {
        var browser = Open();
        await SignInAsync(browser, member);
        return browser;
    }

    /// <summary>What stands behind the # of a link, which leads to the address of the settings.</summary>
    public static string TokenOf(Uri link)
    {
        Assert.StartsWith(Public, link.AbsoluteUri, StringComparison.Ordinal);
        return link.Fragment[1..];
    }

    /// <summary>The link that the start printed last.</summary>
    public Uri? SetupLink => Log.Where(static line => line.Contains("no administrator", StringComparison.Ordinal)).Select(static line => new Uri(Links().Match(line).Value)).LastOrDefault();

    /// <summary>The texts of the mails for an address, once there are so many.</summary>
    public async Task<IReadOnlyList<string>> MailsAsync(string address, int count)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        patience.CancelAfter(s_patience);
        while (Mail.For(address).Count < count)
        {
            await Task.Delay(10, patience.Token);
        }

        return [.. Mail.For(address).Select(TextOf)];
    }

    /// <summary>Until no mail is to go out any more.</summary>
    public async Task SettleAsync()
    {
        while (await Get<MemberOutbox>().Queue.NextDueAsync(Cancel) is not null)
        {
            await Task.Delay(10, Cancel);
        }
    }

    /// <summary>Asks for a code and reads it from the mail.</summary>
    public async Task<string> CodeAsync(Browser browser, string mail)
    {
        var before = Mail.For(mail).Count;
        using var answer = await browser.PostAsync("/sign-in", "/sign-in/mail", ("mail", mail));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Code().Match((await MailsAsync(mail, before + 1))[^1]).Groups[1].Value;
    }

    /// <summary>The records of some kinds, by key, with their values.</summary>
    public async Task<Dictionary<string, string>> RecordsAsync(params string[] kinds)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var record in Get<IRecordStore>().ScanAsync(RecordRange.All, Cancel))
        {
            if (kinds.Length == 0 || kinds.Contains(record.Key.Kind))
            {
                all[record.Key.Value] = $"{record.Version} {Encoding.UTF8.GetString(record.Json.Span)}";
            }
        }

        return all;
    }

    /// <summary>What members are, and what is to be done for them; not what a host looks after by itself meanwhile.</summary>
    public Task<Dictionary<string, string>> MemberRecordsAsync() =>
        RecordsAsync("member", "member-mail", "session", "member-token", "member-link", "sign-in-code", "sign-in-limit", "person", "work", "work-due");

    static string TextOf(string mail) => Encoded().Match(mail) is { Success: true } part ? Encoding.UTF8.GetString(Convert.FromBase64String(part.Groups[1].Value)) : mail.Replace("=\r\n", "", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);

    [GeneratedRegex(@"your code is (\d{6})\b")]
    private static partial Regex Code();

    [GeneratedRegex(@"https?://\S+#\S+")]
    public static partial Regex Links();

    [GeneratedRegex(@"Content-Transfer-Encoding: base64\s*\r?\n\r?\n([A-Za-z0-9+/=\s]+)")]
    private static partial Regex Encoded();
}

/// <summary>Everything that is logged, with the exceptions.</summary>
sealed class Lines : ConcurrentQueue<string>, ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
    {
        Enqueue(state.ToString() ?? "");
        return null;
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
        // nothing to let go
    }
}

/// <summary>Somebody's browser: it keeps cookies, and follows nothing by itself.</summary>
sealed partial class Browser(Uri address) : IDisposable
{
    readonly CookieContainer _cookies = new();
    HttpClient? _http;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    HttpClient Http => _http ??= new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = _cookies, UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>The cookie that signs in, if there is one.</summary>
    public string? Cookie
    {
        get => _cookies.GetCookies(address)["sharing"]?.Value;
        set => _cookies.Add(address, new Cookie("sharing", value, "/"));
    }

    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(path, Cancel);

    public async Task<string> PageAsync(string path) => await Http.GetStringAsync(path, Cancel);

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await GetAsync(path);
        return answer.StatusCode;
    }

    /// <summary>Whether the server knows who this is.</summary>
    public async Task<bool> IsSignedInAsync() => await StatusAsync("/me/devices") == HttpStatusCode.OK && await StatusAsync("/v1/feed") == HttpStatusCode.OK;

    public async Task<string> TokenAsync(string page) => Field().Match(await PageAsync(page)).Groups[1].Value;

    public Task<HttpResponseMessage> PostAsync(string path, params (string Name, string Value)[] fields) => PostAsync(path, path, fields);

    /// <summary>Sends a form that is on a page, with the token that is in it.</summary>
    public async Task<HttpResponseMessage> PostAsync(string page, string action, params (string Name, string Value)[] fields) => await SendAsync(action, await TokenAsync(page), fields);

    public async Task<HttpResponseMessage> SendAsync(string action, string? token, (string Name, string Value)[] fields, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, action);
        request.Content = new FormUrlEncodedContent(fields.Concat(token is null ? [] : [("__RequestVerificationToken", token)]).Select(static field => KeyValuePair.Create(field.Item1, field.Item2)));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request, Cancel);
    }

    public void Dispose() => _http?.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Field();
}
