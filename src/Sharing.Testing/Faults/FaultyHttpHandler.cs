namespace Sharing.Testing;

/// <summary>HTTP that goes wrong as planned: <c>http.send</c>, and <c>http.read</c> for each read of an answer's body. Give it to a client as its handler, or put it before one.</summary>
/// <remarks>Thread-safe. Failures are <see cref="HttpRequestException"/> only if the plan says so.</remarks>
public sealed class FaultyHttpHandler : DelegatingHandler
{
    readonly FaultPlan _plan;

    /// <summary>Before a handler of its own, or before one that is set later.</summary>
    public FaultyHttpHandler(FaultPlan plan, HttpMessageHandler? inner = null)
    {
        _plan = plan;
        if (inner is not null)
        {
            InnerHandler = inner;
        }
    }

    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _plan.RunAsync(
        "http.send",
        async ValueTask<HttpResponseMessage> () =>
        {
            var answer = await base.SendAsync(request, cancellationToken);
            var body = new StreamContent(new FaultyStream(await answer.Content.ReadAsStreamAsync(cancellationToken), _plan, "http.read"));
            foreach (var (name, values) in answer.Content.Headers)
            {
                body.Headers.TryAddWithoutValidation(name, values);
            }

            answer.Content = body;
            return answer;
        },
        cancellationToken).AsTask();
}
