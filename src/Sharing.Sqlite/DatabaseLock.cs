using System.Globalization;
using System.Text;

namespace Sharing.Sqlite;

// One process per database: two writers that reset one WAL can corrupt it (SQLite before 3.51.3), and versions are counted in
// memory. The lock is the operating system's (flock, share mode), so it ends with the process however that ends. The file stays:
// deleting it would let one process lock the deleted file and another a new one.
sealed class DatabaseLock : IDisposable
{
    readonly FileStream _file;

    DatabaseLock(FileStream file) => _file = file;

    public static DatabaseLock Take(string database)
    {
        var path = database + ".lock";
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
            return new(file);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            throw new SharingException(ProblemCodes.Conflict,
                $"The database '{database}' is open already: '{path}' is locked by another process, or by another store of this one.", exception);
        }
    }

    public void Dispose() => _file.Dispose();

    // Sharing violation on Windows; EAGAIN on Linux, EWOULDBLOCK on macOS.
    static bool IsHeld(IOException exception) => exception.HResult is unchecked((int)0x80070020) or 11 or 35;
}
