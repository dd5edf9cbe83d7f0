using System.Security.Cryptography;

namespace Sharing.Sqlite;

// Room kept back, as a file beside the database: on a full disk it is what deletions and sweeps go on with. Not thread-safe.
//
// Folding the log into the database takes at most the log's own length, about 4 MiB, and gives that back.
sealed class SqliteReserve(string path)
{
    const int Length = 8 << 20;
    const int Block = 64 << 10;

    long _length = new FileInfo(path) is { Exists: true } file ? file.Length : 0;

    // As much of it as there is room for.
    public void Fill()
    {
        if (_length >= Length)
        {
            return;
        }

        try
        {
            using var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            var bytes = new byte[Block];
            while (_length < Length)
            {
                RandomNumberGenerator.Fill(bytes); // zeros might take no room
                RandomAccess.Write(file, bytes, _length);
                _length += Block;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The rest with a later commit.
        }
    }

    public void Release()
    {
        try
        {
            File.Delete(path);
            _length = 0;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It stays.
        }
    }
}
