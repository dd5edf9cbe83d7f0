namespace Sharing.Core;

/// <summary>Outermost: whatever goes wrong up to the headers of the answer becomes one fault.</summary>
sealed class FailureMappingHandler(FetchFailures failures) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = request.RequestUri;
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (Exception cause) when (cause is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw failures.Of(request, address, cause);
        }
    }

    // The base class would hand a synchronous request straight to the primary handler, past every check above it.
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The guarded client is asynchronous only.");
}
