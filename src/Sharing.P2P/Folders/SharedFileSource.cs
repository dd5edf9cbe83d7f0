using Sharing.Core;

namespace Sharing.P2P;

/// <summary>A file as the bytes of an upload: read gently, and no further once it has changed.</summary>
static class SharedFileSource
{
    public static UploadSource Of(string path, FileStamp stamp, FolderPace pace) => new(stamp.Length, (offset, _) =>
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous | FileOptions.SequentialScan) { Position = offset };
        return new(new Gentle(file, path, stamp, pace));
    });

    sealed class Gentle(FileStream file, string path, FileStamp stamp, FolderPace pace) : ReadOnlyStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (FileStamp.Of(path) != stamp)
            {
                throw new FileChangedException($"{path} is being changed.");
            }

            var read = await file.ReadAsync(buffer, cancellationToken);
            await pace.SentAsync(read, cancellationToken);
            return read;
        }

        public override async ValueTask DisposeAsync()
        {
            await file.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                file.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}

/// <summary>A file was changed while it was being uploaded.</summary>
sealed class FileChangedException(string message) : IOException(message);
