using System.Net;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Sharing.Core;

/// <summary>Tries a GET or HEAD, or what is marked <see cref="GuardedClient.Repeatable"/>, again after a network error, 408, 429, 500, 502, 503 or 504. The last outcome is handed over as it is.</summary>
sealed class RetryingHandler : DelegatingHandler
{
    static readonly ResiliencePropertyKey<Uri?> Address = new("Sharing.Address");

    readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public RetryingHandler(FetchOptions options, TimeProvider time, ILogger logger)
    {
        if (options.Attempts == 1)
        {
            _pipeline = ResiliencePipeline<HttpResponseMessage>.Empty;
            return;
        }

        _pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = options.Attempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = options.RetryDelay,
                MaxDelay = options.LongestRetryAfter,
                UseJitter = true,
                ShouldHandle = static arguments => ValueTask.FromResult(
                    arguments.Outcome.Result is { } response ? MayPass(response.StatusCode) : MayPass(arguments.Outcome.Exception)),
                DelayGenerator = arguments => ValueTask.FromResult(
                    arguments.Outcome.Result is { } response ? WaitReader.Read(response, time.GetUtcNow(), options.LongestRetryAfter) : null),
                OnRetry = arguments =>
                {
                    var address = arguments.Context.Properties.GetValue(Address, null);
                    var outcome = arguments.Outcome.Result is { } response
                        ? $"status {(int)response.StatusCode}"
                        : FetchFailures.Reason(arguments.Outcome.Exception!).Message;
                    FetchingLog.Retrying(
                        logger, address is null ? "?" : FetchFailures.Show(address), arguments.AttemptNumber + 1, outcome, arguments.RetryDelay);
                    return default;
                },
            })
            .Build();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var reads = (request.Method == HttpMethod.Get || request.Method == HttpMethod.Head) && request.Content is null;
        if (!(request.Options.TryGetValue(GuardedClient.Repeatable, out var repeats) ? repeats : reads))
        {
            return await base.SendAsync(request, cancellationToken);
        }

        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Address, request.RequestUri);
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (context, state) => await state.Handler.SendOnceAsync(state.Request, context.CancellationToken),
                context,
                (Handler: this, Request: request));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        base.SendAsync(request, cancellationToken);

    static bool MayPass(HttpStatusCode status) => (int)status is 408 or 429 or 500 or 502 or 503 or 504;

    static bool MayPass(Exception? failure)
    {
        if (FetchFailures.IsFinal(failure))
        {
            return false;
        }

        return failure switch
        {
            HttpRequestException http =>
                http.HttpRequestError is not HttpRequestError.ConfigurationLimitExceeded and not HttpRequestError.VersionNegotiationError,
            TimeoutException or IOException => true,
            _ => false,
        };
    }
}
