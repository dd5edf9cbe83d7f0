using System.Globalization;
using System.IO.Compression;
using System.Text;
using Sharing.Core;

namespace Sharing.Messaging;

/// <summary>Shows what is in a ZIP archive. Nothing is unpacked. Thread-safe.</summary>
public sealed class ArchiveHandler : IResourceHandler
{
    const int MostEntries = 10_000;

    /// <inheritdoc/>
    public string Id => "sharing.archive";

    /// <inheritdoc/>
    public IReadOnlyList<HandledKind> Kinds { get; } = [new() { MediaType = "application/zip" }];

    /// <inheritdoc/>
    public async Task<OpenedResource> OpenAsync(ResourceToOpen resource, Stream output, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var bytes = new SeekableContent(resource.Content);
            await using var zip = await ZipArchive.CreateAsync(bytes, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellationToken);
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
