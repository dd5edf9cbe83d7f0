using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Sharing.Core;

namespace Sharing.P2P;

/// <summary>The shared-data server, or another terminal, as a source of a transfer: parts by <c>GET</c> with a range, its list of group hashes, and what it has as server-sent events. Thread-safe.</summary>
/// <param name="http">The guarded client: <see cref="GuardedClient.Peers"/> for terminals, <see cref="GuardedClient.Services"/> for the server.</param>
/// <param name="address">Its base address, with a slash at its end.</param>
/// <param name="manifest">What is fetched.</param>
/// <param name="traits">What it is.</param>
/// <param name="at">What another terminal is told of where this one listens (<see cref="VisitorAt"/>); <c>null</c>: nothing.</param>
public sealed class PeerSource(HttpClient http, Uri address, ShareManifest manifest, SourceTraits traits, string? at = null) : IContentSource, IPartChooser
{
    static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    readonly Uri _share = new(address, $"p/{manifest.Ticket}/");

    /// <inheritdoc/>
    public SourceTraits Traits => traits;

    /// <inheritdoc/>
    /// <remarks>Asks nothing: what it delivers is proven anyway.</remarks>
    public ValueTask<SourceOffer?> ProbeAsync(CancellationToken cancellationToken = default) => new(new SourceOffer
    {
        ContentId = manifest.Content, Length = manifest.Length, Name = manifest.Name, MediaType = manifest.MediaType,
    });

    /// <inheritdoc/>
    public async ValueTask<SourceRead> OpenAsync(long offset, string? validator, CancellationToken cancellationToken = default) => new(
        (await ProbeAsync(cancellationToken))!, offset, offset < manifest.Length ? await OpenPartAsync(offset, manifest.Length - offset, cancellationToken) : Stream.Null);

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenPartAsync(long offset, long length, CancellationToken cancellationToken = default)
    {
        // Nothing can be asked of the empty content.
        return length == 0 ? Stream.Null : (await OpenAsync([new(offset, length)], mayChoose: false, cancellationToken))!.Value.Body;
    }

    /// <inheritdoc/>
    public ValueTask<(int Chosen, Stream Body)?> OpenAnyAsync(IReadOnlyList<ByteRun> parts, CancellationToken cancellationToken = default) =>
        OpenAsync(parts, mayChoose: traits.Kind == SourceKind.Server, cancellationToken);

    async ValueTask<(int Chosen, Stream Body)?> OpenAsync(IReadOnlyList<ByteRun> parts, bool mayChoose, CancellationToken cancellationToken)
    {
        var response = await SendAsync("content", request => Ask(request, parts, mayChoose), cancellationToken);
        if (response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers is { ContentEncoding.Count: 0, ContentRange: { From: { } from, To: { } to } })
        {
            for (var part = 0; part < parts.Count; part++)
            {
                if (parts[part].Offset == from && parts[part].Length == to - from + 1)
                {
                    return (part, new PartStream(await response.Content.ReadAsStreamAsync(cancellationToken), response, parts[part].Length));
                }
            }
        }

        response.Dispose();
        return response.StatusCode == HttpStatusCode.NoContent && mayChoose ? null : throw new SourceFailedException("It answered with another range than was asked for.", permanent: true);
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenGroupsAsync(CancellationToken cancellationToken = default)
    {
        var response = await SendAsync("groups", static _ => { }, cancellationToken);
        return new PartStream(await response.Content.ReadAsStreamAsync(cancellationToken), response, ContentTree.GroupCount(manifest.Length) * ContentId.Size);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ByteRun>? WatchHeldAsync(CancellationToken cancellationToken = default) => traits.Kind == SourceKind.Server ? null : WatchAsync(cancellationToken);

    async IAsyncEnumerable<ByteRun> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await SendAsync("held", request => request.Headers.TryAddWithoutValidation(VisitorAt.Header, at), cancellationToken);
        await using var stream = new EventBytes(await response.Content.ReadAsStreamAsync(cancellationToken));
        var (runs, bytes) = (100 + (2 * (manifest.Length / manifest.ChunkSize)), 2 * Math.Max(manifest.Length, manifest.ChunkSize));
        await foreach (var item in SseParser.Create(stream, static (kind, data) => kind == "state" ? Read(data) : null).EnumerateAsync(cancellationToken))
        {
            stream.Begin();
            foreach (var run in AnyOf.Read(item.Data?.Runs ?? ""))
            {
                // Each chunk is told of once; whoever says the same again and again keeps us busy.
                bytes -= Math.Min(run.Length, bytes + 1);
                if (--runs < 0 || bytes < 0)
                {
                    throw new SourceFailedException("It says of more chunks than there are that it has them.", permanent: true);
                }

                yield return run;
            }
        }
    }

    static ByteRuns? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, P2PJson.Default.ByteRuns);
        }
        catch (JsonException e)
        {
            throw new SourceFailedException("It says what it has in no way that can be read.", e, permanent: true);
        }
    }

    static void Ask(HttpRequestMessage request, IReadOnlyList<ByteRun> parts, bool mayChoose)
    {
        request.Headers.Range = new RangeHeaderValue(parts[0].Offset, parts[0].Offset + parts[0].Length - 1);
        if (mayChoose)
        {
            request.Headers.TryAddWithoutValidation(AnyOf.Header, AnyOf.Write(parts));
        }
    }

    async Task<HttpResponseMessage> SendAsync(string what, Action<HttpRequestMessage> shape, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_share, what));
        shape(request);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new SourceFailedException($"{traits.Name} answered {(int)response.StatusCode}.")
            {
                RetryAfter = response.Headers.RetryAfter?.Delta is { } wait && wait < LongestRest ? wait : null,
            };
        }
    }

    /// <summary>Server-sent events, none of which may be longer than any that says what there is to say.</summary>
    sealed class EventBytes(Stream inner) : ReadOnlyStream
    {
        const int Longest = 64 * 1024;

        int _left = Longest;

        /// <summary>An event is complete.</summary>
        public void Begin() => _left = Longest;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            return (_left -= read) >= 0 ? read : throw new SourceFailedException("An event does not end.", permanent: true);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }

    /// <summary>A body of which no more is read than was asked for.</summary>
    sealed class PartStream(Stream inner, HttpResponseMessage response, long length) : ReadOnlyStream
    {
        long _left = length;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _left)], cancellationToken);
            _left -= read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
                response.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
