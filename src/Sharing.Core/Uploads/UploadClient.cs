using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Sharing.Core;

/// <summary>Uploads to any server that speaks tus 1.0.0. After a break it asks for the offset and goes on from there. Thread-safe.</summary>
/// <param name="http">The guarded client <see cref="GuardedClient.Services"/>; the server must be in <see cref="FetchOptions.Services"/> if its address is not public.</param>
/// <param name="time">Times the rests between attempts.</param>
/// <param name="tokenOf">The bearer token to send; <c>null</c>: none.</param>
public sealed class UploadClient(HttpClient http, TimeProvider time, Func<CancellationToken, ValueTask<string?>>? tokenOf = null)
{
    const string Version = "1.0.0";
    const long CheckedPart = 8 * 1024 * 1024;
    const int Piece = 256 * 1024;

    static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    /// <summary>Uploads from the first byte to the last.</summary>
    /// <param name="endpoint">Where uploads are begun.</param>
    /// <param name="source">The bytes.</param>
    /// <param name="settings">How; <c>null</c> for the defaults.</param>
    /// <param name="cancellationToken">Gives up. What was sent stays there until it expires.</param>
    /// <exception cref="SharingException">The server refused, or could not be reached for too long.</exception>
    public async Task<UploadReceipt> UploadAsync(Uri endpoint, UploadSource source, UploadSettings? settings = null, CancellationToken cancellationToken = default)
    {
        settings ??= new();
        var address = await CreateAsync(endpoint, source.Length, settings.Metadata, cancellationToken);
        settings.Began?.Invoke(address);
        return await SendAllAsync(address, source, settings, isNew: true, cancellationToken);
    }

    /// <summary>Begins an upload. Tried once: a repeat could begin two.</summary>
    /// <returns>Its address.</returns>
    /// <exception cref="SharingException">The server refused, or could not be reached.</exception>
    public async Task<Uri> CreateAsync(Uri endpoint, long length, UploadMetadata metadata, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        request.Headers.Add("Upload-Length", Text(length));
        if (metadata.Header.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Upload-Metadata", metadata.Header);
        }

        using var response = await SendAsync(request, cancellationToken);
        return response.Headers.Location is { } location
            ? new Uri(endpoint, location)
            : throw new SharingException(ProblemCodes.FetchFailed, "The server began an upload and did not say where.");
    }

    /// <summary>Goes on with an upload from wherever the server says it stands, to its end; also in another process than the one that began it.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NotFound"/>: the server has no such upload, or no longer. <see cref="ProblemCodes.InvalidInput"/>:
    /// it is of another length. Else the server refused, or could not be reached for too long.</exception>
    public Task<UploadReceipt> ResumeAsync(Uri address, UploadSource source, UploadSettings? settings = null, CancellationToken cancellationToken = default) =>
        SendAllAsync(address, source, settings ?? new(), isNew: false, cancellationToken);

    /// <summary>Gives an upload up.</summary>
    /// <returns>Whether the server knew it.</returns>
    public async Task<bool> EndAsync(Uri address, CancellationToken cancellationToken = default)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, address);
            using var response = await SendAsync(request, cancellationToken);
            return true;
        }
        catch (SharingException e) when (e.Code == ProblemCodes.NotFound)
        {
            return false;
        }
    }

    async Task<UploadReceipt> SendAllAsync(Uri address, UploadSource source, UploadSettings settings, bool isNew, CancellationToken cancellationToken)
    {
        var (failures, furthest) = (0, -1L);
        while (true)
        {
            try
            {
                var (offset, result) = isNew && source.Length > 0 ? (0, null) : await StandsAtAsync(address, source.Length, cancellationToken);
                isNew = false;
                while (true)
                {
                    settings.Progress?.Report(offset);
                    (failures, furthest) = offset > furthest ? (0, offset) : (failures, furthest);
                    if (offset == source.Length)
                    {
                        return new(address, result);
                    }

                    (offset, result) = await AppendAsync(address, source, offset, settings, cancellationToken);
                }
            }
            catch (SharingException e) when (MayPass(e) && ++failures < settings.Attempts)
            {
                var rest = settings.FirstRest * Math.Pow(2, failures - 1);
                await Task.Delay(rest < LongestRest ? rest : LongestRest, time, cancellationToken);
            }
        }
    }

    static bool MayPass(SharingException e) => e.Code is ProblemCodes.FetchFailed or ProblemCodes.WrongOffset or ProblemCodes.UploadInterrupted
        or ProblemCodes.ChecksumMismatch or ProblemCodes.Conflict or ProblemCodes.ReadOnly or ProblemCodes.NoSpace or ProblemCodes.Internal;

    async Task<(long Offset, string? Result)> StandsAtAsync(Uri address, long length, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, address);
        using var response = await SendAsync(request, cancellationToken);
        var stated = Number(response, "Upload-Length");
        return stated is null || stated == length
            ? (OffsetOf(response, length), ResultOf(response))
            : throw new SharingException(ProblemCodes.InvalidInput, $"The upload has {stated} bytes, and not the {length} that are here.");
    }

    async Task<(long Offset, string? Result)> AppendAsync(
        Uri address, UploadSource source, long offset, UploadSettings settings, CancellationToken cancellationToken)
    {
        var length = Math.Min(source.Length - offset, settings.PartLength ?? (settings.Checksum is null ? long.MaxValue : CheckedPart));
        using var request = new HttpRequestMessage(HttpMethod.Patch, address);
        request.Headers.Add("Upload-Offset", Text(offset));
        if (settings.Checksum is { } algorithm)
        {
            var hash = await HashAsync(source, offset, length, algorithm, cancellationToken);
            request.Headers.Add("Upload-Checksum", $"{algorithm} {Convert.ToBase64String(hash)}");
        }

        var at = offset;
        request.Content = new StreamContent(
            await source.OpenAsync(offset, length, settings.Progress is { } progress ? read => progress.Report(at += read) : null, cancellationToken), Piece);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
        request.Content.Headers.ContentLength = length;
        using var response = await SendAsync(request, cancellationToken);
        return OffsetOf(response, source.Length) is var now && now > offset
            ? (now, ResultOf(response))
            : throw new SharingException(ProblemCodes.FetchFailed, "The server took none of the bytes.");
    }

    static async Task<byte[]> HashAsync(UploadSource source, long offset, long length, string algorithm, CancellationToken cancellationToken)
    {
        using var hasher = new ChecksumHasher(algorithm);
        await using var part = await source.OpenAsync(offset, length, null, cancellationToken);
        var buffer = new byte[Piece];
        while (await part.ReadAsync(buffer, cancellationToken) is var read and > 0)
        {
            hasher.Append(buffer.AsSpan(0, read));
        }

        return hasher.Finish();
    }

    async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Add("Tus-Resumable", Version);
        if (tokenOf is not null && await tokenOf(cancellationToken) is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new SharingException(
                response.StatusCode switch
                {
                    HttpStatusCode.NotFound or HttpStatusCode.Gone => ProblemCodes.NotFound,
                    HttpStatusCode.Conflict => ProblemCodes.WrongOffset,
                    HttpStatusCode.Locked => ProblemCodes.UploadInterrupted,
                    HttpStatusCode.Unauthorized => ProblemCodes.SignInRequired,
                    HttpStatusCode.Forbidden => ProblemCodes.NotAllowed,
                    HttpStatusCode.RequestEntityTooLarge => ProblemCodes.TooLarge,
                    HttpStatusCode.InsufficientStorage => ProblemCodes.QuotaExceeded,
                    (HttpStatusCode)460 => ProblemCodes.ChecksumMismatch,
                    >= HttpStatusCode.InternalServerError => ProblemCodes.Internal,
                    _ => ProblemCodes.InvalidInput,
                },
                $"The server answered {(int)response.StatusCode}.");
        }
    }

    static long OffsetOf(HttpResponseMessage response, long length) => Number(response, "Upload-Offset") is { } offset && offset <= length
        ? offset
        : throw new SharingException(ProblemCodes.FetchFailed, "The server did not say where the upload stands.");

    static string? ResultOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Upload-Result", out var values) ? Uri.UnescapeDataString(values.First()) : null;

    static long? Number(HttpResponseMessage response, string header) => response.Headers.TryGetValues(header, out var values)
        && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
