using Sharing.Core;
using Sharing.Photos;

namespace Sharing.Tests.Photos.Own;

/// <summary>Previews by a service of one's own on another machine: it is sent the picture, and gives a JPEG of each size.</summary>
public sealed class PreviewService(IHttpClientFactory clients, PreviewAddress at) : IThumbnailer
{
    public string? WhyNot(PictureFormat format) => format is PictureFormat.Jpeg or PictureFormat.Png ? null : "The preview service takes JPEG and PNG.";

    public async Task<Thumbnails> MakeAsync(IContentReader picture, PictureHeader header, IReadOnlyList<int> sizes, CancellationToken cancellationToken = default)
    {
        using var client = clients.CreateClient(GuardedClient.Services);
        var jpegs = new Dictionary<int, ReadOnlyMemory<byte>>();
        foreach (var size in sizes)
        {
            var body = new StreamContent(new ContentStream(picture, ContentArea.Data, 0)); // not disposed: the reader is the caller's
            using var answer = await client.PostAsync(new Uri(at.Address, $"?side={size}"), body, cancellationToken);
            jpegs[size] = answer.IsSuccessStatusCode
                ? await answer.Content.ReadAsByteArrayAsync(cancellationToken)
                : throw new PictureFormatException(PictureFault.NotDecoded, $"The preview service answered {(int)answer.StatusCode}.");
        }

        return new(jpegs, ThumbHash: default); // no placeholder
    }
}

/// <summary>Where the preview service is.</summary>
public sealed record PreviewAddress(Uri Address);
