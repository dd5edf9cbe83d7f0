using System.Net;
using System.Net.Http.Headers;

namespace Sharing.Core;

/// <summary>The HTTP server that a resource comes from: ranges with <c>If-Range</c> (RFC 9110, 13.1.5 and 14), so that a changed origin is told from the same one.</summary>
/// <param name="http">The guarded client.</param>
/// <param name="address">The resource's address.</param>
/// <param name="tokenOf">The bearer token that it wants; <c>null</c>: none.</param>
public sealed class HttpOriginSource(HttpClient http, Uri address, Func<CancellationToken, ValueTask<string?>>? tokenOf = null) : IContentSource
{
    /// <summary>More than any time saved is worth: an origin is left alone as soon as anything else can deliver.</summary>
    const double Price = 1;

    /// <summary>Between a validator and the other origin that said it; in neither an entity tag nor a date.</summary>
    const string ElsewhereMark = " @";

    /// <summary>Of a longer Retry-After (RFC 9110, 10.2.3) this much is waited before the origin is asked again.</summary>
    static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public SourceTraits Traits { get; } = new(address.Host, SourceKind.Origin, Price);

    /// <inheritdoc/>
    /// <remarks>Asks nothing: what the origin offers is seen with the first read.</remarks>
    public ValueTask<SourceOffer?> ProbeAsync(CancellationToken cancellationToken = default) => new(SourceOffer.Unknown);

    /// <inheritdoc/>
    public async ValueTask<SourceRead> OpenAsync(long offset, string? validator, CancellationToken cancellationToken = default)
    {
        var response = await SendAsync(offset, validator, cancellationToken);
        if (offset > 0 && response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && IsEndOf(response, offset, validator))
        {
            return new SourceRead(OfferOf(response, offset, validator), offset, Stream.Null, response);
        }

        if (offset > 0 && !IsAnswerTo(response, offset, validator))
        {
            response.Dispose(); // whole then, which shows its version, and where the whole ends
            (offset, validator) = (0, null);
            response = await SendAsync(offset, validator, cancellationToken);
        }

        try
        {
            var (start, total) = response.StatusCode switch
            {
                HttpStatusCode.OK => (0, response.Content.Headers.ContentLength),
                HttpStatusCode.PartialContent when IsAnswerTo(response, offset, validator) => (offset, response.Content.Headers.ContentRange!.Length),
                var other => throw new SharingException(ProblemCodes.FetchFailed, $"{address.Host} answered {(int)other}."),
            };
            if (response.Content.Headers.ContentEncoding.Count > 0)
            {
                throw new SharingException(ProblemCodes.FetchFailed, $"{address.Host} encoded the bytes, although it was asked not to.");
            }

            var body = total == 0 ? Stream.Null : await response.Content.ReadAsStreamAsync(cancellationToken);
            var same = response.StatusCode == HttpStatusCode.PartialContent ? validator : null;
            return new SourceRead(OfferOf(response, total, same), start, body, response);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Whether an answer can be taken for what was asked: a part is, that begins where it was asked to, says how much there is in all (its end
    /// would else pass for the end of the whole), and of which entity tag, and does not contradict itself (RFC 9110, 14.4 and 15.3.7).</summary>
    static bool IsAnswerTo(HttpResponseMessage response, long offset, string? validator) => response.StatusCode switch
    {
        HttpStatusCode.PartialContent => response.Content.Headers.ContentRange is { Unit: "bytes", From: { } from, To: { } to, Length: not null }
            && from == offset
            && (response.Content.Headers.ContentLength ?? to - from + 1) == to - from + 1
            && (validator is not ['"', ..] || response.Headers.ETag is not null),
        HttpStatusCode.RequestedRangeNotSatisfiable => false, // it became shorter, or does not know what it has
        _ => true,
    };

    async Task<HttpResponseMessage> SendAsync(long offset, string? validator, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (tokenOf is not null && await tokenOf(cancellationToken) is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (offset > 0)
        {
            request.Headers.Range = new RangeHeaderValue(offset, null);
            request.Headers.IfRange = validator is null ? null : RangeConditionHeaderValue.Parse(validator.Split(ElsewhereMark)[0]);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var wait = WaitReader.Read(response, response.Headers.Date ?? DateTimeOffset.MaxValue, LongestRest);
        if (!IsFinal(response.StatusCode) && (wait is null || response.IsSuccessStatusCode))
        {
            return response;
        }

        using (response)
        {
            var why = $"{address.Host} answered {(int)response.StatusCode}{(wait is null ? "" : $" and asks to wait {wait}")}.";
            throw new SharingException(
                ProblemCodes.FetchFailed, why, new SourceFailedException(why, permanent: IsFinal(response.StatusCode)) { RetryAfter = wait });
        }
    }

    /// <summary>The client is at fault, and will be the next time (RFC 9110, 15.5), but for time-outs, ranges, too early (RFC 8470) and too many (RFC 6585).</summary>
    static bool IsFinal(HttpStatusCode status) => (int)status is >= 400 and < 500 and not (408 or 416 or 425 or 429);

    /// <summary>416 to a range that begins where the same version ends: all of it is there.</summary>
    bool IsEndOf(HttpResponseMessage response, long offset, string? validator) =>
        validator is not null && response.Content.Headers.ContentRange?.Length == offset && ValidatorOf(response) == validator;

    /// <summary>What an answer says. The answer to <c>If-Range</c> need not repeat the date of last change (RFC 9110, 15.3.7): if it says nothing of its
    /// version, it is the one asked for.</summary>
    SourceOffer OfferOf(HttpResponseMessage response, long? total, string? asked)
    {
        var headers = response.Content.Headers;
        var disposition = headers.ContentDisposition;
        return new SourceOffer
        {
            Length = total,
            Validator = response.Headers.ETag is null && headers.LastModified is null && IsOf(response, asked) ? asked : ValidatorOf(response),
            MediaType = headers.ContentType?.ToString(),
            Name = FileName.From(disposition?.FileNameStar ?? disposition?.FileName?.Trim('"')),
        };
    }

    /// <summary>A strong entity tag, or, where there is none at all (RFC 9110, 13.1.5), a last change that lies at least a second before the answer
    /// (8.8.2.2). What another origin says, to which this one led, holds only there: tags of two origins may be the same by chance.</summary>
    string? ValidatorOf(HttpResponseMessage response)
    {
        var said = response.Headers.ETag is { } tag
            ? tag.IsWeak ? null : tag.ToString()
            : response.Content.Headers.LastModified is { } changed && response.Headers.Date is { } date && date - changed >= TimeSpan.FromSeconds(1)
            ? changed.ToString("r", System.Globalization.CultureInfo.InvariantCulture)
            : null;
        return said is null ? null : said + MarkOf(response);
    }

    /// <summary>Stands behind what another origin says of its version.</summary>
    string MarkOf(HttpResponseMessage response) =>
        response.RequestMessage?.RequestUri?.Authority is { } by && by != address.Authority ? ElsewhereMark + by : "";

    /// <summary>Whether a validator was said by the origin that answers now.</summary>
    bool IsOf(HttpResponseMessage response, string? validator) =>
        validator is not null && (validator.IndexOf(ElsewhereMark, StringComparison.Ordinal) is var at and >= 0 ? validator[at..] : "") == MarkOf(response);
}
