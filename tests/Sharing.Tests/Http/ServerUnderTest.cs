using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sharing.Offline;
using Sharing.Server;
using Sharing.Tests.Content;
using Sharing.Tests.Fetching;

namespace Sharing.Tests.Http;

/// <summary>The server sample in this process with both roles, and an origin. Two further networks can be connected there; they take nobody's token.</summary>
public sealed class ServerUnderTest : IAsyncLifetime
{
    public const string Elsewhere = "elsewhere";
    public const string Spare = "spare";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly TemporaryFolder _folder = new();
    readonly Dictionary<Actor, string> _tokens = Enum.GetValues<Actor>().Where(actor => actor != Actor.Anonymous).ToDictionary(actor => actor, _ => Tokens.New());
    LoopbackServer _origin = null!;
    WebApplication _app = null!;

    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    /// <summary>Sends as it is told to: no redirects, no cookies of its own.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(30) };

    public static PersonId IdOf(Actor actor) => PersonId.Parse(actor.ToString());

    public string TokenOf(Actor actor) => _tokens[actor];

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        _origin = await LoopbackServer.StartAsync(AnswerAsync);
        List<string> args =
        [
            "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None", "--Logging:LogLevel:Microsoft.AspNetCore=None",
            $"--Sharing:Data={_folder.Path}", $"--Sharing:ConfiguredHosts:0=127.0.0.1:{_origin.Port}",
            $"--Sharing:Networks:{Elsewhere}={_origin.Address}/", $"--Sharing:Networks:{Spare}={_origin.Address}/",
            $"--Sharing:Hosts:0:TokenSha256={Tokens.HashOf(TokenOf(Actor.Host))}",
        ];
        foreach (var (actor, at) in Enum.GetValues<Actor>().Except([Actor.Anonymous, Actor.Host, Actor.DeadToken]).Select((actor, at) => (actor, at)))
        {
            args.AddRange([$"--Sharing:People:{at}:Id={actor}", $"--Sharing:People:{at}:Name={actor}", $"--Sharing:People:{at}:TokenSha256={Tokens.HashOf(TokenOf(actor))}"]);
        }

        _app = ServerHost.Build([.. args]);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.First() + "/");
        Get<IOptions<OfflineOptions>>().Value.PublicAddress = Address; // the port is known only now
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        await _origin.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>An address that nobody else was given, with some bytes behind it.</summary>
    public Uri NewAddress() => new($"{_origin.Address}/files/{Guid.NewGuid():N}.bin");

    public Resource NewResource() => new() { Address = NewAddress(), Name = "film.bin" };

    public HttpRequestMessage RequestOf(Actor actor, HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(Address, path));
        if (actor != Actor.Anonymous)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TokenOf(actor));
        }

        return request;
    }

    /// <summary>Shares as the owner.</summary>
    public Task<SharedPost> ShareAsync(Audience audience) =>
        Get<IPosts>().ShareAsync(IdOf(Actor.Owner), new() { Resource = NewResource(), Audience = audience });

    public static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (!await holds())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>A file for each path; and a network where everybody must sign in again.</summary>
    static Task AnswerAsync(HttpContext context) => context.Request.Path.StartsWithSegments("/files")
        ? Results.Bytes(new byte[200_000], "application/x-film", enableRangeProcessing: true).ExecuteAsync(context)
        : context.Request.Path.StartsWithSegments("/missing") ? Results.NotFound().ExecuteAsync(context)
        : context.Request.Path.StartsWithSegments("/busy") ? Results.StatusCode(503).ExecuteAsync(context)
        : Results.Json(new { type = "urn:sharing:problem:sign-in-required", status = 401 }, contentType: "application/problem+json", statusCode: 401)
            .ExecuteAsync(context);
}
