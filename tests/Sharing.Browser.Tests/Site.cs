using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Playwright;
using Sharing.Core;
using Sharing.Messaging;
using Sharing.Offline;
using Sharing.Photos;
using Sharing.Server;
using Sharing.Trials.Mail;

[assembly: AssemblyFixture(typeof(Sharing.Browser.Tests.Site))]

namespace Sharing.Browser.Tests;

/// <summary>The server sample in this process, an origin, and a browser. Anna and Ben are friends; Carl knows nobody.</summary>
public sealed class Site : IAsyncLifetime
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    readonly string _folder = Directory.CreateTempSubdirectory("sharing-browser-").FullName;
    readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal)
    {
        ["anna"] = Tokens.New(), ["ben"] = Tokens.New(), ["carl"] = Tokens.New(),
    };
    readonly List<IBrowser> _stuck = [];
    WebApplication? _app;
    IPlaywright? _playwright;

    public Origin Origin { get; private set; } = null!;

    internal MailServer Mail { get; private set; } = null!;

    public IBrowser Browser { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public T Get<T>()
        where T : notnull => _app!.Services.GetRequiredService<T>();

    public string TokenOf(string person) => _tokens[person];

    public async ValueTask InitializeAsync()
    {
        Browser = await LaunchAsync();
        Origin = await Origin.StartAsync();
        Mail = await MailServer.StartAsync(TestContext.Current.CancellationToken);
        List<string> args =
        [
            "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None", "--Logging:LogLevel:Microsoft.AspNetCore=None",
            .. new[] { "social", "download", "apps", "photos", "messages" }.Select((role, at) => $"--Sharing:Roles:{at}={role}"), $"--Sharing:Data={_folder}", $"--Sharing:ConfiguredHosts:0={Origin.Address.Authority}",
            "--Sharing:Mail:Host=127.0.0.1", $"--Sharing:Mail:Port={Mail.SmtpPort}", "--Sharing:Mail:UseTls=false", "--Sharing:Mail:From=photos@example.org",
        ];
        foreach (var ((person, token), at) in _tokens.Select((entry, at) => (entry, at)))
        {
            args.AddRange(
            [
                $"--Sharing:People:{at}:Id={person}", $"--Sharing:People:{at}:Name={char.ToUpperInvariant(person[0])}{person[1..]}",
                $"--Sharing:People:{at}:TokenSha256={Tokens.HashOf(token)}", $"--Sharing:People:{at}:Mail={person}@example.org",
            ]);
        }

        _app = ServerHost.Build([.. args]);
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Address = new Uri(_app.Urls.First() + "/");
        Get<IOptions<OfflineOptions>>().Value.PublicAddress = Address; // the port is known only now
        Get<IOptions<PhotoOptions>>().Value.PublicAddress = Address;
        var relationships = Get<IRelationships>();
        var (anna, ben) = (PersonId.Parse("anna"), PersonId.Parse("ben"));
        await relationships.BefriendAsync(anna, ben, true, TestContext.Current.CancellationToken);
        await relationships.BefriendAsync(ben, anna, true, TestContext.Current.CancellationToken);
    }

    /// <summary>Opens a page in a browser context of its own, whose disposal closes both.</summary>
    /// <remarks>A Chromium opens no more pages once in some hundred ("Message 5 rejected by interface blink.mojom.WidgetHost"), and Playwright waits for one without end: then another is launched.</remarks>
    public async Task<IPage> OpenPageAsync(BrowserNewContextOptions? options = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await OpenAsync(options).WaitAsync(2 * Patience, TestContext.Current.CancellationToken);
            }
            catch (TimeoutException) when (attempt < 4)
            {
                TestContext.Current.SendDiagnosticMessage("Chromium opened no page; another is launched.");
                _stuck.Add(Browser);
                Browser = await LaunchAsync();
            }
        }
    }

    async Task<IPage> OpenAsync(BrowserNewContextOptions? options)
    {
        var context = await Browser.NewContextAsync(options);
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        return await context.NewPageAsync();
    }

    /// <summary>Shares a file of the origin's, and waits until the social network has the post.</summary>
    public async Task<SharedPost> ShareAsync(string person, string name, Audience audience, string? text = null, long? length = null)
    {
        var posts = Get<IPosts>();
        var actor = PersonId.Parse(person);
        var post = await posts.ShareAsync(
            actor, new() { Resource = new() { Address = new Uri(Origin.Address, name), Name = name, Length = length }, Audience = audience, Text = text },
            TestContext.Current.CancellationToken);
        await EventuallyAsync(async () =>
            (await posts.FindAsync(actor, post.Id))?.Ledger?.All(line => line.State == PublishState.Sent) == true);
        return post;
    }

    /// <summary>Sends bytes, uploaded over HTTP as a terminal does it.</summary>
    public async Task<SentMessage> SendAsync(string from, string to, string name, byte[] bytes, string? type, string? text = null)
    {
        using var http = new HttpClient();
        var client = new UploadClient(http, TimeProvider.System, _ => ValueTask.FromResult<string?>(TokenOf(from)));
        var metadata = UploadMetadata.Of(type is null ? [new("filename", name)] : [new("filename", name), new("filetype", type)]);
        var cancel = TestContext.Current.CancellationToken;
        var upload = await client.UploadAsync(new Uri(Address, $"v1/uploads/{MessageHome.Purpose}"), UploadSource.Of(new MemoryStream(bytes)), new() { Metadata = metadata }, cancel);
        return await Get<IMessages>().SendAsync(PersonId.Parse(from), new() { To = [to], Upload = upload.Result, Text = text }, null, cancel);
    }

    public Task StoredAsync(SharedPost post) => EventuallyAsync(async () =>
        (await Get<IPosts>().FindAsync(post.Owner, post.Id))?.Library == OfflineState.Stored);

    public static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (!await holds())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var browser in _stuck.Prepend(Browser).OfType<IBrowser>())
        {
            await browser.DisposeAsync();
        }

        _playwright?.Dispose();
        await (Origin?.DisposeAsync() ?? default);
        await (Mail?.DisposeAsync() ?? default);
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    async Task<IBrowser> LaunchAsync()
    {
        var path = Environment.GetEnvironmentVariable("SHARING_CHROMIUM") ?? "/usr/bin/chromium";
        if (!File.Exists(path))
        {
            throw new InvalidOperationException(
                $"The pages are tested in Chromium, and there is none at {path}. Install it, or name it in the environment variable SHARING_CHROMIUM.");
        }

        _playwright ??= await Playwright.CreateAsync();
        return await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox", "--disable-gpu"] });
    }
}
