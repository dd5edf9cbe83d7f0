using Sharing.Core;

namespace Sharing.Photos;

/// <summary>Bytes as a server gives them.</summary>
static class HttpGrantedBytes
{
    public static string Preview(int? size) => size is { } side ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"?preview={side}") : "";

    public static async Task<GrantedBytes?> OpenAsync(ServerConnection server, PersonId actor, string path, CancellationToken cancellationToken)
    {
        if (await HttpContentReader.BeginAsync(server, actor, path, cancellationToken) is not var (reader, answer))
        {
            return null;
        }

        var said = answer.Content.Headers;
        return new(reader, FileName.From(said.ContentDisposition?.FileNameStar ?? said.ContentDisposition?.FileName?.Trim('"')), said.ContentType?.MediaType, CancellationToken.None);
    }
}
