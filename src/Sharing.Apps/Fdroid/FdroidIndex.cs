using System.IO.Pipelines;
using System.Text.Json;
using Sharing.Core;

namespace Sharing.Apps;

/// <summary>Takes indexes into the store and reads them there. Thread-safe.</summary>
sealed class FdroidIndex(FdroidSource source, IContentStore store)
{
    /// <summary>An index that was taken.</summary>
    /// <param name="Info">The content.</param>
    /// <param name="Root">The hash of what it says.</param>
    /// <param name="Apps">How many apps it names.</param>
    /// <param name="LeftOut">Of them, those that something is missing of.</param>
    public sealed record Taken(ContentInfo Info, string Root, int Apps, int LeftOut);

    /// <summary>Finds the parts of an index.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.ContentDamaged"/>: it is not there any more.</exception>
    /// <exception cref="PackageFormatException">It is no index.</exception>
    public async Task<IReadOnlyList<IndexPart>> PartsAsync(ContentId index, CancellationToken cancellationToken)
    {
        await using var stream = new ContentStream(await OpenAsync(index, cancellationToken), ContentArea.Data, 0);
        return await IndexScanner.ScanAsync(stream, cancellationToken);
    }

    /// <summary>Opens an index.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.ContentDamaged"/>: it is not there any more.</exception>
    public async Task<IContentReader> OpenAsync(ContentId index, CancellationToken cancellationToken) =>
        await store.OpenAsync(index, cancellationToken) ?? throw new SharingException(ProblemCodes.ContentDamaged, "The repository's index is not in the store any more; an update brings it again.");

    /// <summary>Puts a whole index into the store, and looks through it.</summary>
    /// <exception cref="PackageFormatException">It is no index.</exception>
    public async Task<Taken> TakeAsync(Stream body, CancellationToken cancellationToken)
    {
        var info = await store.PutAsync(body, cancellationToken: cancellationToken);
        var parts = await PartsAsync(info.Id, cancellationToken);
        await using var reader = await OpenAsync(info.Id, cancellationToken);
        var (index, root, apps, leftOut) = (new PartReader(reader, PartReader.All), new CanonicalRoot(), 0, 0);
        foreach (var part in parts)
        {
            IndexJson.Read(await index.ReadAsync(part, cancellationToken), value => root.Add(part, value));
            apps += part.IsApp ? 1 : 0;
            leftOut += part.IsApp && Read(part, await index.ReadAsync(part, cancellationToken)) is null ? 1 : 0;
        }

        return new(info, root.Finish(), apps, leftOut);
    }

    /// <summary>Puts together what is held and what has changed since, and puts that into the store.</summary>
    /// <param name="before">What is held.</param>
    /// <param name="difference">What has changed.</param>
    /// <param name="entry">What must come of it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PackageFormatException">Something else comes of it.</exception>
    public Task<Taken> MergeAsync(FdroidState before, ReadOnlyMemory<byte> difference, FdroidEntry entry, CancellationToken cancellationToken)
    {
        JsonDocument changes;
        try
        {
            changes = JsonDocument.Parse(difference, new() { AllowDuplicateProperties = false });
        }
        catch (JsonException fault)
        {
            throw IndexJson.Damaged(fault);
        }

        return MergeAsync(before, changes, entry, cancellationToken);
    }

    /// <summary>Reads an app; <c>null</c>: something that must be said of it is missing.</summary>
    public FdroidApp? Read(IndexPart part, ReadOnlyMemory<byte> value)
    {
        try
        {
            return IndexJson.Read(value, app => FdroidAppReader.Read(source, part.Name, app));
        }
        catch (PackageFormatException)
        {
            return null;
        }
    }

    async Task<Taken> MergeAsync(FdroidState before, JsonDocument changes, FdroidEntry entry, CancellationToken cancellationToken)
    {
        using (changes)
        {
            var merge = new IndexMerge(source, before, await PartsAsync(before.Index, cancellationToken), changes.RootElement);
            await using var reader = await OpenAsync(before.Index, cancellationToken);
            var info = await PutAsync(output => merge.WriteAsync(new(reader, PartReader.All), output, cancellationToken), cancellationToken);
            return merge.Timestamp == entry.Timestamp && merge.Apps == entry.Apps
                ? new(info, merge.Root, merge.Apps, 0)
                : throw new PackageFormatException(PackageFault.Index, "The difference does not lead to what the entry says.");
        }
    }

    /// <summary>Puts into the store what is written, while it is being written.</summary>
    async Task<ContentInfo> PutAsync(Func<PipeWriter, Task> write, CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        var writing = Task.Run(() => WriteAsync(pipe.Writer, write), cancellationToken);
        try
        {
            var info = await store.PutAsync(pipe.Reader.AsStream(leaveOpen: true), cancellationToken: cancellationToken);
            await writing;
            return info;
        }
        finally
        {
            await pipe.Reader.CompleteAsync();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it still reads what is held
        }
    }

    static async Task WriteAsync(PipeWriter output, Func<PipeWriter, Task> write)
    {
        try
        {
            await write(output);
            await output.CompleteAsync();
        }
        catch (Exception fault)
        {
            await output.CompleteAsync(IndexJson.IsFormat(fault) ? IndexJson.Damaged(fault) : fault); // comes out where it is read
        }
    }
}
