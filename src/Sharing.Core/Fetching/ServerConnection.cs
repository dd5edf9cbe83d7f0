using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sharing.Core;

/// <summary>Speaks to a Sharing server: adds who is asking, and turns problems into <see cref="SharingException"/>s with their code. Thread-safe.</summary>
/// <param name="http">The guarded client <see cref="GuardedClient.Services"/>; the server must be in <see cref="FetchOptions.Services"/> if its address is not public.</param>
/// <param name="server">The server's address, with a slash at its end.</param>
/// <param name="tokenOf">The bearer token of a person (<c>null</c>: of this host itself).</param>
public sealed class ServerConnection(HttpClient http, Uri server, Func<PersonId?, CancellationToken, ValueTask<string?>> tokenOf)
{
    /// <summary>The header that carries the caller's key.</summary>
    public const string KeyHeader = "Idempotency-Key";

    /// <summary>The server's address.</summary>
    public Uri Server { get; } = server;

    /// <summary>The path of a page of a list.</summary>
    public static string Page(string path, string? cursor, int count) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}?count={count}") + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}");

    /// <summary>Asks, and reads the answer; <c>null</c> when the server says "not found".</summary>
    public Task<T?> GetAsync<T>(PersonId? actor, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => GetOrMakeAsync(actor, HttpMethod.Get, path, type, cancellationToken);

    /// <summary>Sends something, and reads the answer; <c>null</c> when the server says "not found".</summary>
    public async Task<T?> SendAsync<TBody, T>(
        PersonId? actor, HttpMethod method, string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<T> type, string? key,
        CancellationToken cancellationToken)
        where T : class
    {
        var request = new HttpRequestMessage(method, new Uri(Server, path)) { Content = JsonContent.Create(body, bodyType) };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation(KeyHeader, Uri.EscapeDataString(key));
            request.Options.Set(GuardedClient.Repeatable, true);
        }

        using var response = await SendAsync(actor, request, cancellationToken);
        return response is null ? null : await ReadAsync(response, type, cancellationToken);
    }

    /// <summary>Asks something that is too long for an address, and reads the answer; <c>null</c> when the server says "not found". A server that does not answer is asked again.</summary>
    public Task<T?> QuestionAsync<TBody, T>(PersonId? actor, string path, TBody question, JsonTypeInfo<TBody> questionType, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Server, path)) { Content = JsonContent.Create(question, questionType) };
        request.Options.Set(GuardedClient.Repeatable, true);
        return AskAsync(actor, request, type, cancellationToken);
    }

    /// <summary>Sends something without a body, and reads the answer; <c>null</c> when the server says "not found".</summary>
    public Task<T?> GetOrMakeAsync<T>(
        PersonId? actor, HttpMethod method, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => AskAsync(actor, new HttpRequestMessage(method, new Uri(Server, path)), type, cancellationToken);

    /// <summary>Sends a request of the caller's making, and reads the answer; <c>null</c> when the server says "not found".</summary>
    public async Task<T?> AskAsync<T>(PersonId? actor, HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await SendAsync(actor, request, cancellationToken);
        return response is null ? null : await ReadAsync(response, type, cancellationToken);
    }

    /// <summary>Sends something without a body, and without an answer that matters.</summary>
    /// <returns>Whether the server knew what was meant.</returns>
    public async Task<bool> TellAsync(PersonId? actor, HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(actor, new HttpRequestMessage(method, new Uri(Server, path)), cancellationToken);
        return response is not null;
    }

    /// <summary>Reads server-sent events as values; ends with the stream, at once when the server says "not found".</summary>
    public async IAsyncEnumerable<T> EventsAsync<T>(
        PersonId? actor, string path, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Server, path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await SendAsync(actor, request, cancellationToken);
        if (response is null)
        {
            yield break;
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var ended = false;
        await foreach (var item in SseParser.Create(stream, (kind, data) => (kind, Value: kind == "state" ? JsonSerializer.Deserialize(data, type) : default))
            .EnumerateAsync(cancellationToken))
        {
            if (item.Data.Value is { } value)
            {
                yield return value;
            }

            ended |= item.Data.kind == "end";
        }

        if (!ended)
        {
            throw new HttpRequestException("The stream of events broke off.");
        }
    }

    /// <summary>Sends a request as somebody, and gives the response once its headers are there; <c>null</c> when the server says "not found".</summary>
    /// <exception cref="SharingException">The server refused; the code is its.</exception>
    /// <exception cref="HttpRequestException">It could not be reached, or failed: whether it did what was asked is unknown.</exception>
    public async Task<HttpResponseMessage?> SendAsync(PersonId? actor, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            var token = await tokenOf(actor, cancellationToken);
            if (token is not null)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            }

            HttpResponseMessage response;
            try
            {
                response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            }
            catch (SharingException e) when (e.Code == ProblemCodes.FetchFailed)
            {
                throw Unreached(e); // the guarded client's word for it; from a server it would mean that an address could not be fetched
            }

            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                // To one who has not signed in a server says that he should, of whatever he cannot see.
                var missing = response.StatusCode == HttpStatusCode.NotFound
                    || (response.StatusCode == HttpStatusCode.Unauthorized && actor is null && token is null);
                return missing ? null : throw await FaultAsync(response, cancellationToken);
            }
        }
    }

    static async Task<Exception> FaultAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        ProblemBody? problem = null;
        if (response.Content.Headers.ContentType?.MediaType == "application/problem+json")
        {
            try
            {
                problem = await response.Content.ReadFromJsonAsync(FetchingJson.Default.ProblemBody, cancellationToken);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException)
            {
                // Not a problem of ours; the status says enough.
            }
        }

        var message = problem?.Detail ?? problem?.Title ?? $"The server answered {(int)response.StatusCode}.";
        return problem?.Type is { } type && type.StartsWith(ProblemBody.TypePrefix, StringComparison.Ordinal) && (int)response.StatusCode < 500
            ? new SharingException(type[ProblemBody.TypePrefix.Length..], message)
            : new HttpRequestException(message, null, response.StatusCode);
    }

    static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw new HttpRequestException("The server answered nothing.");
        }
        catch (SharingException e) when (e.Code == ProblemCodes.FetchFailed)
        {
            throw Unreached(e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException) // no JSON, or in no characters that there are
        {
            throw new HttpRequestException("The server answered something that is no answer of Sharing's.", e);
        }
    }

    static HttpRequestException Unreached(SharingException e) => new(e.GetBaseException().Message, e);
}
