using System.Collections.Concurrent;

namespace Sharing.Sqlite;

// A few connections that only read. One is held for one statement, never between two items of a scan. Bound: 8 at once, the next
// callers wait.
sealed class SqliteReaders(string path, Lock turn) : IAsyncDisposable
{
    const int Most = 8;

    readonly SemaphoreSlim _slots = new(Most);
    readonly ConcurrentBag<SqliteReader> _idle = [];
    volatile bool _disposed;

    public bool IsDisposed => _disposed;

    public async ValueTask<T> ReadAsync<T, TArgument>(
        Func<SqliteReader, TArgument, T> read, TArgument argument, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await _slots.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteRecordStore));
            if (!_idle.TryTake(out var reader))
            {
                reader = new(SqliteDatabase.OpenReader(path), turn);
            }

            try
            {
                var result = read(reader, argument);
                _idle.Add(reader);
                return result;
            }
            catch
            {
                reader.Dispose(); // the next one begins afresh
                throw;
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        for (var i = 0; i < Most; i++)
        {
            await _slots.WaitAsync(); // until the last statement has ended
        }

        while (_idle.TryTake(out var reader))
        {
            reader.Dispose();
        }

        _slots.Release(Most); // whoever still waits is told
    }
}
