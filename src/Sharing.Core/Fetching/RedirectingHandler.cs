using System.Net;

namespace Sharing.Core;

/// <summary>Follows redirects (RFC 9110, 15.4) by hand, so that each hop is a request of its own that passes every check.</summary>
/// <remarks>
/// 301, 302 and 303 turn a POST into a GET; otherwise only GET and HEAD follow, and other methods get the redirect itself as their
/// answer. When the authority changes, only headers that are known to hold no credentials go along. A stranger who points at a
/// configured authority does not lend its privileges: that hop is held to the rules for strangers.
/// </remarks>
sealed class RedirectingHandler(FetchOptions options, AddressPolicy policy) : DelegatingHandler
{
    // Anything else may be a key by some name that is not known here.
    static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Accept-Encoding", "Accept-Language", "Cache-Control", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range",
        "If-Unmodified-Since", "Range", "User-Agent", "Want-Content-Digest", "Want-Repr-Digest",
    };

    /// <summary>Set on the first request once a redirect led from it to a stranger: what then fails is told as a stranger's failure.</summary>
    internal static readonly HttpRequestOptionsKey<bool> LedAway = new("Sharing.LedAway");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var first = request;
        for (var left = options.MaxRedirects; ; left--)
        {
            var response = await base.SendAsync(request, cancellationToken);
            try
            {
                if (Next(request, response, first) is not { } next)
                {
                    return response;
                }

                if (left == 0)
                {
                    throw new FetchRefusedException($"More than {options.MaxRedirects} redirects.");
                }

                request = next;
            }
            catch
            {
                response.Dispose();
                throw;
            }

            response.Dispose();
        }
    }

    HttpRequestMessage? Next(HttpRequestMessage request, HttpResponseMessage response, HttpRequestMessage first)
    {
        if (request.RequestUri is not { } from || Method(request.Method, response.StatusCode) is not { } method
            || !response.Headers.NonValidated.Contains("Location"))
        {
            return null;
        }

        var to = Uri.TryCreate(from, response.Headers.Location, out var read) && Authority.HostOf(read) is not null ? read : null;
        if (to is null || !policy.IsConfigured(to))
        {
            first.Options.Set(LedAway, true);
        }

        if (to is null)
        {
            throw new FetchRefusedException("Redirected to an address that cannot be read.");
        }

        if (from.Scheme == Uri.UriSchemeHttps && to.Scheme != Uri.UriSchemeHttps)
        {
            throw new FetchRefusedException($"Redirected from https to {to.Scheme}.");
        }

        var same = from.Scheme == to.Scheme && from.Port == to.Port && from.IdnHost == to.IdnHost;
        var next = new HttpRequestMessage(method, to) { Version = request.Version, VersionPolicy = request.VersionPolicy };
        foreach (var header in request.Headers.NonValidated)
        {
            if (same || Harmless.Contains(header.Key))
            {
                next.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
        }

        foreach (var (key, value) in request.Options)
        {
            next.Options.Set(new HttpRequestOptionsKey<object?>(key), value);
        }

        if (!policy.IsConfigured(from))
        {
            next.Options.Set(SeparatingHandler.AsStranger, true);
        }

        return next;
    }

    static HttpMethod? Method(HttpMethod method, HttpStatusCode status)
    {
        var safe = method == HttpMethod.Get || method == HttpMethod.Head;
        return status switch
        {
            HttpStatusCode.MovedPermanently or HttpStatusCode.Found => safe ? method : method == HttpMethod.Post ? HttpMethod.Get : null,
            HttpStatusCode.SeeOther => safe ? method : HttpMethod.Get,
            HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect => safe ? method : null,
            _ => null,
        };
    }
}
