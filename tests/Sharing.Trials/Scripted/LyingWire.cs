using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;

namespace Sharing.Trials.Scripted;

/// <summary>A scripted origin behind HTTP, asked through the guarded client: all of it is there but the sockets. It lies where it is told to.</summary>
/// <remarks>What the origin says of its version is an entity tag, or a date of last change where it ends in GMT.</remarks>
sealed class LyingWire : HttpMessageHandler
{
    const string Mirror = "mirror.test";

    static readonly Uri Address = new("http://origin.test/film.bin");
    static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly ScriptedOrigin _origin;
    readonly ServiceProvider _provider;
    int _requests;

    public LyingWire(ScriptedOrigin origin)
    {
        _origin = origin;
        var services = new ServiceCollection();
        services.AddLogging();
        new SharingBuilder(services).WithFetching(options =>
        {
            options.Attempts = 1;
            options.Configured.Add(Address.Host);
            options.Configured.Add(Mirror);
        });
        services.AddGuardedClient();
        services.AddHttpClient(GuardedClient.Name).ConfigurePrimaryHttpMessageHandler(() => this);
        _provider = services.BuildServiceProvider();
        Source = new HttpOriginSource(_provider.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Name), Address);
    }

    /// <summary>The origin as it is seen from here.</summary>
    public IContentSource Source { get; }

    /// <summary>Which lie the request of this number (from 0) gets.</summary>
    public Func<int, Lie> Choose { get; init; } = _ => Lie.None;

    /// <summary>Told of each request, with its number.</summary>
    public Action<int>? Asked { get; init; }

    /// <summary>What the other origin has where it has something else.</summary>
    public byte[] Elsewhere { get; init; } = [];

    /// <summary>A date of last change that is said beside the entity tag of every version; <c>null</c>: none is said.</summary>
    public DateTimeOffset? LastChange { get; init; }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _provider.Dispose();
        }

        base.Dispose(disposing);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Yield();
        HttpResponseMessage response;
        if (request.RequestUri!.Host == Mirror)
        {
            var current = _origin.Current;
            var (bytes, validator) = request.RequestUri.Query switch
            {
                "?same" => (current.Bytes, current.Validator),
                "?other" => (Elsewhere, current.Validator is null ? null : "\"elsewhere\""),
                _ => (Elsewhere, current.Validator),
            };
            response = Answer(request, new(bytes, validator), Lie.None);
        }
        else
        {
            var number = Interlocked.Increment(ref _requests) - 1;
            Asked?.Invoke(number);
            response = Answer(request, _origin.Current, Choose(number));
        }

        response.RequestMessage = request;
        return response;
    }

    HttpResponseMessage Answer(HttpRequestMessage request, ScriptedOrigin.Version version, Lie lie)
    {
        switch (lie)
        {
            case Lie.Fault:
                return new(HttpStatusCode.InternalServerError);
            case Lie.SameElsewhere or Lie.OtherElsewhere or Lie.NamesakeElsewhere:
                var query = lie == Lie.SameElsewhere ? "same" : lie == Lie.OtherElsewhere ? "other" : "namesake";
                return new(HttpStatusCode.Found) { Headers = { Location = new Uri($"http://{Mirror}/film.bin?{query}") } };
        }

        var asked = request.Headers.Range?.Ranges.Single().From ?? 0;
        var ranged = asked > 0 && _origin.KnowsRanges && lie != Lie.Whole && (lie == Lie.NoVersion || !_origin.KnowsIfRange || Holds(request.Headers.IfRange, version));
        if ((ranged && asked >= version.Bytes.Length) || (asked > 0 && lie == Lie.NotSatisfiable))
        {
            var refusal = new HttpResponseMessage(HttpStatusCode.RequestedRangeNotSatisfiable);
            refusal.Content.Headers.ContentRange = new ContentRangeHeaderValue(version.Bytes.Length);
            return Say(refusal, version);
        }

        var start = ranged ? asked : 0;
        start += lie == Lie.OtherStart && start > 0 && start + Samples.Group < version.Bytes.Length ? Samples.Group
            : lie == Lie.Part && asked == 0 && version.Bytes.Length > 1 ? version.Bytes.Length / 2 : 0;
        return Send(version, start, lie);
    }

    HttpResponseMessage Send(ScriptedOrigin.Version version, long start, Lie lie)
    {
        var total = version.Bytes.Length;
        var end = lie == Lie.PartOfUnknown && start > 0 ? start + ((total - start + 1) / 2) : total;
        var response = new HttpResponseMessage(start > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK)
        {
            Content = new StreamContent(_origin.Read(version, start, end).Body),
        };
        var headers = response.Content.Headers;
        headers.ContentLength = _origin.TellsLength ? end - start : null;
        if (lie == Lie.Encoded)
        {
            var encoded = new byte[end - start]; // of the same length: nothing but the header tells
            version.Bytes.AsSpan((int)start, encoded.Length).CopyTo(encoded);
            encoded.AsSpan().Reverse();
            response.Content = new ByteArrayContent(encoded);
            headers = response.Content.Headers;
            headers.ContentLength = _origin.TellsLength ? encoded.Length : null;
        }

        headers.ContentType = new("text/plain");
        if (lie == Lie.Encoded)
        {
            headers.ContentEncoding.Add("gzip");
        }

        if (start > 0)
        {
            var last = lie == Lie.OtherEnd ? start + ((end - start) / 2) : end - 1;
            headers.ContentRange = lie switch
            {
                Lie.PartOfUnknown => new(start, last),
                Lie.OtherTotal when last > start => new(start, last - 1, total - 1),
                _ => new(start, last, total),
            };
        }

        return start > 0 && lie == Lie.NoVersion ? response : Say(response, version);
    }

    HttpResponseMessage Say(HttpResponseMessage response, ScriptedOrigin.Version version)
    {
        response.Headers.Date = Now;
        response.Content.Headers.LastModified = version.Validator is null ? null : LastChange;
        if (IsDate(version.Validator))
        {
            response.Content.Headers.TryAddWithoutValidation("Last-Modified", version.Validator);
        }
        else if (version.Validator is { } tag)
        {
            response.Headers.ETag = EntityTagHeaderValue.Parse(tag);
        }

        return response;
    }

    /// <summary>Whether the condition of a range holds (RFC 9110, 13.1.5).</summary>
    bool Holds(RangeConditionHeaderValue? condition, ScriptedOrigin.Version version) => condition is null
        || (condition.EntityTag is { IsWeak: false } tag && tag.ToString() == version.Validator)
        || (condition.Date is { } date && (date == LastChange || date.ToString("r", CultureInfo.InvariantCulture) == version.Validator));

    static bool IsDate(string? validator) => validator?.EndsWith("GMT", StringComparison.Ordinal) == true;
}
