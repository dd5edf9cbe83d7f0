using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sharing.Social;

/// <summary>For hosts with pages of their own: has a person allow the host at his own server, by the code flow (RFC 6749, 4.1) with proof of possession (PKCE, RFC 7636), instead of pasting a
/// token. Register the application once for each server and keep it; then send the person to <see cref="Begin"/>, and exchange the code that he brings back. Thread-safe singleton.</summary>
public sealed class MastodonSignIn
{
    /// <summary>What the host asks for: to know whose account it is, to read what became of posts, and to post.</summary>
    public const string Scopes = "read:accounts read:statuses write:statuses write:media";

    readonly NetworkCaller _caller;

    internal MastodonSignIn(NetworkCaller caller) => _caller = caller;

    /// <summary>Registers the host as an application at a server.</summary>
    /// <param name="server">The server, as a person named it.</param>
    /// <param name="name">What people are told who asks.</param>
    /// <param name="redirect">Where people come back to; the same in all steps.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SharingException"><see cref="ProblemCodes.InvalidInput"/>: that is no such server; <see cref="ProblemCodes.Busy"/>: it does not answer now.</exception>
    public async Task<MastodonApp> RegisterAsync(Uri server, string name, Uri redirect, CancellationToken cancellationToken = default)
    {
        var root = new Uri(server.GetLeftPart(UriPartial.Authority) + "/");
        var answer = await AskAsync(root, "api/v1/apps", new(name, redirect.ToString(), Scopes, null), MastodonJson.Default.NewApp, cancellationToken);
        return answer.Read(MastodonJson.Default.AppCredentials) is { ClientId: { } id, ClientSecret: { } secret } ? new(root, id, secret, redirect) : throw NoServer(root);
    }

    /// <summary>Begins a sign-in: send the person to the address, and keep state and verifier for him, and for him alone (a cookie, a session) until he comes back.</summary>
    public static MastodonSignInStart Begin(MastodonApp app)
    {
        var (state, verifier) = (Random(), Random());
        var challenge = Base64Url(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        var query = string.Join('&', new (string Name, string Value)[]
        {
            ("response_type", "code"), ("client_id", app.ClientId), ("redirect_uri", app.Redirect.ToString()), ("scope", Scopes), ("state", state), ("code_challenge", challenge), ("code_challenge_method", "S256"),
        }.Select(static pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}"));
        return new(new Uri(app.Server, "oauth/authorize?" + query), state, verifier);
    }

    /// <summary>Exchanges the code for the token, which is then connected like one that was pasted.</summary>
    /// <param name="app">The application.</param>
    /// <param name="start">What was kept for this person.</param>
    /// <param name="state">The <c>state</c> that he came back with.</param>
    /// <param name="code">The <c>code</c> that he came back with.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NotAllowed"/>: he was not sent by us, or the server does not take the code; <see cref="ProblemCodes.Busy"/>: it does not answer now.</exception>
    public async Task<string> ExchangeAsync(MastodonApp app, MastodonSignInStart start, string state, string code, CancellationToken cancellationToken = default)
    {
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state), Encoding.UTF8.GetBytes(start.State)))
        {
            throw new SharingException(ProblemCodes.NotAllowed, "This sign-in was not begun here.");
        }

        var question = new TokenQuestion("authorization_code", code, app.ClientId, app.ClientSecret, app.Redirect.ToString(), start.Verifier, Scopes);
        var answer = await AskAsync(app.Server, "oauth/token", question, MastodonJson.Default.TokenQuestion, cancellationToken);
        return answer.Read(MastodonJson.Default.AccessToken)?.Value ?? throw NoServer(app.Server);
    }

    async Task<NetworkAnswer> AskAsync<T>(Uri server, string path, T body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, path)) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type)) { Headers = { ContentType = new("application/json") } } };
        var answer = await _caller.SendAsync(request, null, 0, cancellationToken);
        return answer switch
        {
            { IsSuccess: true } => answer,
            { Trouble: { State: PublishState.Waiting } trouble } => throw new SharingException(ProblemCodes.Busy, trouble.Reason ?? ""),
            { Status: System.Net.HttpStatusCode.NotFound } => throw NoServer(server),
            _ => throw new SharingException(ProblemCodes.NotAllowed, answer.Failure(server.Host).Reason ?? ""),
        };
    }

    static SharingException NoServer(Uri server) => new(ProblemCodes.InvalidInput, $"{server.Host} does not speak Mastodon's API.");

    static string Random() => Base64Url(RandomNumberGenerator.GetBytes(32));

    static string Base64Url(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
