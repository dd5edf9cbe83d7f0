using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sharing.Social;

/// <summary>Calls a server that speaks Mastodon's API. Thread-safe.</summary>
sealed class MastodonApi(NetworkCaller caller)
{
    /// <summary>No limits are assumed: servers have their own, and say with each answer what is left of them.</summary>
    readonly RateBudget _budget = new(caller.Time);

    public TimeProvider Time => caller.Time;

    public Task<NetworkAnswer> GetAsync(Account account, string path, CancellationToken cancellationToken) =>
        SendAsync(account, HttpMethod.Get, path, null, null, cancellationToken);

    public Task<NetworkAnswer> SendAsync<T>(Account account, HttpMethod method, string path, T body, JsonTypeInfo<T> type, string? key, CancellationToken cancellationToken) =>
        SendAsync(account, method, path, new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type)) { Headers = { ContentType = new("application/json") } }, key, cancellationToken);

    public Task<NetworkAnswer> SendAsync(Account account, HttpMethod method, string path, HttpContent? content, string? key, CancellationToken cancellationToken)
    {
        var server = account.Server ?? throw new InvalidOperationException("An account at a network with many servers says at which it is.");
        var request = new HttpRequestMessage(method, new Uri(server, path)) { Content = content };
        request.Headers.Authorization = account.Token is { } token ? new AuthenticationHeaderValue("Bearer", token) : null;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return caller.SendAsync(request, (_budget, $"{server.Authority} {account.Token}"), 1, cancellationToken);
    }

    /// <summary>Uploads a picture, and waits until the server has made it ready.</summary>
    /// <returns>Its id, or what went wrong; a picture that is not taken is no reason not to post.</returns>
    public async Task<(string? Id, PublishOutcome? Trouble)> UploadAsync(Account account, PostPicture picture, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent();
        var file = new ReadOnlyMemoryContent(picture.Bytes);
        file.Headers.ContentType = new MediaTypeHeaderValue(picture.MediaType);
        form.Add(file, "file", "picture");
        if (picture.Description is { } description)
        {
            form.Add(new StringContent(description), "description");
        }

        var answer = await SendAsync(account, HttpMethod.Post, "api/v2/media", form, null, cancellationToken);
        if (answer.Read(MastodonJson.Default.MastodonMedia)?.Id is not { } id || !answer.IsSuccess)
        {
            return (null, answer.Trouble);
        }

        // 202 = it is being made ready, which GET says by 206; nothing can refer to it before.
        for (var wait = TimeSpan.FromMilliseconds(250); answer.Status is HttpStatusCode.Accepted or HttpStatusCode.PartialContent; wait *= 2)
        {
            if (wait > TimeSpan.FromSeconds(10))
            {
                return (null, null);
            }

            await Task.Delay(wait, Time, cancellationToken);
            answer = await GetAsync(account, $"api/v1/media/{Uri.EscapeDataString(id)}", cancellationToken);
        }

        return answer.IsSuccess ? (id, null) : (null, answer.Trouble);
    }
}
