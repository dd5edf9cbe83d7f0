using System.Net.Http.Headers;
using Sharing.Core;

namespace Sharing.Offline;

/// <summary>A stored content at a server: <c>{path}/content</c> with ranges, its group hashes at <c>{path}/groups</c>. Reading on from where the
/// last read ended goes on in the same response.</summary>
sealed class HttpContentReader(ServerConnection server, PersonId? actor, string path, ContentInfo info) : IContentReader
{
    readonly SemaphoreSlim _gate = new(1, 1);
    HttpResponseMessage? _response;
    Stream? _body;
    ContentArea _area;
    long _position = -1;

    public ContentInfo Info => info;

    public static async Task<IContentReader?> OpenAsync(ServerConnection server, PersonId? actor, string path, CancellationToken cancellationToken)
    {
        using var response = await server.SendAsync(
            actor, new HttpRequestMessage(HttpMethod.Head, new Uri(server.Server, path + "/content?stored=true")), cancellationToken);
        return response is { Headers.ETag: { IsWeak: false } tag, Content.Headers.ContentLength: { } length }
            && ContentId.TryParse(tag.Tag.Trim('"'), out var id)
                ? new HttpContentReader(server, actor, path, new ContentInfo(id, length))
                : null;
    }

    public async ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || offset >= (area == ContentArea.Data ? info.Length : ContentTree.GroupCount(info.Length) * ContentId.Size))
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

    public ValueTask DisposeAsync()
    {
        End();
        _gate.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task BeginAsync(ContentArea area, long offset, CancellationToken cancellationToken)
    {
        End();
        var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(server.Server, path + (area == ContentArea.Data ? "/content?stored=true" : "/groups")));
        request.Headers.Range = new RangeHeaderValue(offset, null);
        request.Headers.IfRange = new RangeConditionHeaderValue($"\"{info.Id}\"");
        _response = await server.SendAsync(actor, request, cancellationToken)
            ?? throw new SharingException(ProblemCodes.NotFound, "The content is not there any more.");
        if (_response.Headers.ETag?.Tag != $"\"{info.Id}\"" || (_response.Content.Headers.ContentRange?.From ?? 0) != offset)
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
