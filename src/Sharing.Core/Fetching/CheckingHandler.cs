using System.Net;

namespace Sharing.Core;

/// <summary>Innermost of ours: what holds for each single request, first hop or later one.</summary>
/// <remarks>
/// Http or https only, no user or password in the address, HTTP/2 at most (HTTP/3 does not pass through the connector), identity encoding
/// unless the caller wants another, and a time-out for the headers of the answer.
/// </remarks>
sealed class CheckingHandler(FetchOptions options, TimeProvider time) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var address = Check(request);
        Shape(request);

        using var patience = new CancellationTokenSource(options.HeaderTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        if (request.Content is { } content)
        {
            request.Content = new WatchedContent(content, () => Restart(patience));
        }

        try
        {
            return await base.SendAsync(request, both.Token);
        }
        catch (OperationCanceledException cause) when (!cancellationToken.IsCancellationRequested)
        {
            // Ours, or the primary handler's own for connections.
            throw new TimeoutException($"{address.Authority} did not answer in time.", cause);
        }
    }

    void Restart(CancellationTokenSource patience)
    {
        try
        {
            patience.CancelAfter(options.HeaderTimeout);
        }
        catch (ObjectDisposedException)
        {
            // An answer that came before the end of what is being sent: HTTP/2 goes on sending.
        }
    }

    static Uri Check(HttpRequestMessage request)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true } address
            || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new FetchRefusedException("Only http and https are fetched.");
        }

        if (Authority.HostOf(address) is null)
        {
            throw new FetchRefusedException("The address holds a host that no name server knows how to read.");
        }

        return address.UserInfo.Length == 0
            ? address
            : throw new FetchRefusedException("The address holds a user or a password.");
    }

    static void Shape(HttpRequestMessage request)
    {
        if (request.Version > HttpVersion.Version20 || request.VersionPolicy == HttpVersionPolicy.RequestVersionOrHigher)
        {
            request.Version = HttpVersion.Version20;
            request.VersionPolicy = HttpVersionPolicy.RequestVersionOrLower;
        }

        if (!request.Headers.NonValidated.Contains("Accept-Encoding"))
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        }
    }
}
