using System.Globalization;
using System.IO.Compression;
using System.Text;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>Shows what is in a ZIP archive. Nothing is unpacked. Thread-safe.</summary>
public sealed class ArchiveHandler : IResourceHandler
{
    const int MostEntries = 10_000, MostDirectory = 4 << 20;

    /// <inheritdoc/>
    public string Id => "sharing.archive";

    /// <inheritdoc/>
    public IReadOnlyList<HandledKind> Kinds { get; } = [new() { MediaType = "application/zip" }];

    /// <inheritdoc/>
    public async Task<OpenedResource> OpenAsync(ResourceToOpen resource, Stream output, CancellationToken cancellationToken = default)
    {
        try
        {
            var length = resource.Content.Info.Length;
            var end = new byte[(int)Math.Min(MostDirectory, length)];
            await new ContentStream(resource.Content, ContentArea.Data, length - end.Length).ReadExactlyAsync(end, cancellationToken); // not disposed: the reader is the caller's
            await using var bytes = new ArchiveEnd(length, end);
            await using var zip = new ZipArchive(bytes, ZipArchiveMode.Read);
            var lines = new StringBuilder();
            foreach (var entry in zip.Entries.Take(MostEntries))
            {
                lines.Append(CultureInfo.InvariantCulture, $"{entry.Length,14:#,0}  {ShownText.OneLine(entry.FullName)}\n");
            }

            if (zip.Entries.Count > MostEntries)
            {
                lines.Append(CultureInfo.InvariantCulture, $"and {zip.Entries.Count - MostEntries} more\n");
            }

            await output.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()), cancellationToken);
            return new(Id, "text/plain; charset=utf-8");
        }
        catch (InvalidDataException e)
        {
            throw new SharingException(ProblemCodes.InvalidInput, "The archive is damaged.", e);
        }
    }
}
