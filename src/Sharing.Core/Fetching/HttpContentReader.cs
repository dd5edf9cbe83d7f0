using System.Net.Http.Headers;

namespace Sharing.Core;

/// <summary>A content at a server, read by ranges. Reading on from where the last read ended goes on in the same response. Thread-safe.</summary>
public sealed class HttpContentReader : IContentReader
{
    readonly SemaphoreSlim _gate = new(1, 1);
    readonly ServerConnection _server;
    readonly PersonId? _actor;
    readonly string _data;
    readonly string? _groups;
    HttpResponseMessage? _response;
    Stream? _body;
    ContentArea _area;
    long _position = -1;

    HttpContentReader(ServerConnection server, PersonId? actor, string data, string? groups, ContentInfo info) => (_server, _actor, _data, _groups, Info) = (server, actor, data, groups, info);

    /// <inheritdoc/>
    public ContentInfo Info { get; }

    /// <summary>Asks for a content; its headers alone are sent.</summary>
    /// <param name="server">The server.</param>
    /// <param name="actor">Who asks.</param>
    /// <param name="data">The path of its bytes.</param>
    /// <param name="groups">The path of its group hashes; <c>null</c>: they are not given.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><c>null</c>: it is not there.</returns>
    public static async Task<HttpContentReader?> OpenAsync(ServerConnection server, PersonId? actor, string data, string? groups, CancellationToken cancellationToken)
    {
        using var response = await server.SendAsync(actor, new HttpRequestMessage(HttpMethod.Head, new Uri(server.Server, data)), cancellationToken);
        return response is null ? null : Of(server, actor, data, groups, response);
    }

    /// <summary>Asks for a content, whose bytes begin to come.</summary>
    /// <returns>The reader, which disposes the answer, and the answer for what its headers say; <c>null</c>: it is not there.</returns>
    public static async Task<(HttpContentReader Reader, HttpResponseMessage Answer)?> BeginAsync(ServerConnection server, PersonId? actor, string data, CancellationToken cancellationToken)
    {
        var response = await server.SendAsync(actor, new HttpRequestMessage(HttpMethod.Get, new Uri(server.Server, data)), cancellationToken);
        if (response is null || Of(server, actor, data, null, response) is not { } reader)
        {
            response?.Dispose();
            return null;
        }

        (reader._response, reader._area, reader._position) = (response, ContentArea.Data, 0);
        reader._body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return (reader, response);
    }

    static HttpContentReader? Of(ServerConnection server, PersonId? actor, string data, string? groups, HttpResponseMessage response) =>
        response is { Headers.ETag: { IsWeak: false } tag, Content.Headers.ContentLength: { } length } && ContentId.TryParse(tag.Tag.Trim('"'), out var id) ? new(server, actor, data, groups, new(id, length)) : null;

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || offset >= (area == ContentArea.Data ? Info.Length : ContentTree.GroupCount(Info.Length) * ContentId.Size))
        {
            return 0;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_body is null || area != _area || offset != _position)
            {
                await BeginAsync(area, offset, cancellationToken);
            }

            var read = await _body!.ReadAsync(buffer, cancellationToken);
            _position += read;
            return read;
        }
        catch
        {
            End();
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        End();
        _gate.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task BeginAsync(ContentArea area, long offset, CancellationToken cancellationToken)
    {
        End();
        var path = area == ContentArea.Data ? _data : _groups ?? throw new NotSupportedException("The server gives no group hashes of it.");
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_server.Server, path));
        request.Headers.Range = new RangeHeaderValue(offset, null);
        request.Headers.IfRange = new RangeConditionHeaderValue($"\"{Info.Id}\"");
        _response = await _server.SendAsync(_actor, request, cancellationToken)
            ?? throw new SharingException(ProblemCodes.NotFound, "The content is not there any more.");
        if (_response.Headers.ETag?.Tag != $"\"{Info.Id}\"" || (_response.Content.Headers.ContentRange?.From ?? 0) != offset)
        {
            throw new SharingException(ProblemCodes.ContentMismatch, "The server has another content there by now.");
        }

        _body = await _response.Content.ReadAsStreamAsync(cancellationToken);
        (_area, _position) = (area, offset);
    }

    void End()
    {
        _body?.Dispose();
        _response?.Dispose();
        (_body, _response) = (null, null);
    }
}
