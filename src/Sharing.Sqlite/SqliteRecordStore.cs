using System.Runtime.CompilerServices;

namespace Sharing.Sqlite;

/// <summary>Keeps records in a SQLite database, durably: what was told to be committed outlives kill and power cut.</summary>
/// <remarks>Thread-safe singleton, one for each database file: a second one, in whichever process, is refused while this is open.
/// Commits that come at the same time share one transaction and one fsync. Reading blocks its thread for as long as the file system does.
/// The application brings the native SQLite: call <c>SQLitePCL.Batteries_V2.Init()</c> first.</remarks>
public sealed class SqliteRecordStore : IRecordStore, IRecordHeads, IRecordCheck, IRecordErasure, IAsyncDisposable, IDisposable
{
    const int FirstPage = 10;
    const int Page = 100;

    readonly DatabaseLock _lock;
    readonly SqliteWriter _writer;
    readonly SqliteReaders _readers;
    readonly RecordCache _cache = new();

    /// <summary>Opens a database, or makes it.</summary>
    /// <exception cref="SharingException"><see cref="ProblemCodes.Conflict"/>: it is open already, or was written by a newer version;
    /// <see cref="ProblemCodes.ReadOnly"/>: it lies where SQLite cannot keep a write-ahead log.</exception>
    public SqliteRecordStore(SqliteOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.Path, nameof(options));
        var path = Path(options);
        MakeFolder(System.IO.Path.GetDirectoryName(path)!);
        _lock = DatabaseLock.Take(path);
        try
        {
            var turn = new Lock();
            _writer = new(SqliteDatabase.OpenWriter(options, path), new(path + "-reserve"), turn, _cache);
            _readers = new(path, turn);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return !_readers.IsDisposed && _cache.TryGet(key, out var record) ? ValueTask.FromResult(record) : _readers.ReadAsync(
            static (reader, asked) =>
            {
                var changes = asked._cache.Changes;
                var found = reader.Get(asked.key);
                asked._cache.Keep(asked.key, found, changes);
                return found;
            },
            (key, _cache),
            cancellationToken);
    }

    /// <summary>Lets SQLite look through the whole database, pages, order and all.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken = default) =>
        await _readers.ReadAsync(static (reader, _) => reader.Check(), 0, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Record> ScanAsync(RecordRange range, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var span = SqliteReader.Span.Of(range);
        for (var (most, more) = (FirstPage, true); more; most = Page)
        {
            (var records, more) = await _readers.ReadAsync(static (reader, page) => reader.Page(page.span, page.most), (span, most), cancellationToken);
            foreach (var record in records)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return record;
            }

            span = more ? span.After(records[^1].Key) : span;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<IReadOnlyList<Record>>> HeadsAsync(IReadOnlyList<RecordRange> ranges, int most, CancellationToken cancellationToken = default) => _readers.ReadAsync(
        static (reader, asked) => (IReadOnlyList<IReadOnlyList<Record>>)[.. asked.ranges.Select(range => reader.Head(SqliteReader.Span.Of(range), asked.most))], (ranges, most), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Cancelling works as long as the commit is queued: nothing happened then. Once begun it runs to its end.</remarks>
    /// <exception cref="SharingException"><see cref="ProblemCodes.NoSpace"/>: nothing was changed, and what makes room (<see cref="RecordBatch.MakesRoom"/>) is still possible;
    /// <see cref="ProblemCodes.ReadOnly"/>: the disk failed earlier, and the database takes no more changes until it is opened anew.</exception>
    public ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return _writer.CommitAsync(batch, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="SharingException"><see cref="ProblemCodes.Conflict"/>: readers held it up for 5 seconds; ask again.</exception>
    public Task EraseAsync(CancellationToken cancellationToken = default) => _writer.EraseAsync(cancellationToken);

    /// <summary>Commits what is queued, folds the log into the database, closes and unlocks it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync();
        await _writer.DisposeAsync(); // after the readers: the last to close checkpoints, and only the writer may
        _lock.Dispose();
    }

    /// <inheritdoc cref="DisposeAsync"/>
#pragma warning disable VSTHRD002 // for containers that are disposed synchronously; nothing in here comes back to the caller's thread
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
#pragma warning restore VSTHRD002

    static string Path(SqliteOptions options) => System.IO.Path.GetFullPath(options.Path);

    /// <summary>Records hold secrets: a folder that is made for them is its owner's alone.</summary>
    static void MakeFolder(string folder) => _ = OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(folder)
        : Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
