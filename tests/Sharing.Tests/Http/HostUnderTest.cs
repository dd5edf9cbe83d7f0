using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Offline;
using Sharing.Server;

namespace Sharing.Tests.Http;

/// <summary>A running host whose every route is asked by every actor for everything there is. Two further networks can be connected there; they take nobody's
/// token.</summary>
public abstract class HostUnderTest : IAsyncLifetime
{
    public const string Elsewhere = "elsewhere";
    public const string Spare = "spare";

    readonly Dictionary<Actor, string> _tokens = Enum.GetValues<Actor>().Where(actor => actor != Actor.Anonymous).ToDictionary(actor => actor, _ => Tokens.New());
    readonly SemaphoreSlim _once = new(1, 1);
    IReadOnlyList<Answer>? _answers;

    public Uri Address { get; protected set; } = null!;

    public abstract IServiceProvider Services { get; }

    /// <summary>What uploads are for here, if there are any.</summary>
    public virtual string Purpose => "things";

    /// <summary>A page with a form on it, for whoever has signed in.</summary>
    public virtual string FormPage => "people";

    /// <summary>Sends as it is told to: no redirects, no cookies of its own.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Those who have a token that signs them in as a person.</summary>
    protected static IEnumerable<Actor> People => Enum.GetValues<Actor>().Except([Actor.Anonymous, Actor.Host, Actor.DeadToken]);

    public static PersonId IdOf(Actor actor) => PersonId.Parse(actor.ToString());

    public string TokenOf(Actor actor) => _tokens[actor];

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>What the matrix of questions was answered; asked once.</summary>
    internal async Task<IReadOnlyList<Answer>> AnswersAsync()
    {
        await _once.WaitAsync();
        try
        {
            return _answers ??= await Matrix.AskAsync(this, Route.Of(Services));
        }
        finally
        {
            _once.Release();
        }
    }

    /// <summary>Makes what is asked for.</summary>
    internal abstract Task<ISubjects> SubjectsAsync();

    /// <summary>An address that nobody else was given, with some bytes behind it.</summary>
    public abstract Uri NewAddress();

    public Resource NewResource() => new() { Address = NewAddress(), Name = "film.bin" };

    /// <summary>Shares as the owner.</summary>
    public Task<SharedPost> ShareAsync(Audience audience) =>
        Get<IPosts>().ShareAsync(IdOf(Actor.Owner), new() { Resource = NewResource(), Audience = audience });

    public HttpRequestMessage RequestOf(Actor actor, HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(Address, path));
        if (actor != Actor.Anonymous)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TokenOf(actor));
        }

        return request;
    }

    public abstract ValueTask InitializeAsync();

    public virtual ValueTask DisposeAsync()
    {
        Http.Dispose();
        GC.SuppressFinalize(this);
        return default;
    }

    /// <summary>What stands around a host: a file for each path; and a network where everybody must sign in again.</summary>
    protected static Task AnswerAsync(HttpContext context) => context.Request.Path.StartsWithSegments("/files")
        ? Results.Bytes(new byte[200_000], "application/x-film", enableRangeProcessing: true).ExecuteAsync(context)
        : context.Request.Path.StartsWithSegments("/missing") ? Results.NotFound().ExecuteAsync(context)
        : context.Request.Path.StartsWithSegments("/busy") ? Results.StatusCode(503).ExecuteAsync(context)
        : Results.Json(new { type = "urn:sharing:problem:sign-in-required", status = 401 }, contentType: "application/problem+json", statusCode: 401)
            .ExecuteAsync(context);
}
