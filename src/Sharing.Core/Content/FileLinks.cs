using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace Sharing.Core;

/// <summary>Files of the user's own that are given to others as contents, straight from where they are: no second copy is made of them. Thread-safe singleton.</summary>
/// <remarks>The file belongs to the user, who may change it at any time. So each group is hashed every time before it goes out; a file that has changed gives nothing wrong,
/// and is linked no more. Records: <c>file-link/{content}</c>, one for a content; its group hashes are a content in the store, referred to by the same commit.</remarks>
public sealed class FileLinks(IContentStore store, ContentReferences references, IRecordStore records, ILogger<FileLinks> logger)
{
    const int Attempts = 3;

    /// <summary>Hashes a file, and gives it from then on. One with the same bytes takes its place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Called after each piece that was read, with its length, before the next: to tell how far it is, and to slow down.</param>
    /// <param name="cancellationToken">Gives up; nothing is linked.</param>
    /// <returns><c>null</c>: it is not there, or was changed meanwhile.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public async Task<FileLink?> LinkAsync(string path, Func<int, CancellationToken, ValueTask>? read = null, CancellationToken cancellationToken = default)
    {
        path = Path.GetFullPath(path);
        if (FileStamp.Of(path) is not { } stamp)
        {
            return null;
        }

        for (var attempt = 1; ; attempt++)
        {
            if (await HashAsync(path, stamp.Length, read, cancellationToken) is not var (content, hashes) || FileStamp.Of(path) != stamp)
            {
                return null;
            }

            var link = new FileLink(content, path, stamp, hashes);
            var committed = await records.ChangeAsync(
                async batch =>
                {
                    batch.Put(KeyOf(content.Id), link, FileLinkJson.Default.FileLink, RecordBatch.Any);
                    return await references.AddAsync(batch, hashes, Referrer(content.Id), cancellationToken);
                },
                cancellationToken);
            if (committed || attempt == Attempts)
            {
                return committed ? link : null;
            }
        }
    }

    /// <summary>The file that has a content; <c>null</c>: none, or it has changed.</summary>
    public async ValueTask<FileLink?> FindAsync(ContentId content, CancellationToken cancellationToken = default) =>
        await records.GetAsync(KeyOf(content), FileLinkJson.Default.FileLink, cancellationToken) is { Value: var link } && FileStamp.Of(link.Path) == link.Stamp ? link : null;

    /// <summary>Opens the file that has a content. One that has changed is linked no more.</summary>
    /// <returns><c>null</c>: there is none.</returns>
    public async ValueTask<IContentReader?> OpenAsync(ContentId content, CancellationToken cancellationToken = default)
    {
        if (await records.GetAsync(KeyOf(content), FileLinkJson.Default.FileLink, cancellationToken) is not { Value: var link })
        {
            return null;
        }

        if (FileStamp.Of(link.Path) == link.Stamp && await store.OpenAsync(link.Hashes.Id, cancellationToken) is { } hashes)
        {
            if (OpenFile(link.Path) is { } file)
            {
                return new LinkedFileReader(this, link, file, hashes);
            }

            await hashes.DisposeAsync();
        }

        await ReportAsync(link);
        return null;
    }

    /// <summary>Gives a file no more. The file stays.</summary>
    public Task UnlinkAsync(ContentId content, CancellationToken cancellationToken = default) => records.ChangeAsync(
        async batch =>
        {
            if (await records.GetAsync(KeyOf(content), FileLinkJson.Default.FileLink, cancellationToken) is not { } link)
            {
                return false;
            }

            batch.Delete(link.Key, link.Version);
            await references.RemoveAsync(batch, link.Value.Hashes.Id, Referrer(content), cancellationToken);
            return true;
        },
        cancellationToken);

    /// <summary>All of them, in no order; some may have changed.</summary>
    public async IAsyncEnumerable<FileLink> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var link in records.ScanAsync(RecordRange.Under("file-link"), FileLinkJson.Default.FileLink, cancellationToken))
        {
            yield return link.Value;
        }
    }

    /// <summary>A file is not what it was.</summary>
    internal async ValueTask ReportAsync(FileLink link)
    {
        ContentLog.FileChanged(logger, link.Content.Id, link.Path);
        await UnlinkAsync(link.Content.Id, CancellationToken.None);
    }

    /// <summary>Hashes a file, and puts its group hashes into the store.</summary>
    /// <returns><c>null</c>: it became shorter, or is gone.</returns>
    async Task<(ContentInfo Content, ContentInfo Hashes)?> HashAsync(string path, long length, Func<int, CancellationToken, ValueTask>? told, CancellationToken cancellationToken)
    {
        if (OpenFile(path) is not { } opened)
        {
            return null;
        }

        using var file = opened;
        var pipe = new Pipe();
        var putting = store.PutAsync(pipe.Reader.AsStream(), null, cancellationToken);
        try
        {
            var content = await GroupHashing.RunAsync(ReadAsync, length, 1, TakeAsync, null, cancellationToken);
            await pipe.Writer.CompleteAsync();
            return (new(content, length), await putting);
        }
        catch (EndOfStreamException)
        {
            return null;
        }
        finally
        {
            await pipe.Writer.CompleteAsync(new OperationCanceledException()); // nothing, where it is complete
            await ((Task)putting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async ValueTask<int> ReadAsync(long offset, Memory<byte> buffer, CancellationToken token)
        {
            var read = await RandomAccess.ReadAsync(file, buffer, offset, token);
            await (told?.Invoke(read, token) ?? default);
            return read;
        }

        async ValueTask TakeAsync(long first, ReadOnlyMemory<byte> hashes, CancellationToken token) => await pipe.Writer.WriteAsync(hashes, token);
    }

    /// <summary>Opens a file so that its owner can do with it what he likes.</summary>
    static SafeFileHandle? OpenFile(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    static RecordKey KeyOf(ContentId content) => RecordKey.Of("file-link", content.ToString());

    static string Referrer(ContentId content) => $"file-link/{content}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FileLink))]
sealed partial class FileLinkJson : JsonSerializerContext;
