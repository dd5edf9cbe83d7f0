namespace Sharing.Core;

/// <summary>Puts the total time-out around a whole fetch, and a guard around the body that comes out of it.</summary>
sealed class LimitingHandler(FetchOptions options, FetchFailures failures, TimeProvider time) : DelegatingHandler
{
    const int CopyBufferSize = 64 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var address = request.RequestUri;
        using var total = new CancellationTokenSource(options.TotalTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(total.Token, cancellationToken);
        HttpResponseMessage response;
        try
        {
            response = await base.SendAsync(request, both.Token);
        }
        catch (OperationCanceledException cause) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No answer within {options.TotalTimeout}.", cause);
        }

        try
        {
            await GuardAsync(request, response, address, started, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    async Task GuardAsync(HttpRequestMessage request, HttpResponseMessage response, Uri? address, long started, CancellationToken cancellationToken)
    {
        var content = response.Content;
        var hasBody = response.RequestMessage?.Method != HttpMethod.Head;
        if (hasBody && options.MaxBytes > 0 && content.Headers.ContentLength > options.MaxBytes)
        {
            throw new FetchRefusedException($"The body has {content.Headers.ContentLength} bytes; {options.MaxBytes} are allowed.");
        }

        var stream = await content.ReadAsStreamAsync(cancellationToken);
        var guarded = new StreamContent(new GuardedBody(stream, options, started, time, cause => failures.Of(request, address, cause)), CopyBufferSize);
        foreach (var header in content.Headers.NonValidated)
        {
            guarded.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        response.Content = guarded;
    }
}
