using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>Uploads a file that is to be sent. Thread-safe.</summary>
/// <param name="home">The server.</param>
/// <param name="clients">Makes the guarded client.</param>
/// <param name="time">Times the rests between attempts.</param>
public sealed class MessageUploader(MessageHome home, IHttpClientFactory clients, TimeProvider time)
{
    /// <summary>Uploads a file; after a break it goes on where it stood.</summary>
    /// <param name="actor">Whose it is.</param>
    /// <param name="path">The file.</param>
    /// <param name="mediaType">What it is said to be; <c>null</c>: nothing.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>What <see cref="MessageDraft.Upload"/> takes.</returns>
    /// <exception cref="SharingException">The server refused, or could not be reached for too long.</exception>
    public async Task<string> UploadAsync(PersonId actor, string path, string? mediaType = null, CancellationToken cancellationToken = default)
    {
        var client = new UploadClient(clients.CreateClient(GuardedClient.Services), time, token => home.TokenOf(actor, token));
        var metadata = UploadMetadata.Of(mediaType is null ? [new("filename", Path.GetFileName(path))] : [new("filename", Path.GetFileName(path)), new("filetype", mediaType)]);
        return (await client.UploadAsync(home.Uploads, UploadSource.OfFile(path), new() { Metadata = metadata }, cancellationToken)).Result
            ?? throw new SharingException(ProblemCodes.FetchFailed, "The server took the bytes, and did not say as what.");
    }
}
