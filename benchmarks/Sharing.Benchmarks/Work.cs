using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using Sharing.Core;

namespace Sharing.Benchmarks;

/// <summary>The pieces of work that run in a process of their own.</summary>
static partial class Work
{
    const int Writers = 8;
    const int SmallLength = 4096;

    public static Task RunAsync(string[] work) => work switch
    {
        ["blake3", var path, var times, var threads] => HashAsync(path, Number(times), Number(threads)),
        ["ingest", var from, var to] => IngestAsync(from, to),
        ["small", var folder, var files] => SmallAsync(folder, Number(files)),
        ["small-sqlite", var folder, var files] => SmallSqliteAsync(folder, Number(files)),
        ["small-by-hand", var folder, var files] => SmallByHandAsync(folder, Number(files)),
        ["serve", var folder, var files, var port] => Serving.RunAsync(folder, files, Number(port)),
        ["fetch", var folder, .. var addresses] => Serving.FetchAsync(folder, addresses),
        ["swarm-server", var folder, var at, .. var files] => Swarming.ServeAsync(folder, at, files),
        ["swarm-terminal", var folder, var server, var at, .. var shares] => Swarming.FetchAsync(folder, server, at, shares),
        ["index-server", var folder, var port, var requests, var contents, var terminals] => Indexing.ServeAsync(folder, Number(port), requests, Number(contents), Number(terminals)),
        ["radar", var books, var threads] => RadarComparison.JoinAsync(books, Number(threads)),
        ["parts", var folder, .. var contents] => Parts.FetchAsync(folder, contents),
        ["landing-server", var folder, var root, var at, var origin, .. var addresses] => Landing.ServeAsync(folder, root, at, origin, addresses),
        ["landing-client", var folder, var server, .. var items] => Landing.FetchAsync(folder, server, items),
        ["thumbs", var from, var to, var sizes, var times] => PhotoWork.ThumbsAsync(from, to, sizes, Number(times)),
        ["photo-ingest", var from, var to] => PhotoWork.IngestAsync(from, to),
        ["push-server", var folder, var port] => Pushing.ServeAsync(folder, Number(port)),
        ["push-nats", var port] => PushComparison.SendToNatsAsync(Number(port)),
        ["push-nchan", var port] => PushComparison.SendToNchanAsync(Number(port)),
        ["push-client", var greeting, var welcome, var port, var followers, var messages] => PushClient.RunAsync(greeting, welcome, Number(port), Number(followers), Number(messages)),
        ["plain-terminal", var folder, var server, var at, var share] => Swarming.GivePlainlyAsync(folder, server, at, share),
        _ => throw new ArgumentException("There is no such work."),
    };

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    static async Task HashAsync(string path, int times, int threads)
    {
        for (var i = 0; i < times; i++)
        {
            Console.WriteLine(await Blake3.HashFileAsync(path, threads));
        }
    }

    static async Task IngestAsync(string from, string to)
    {
        await using var store = new FolderContentStore(to);
        await Parallel.ForEachAsync(Directory.GetFiles(from), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (path, token) =>
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            await store.PutAsync(file, cancellationToken: token);
        });
    }

    static async Task SmallAsync(string folder, int files)
    {
        await using var services = new ServiceCollection().AddLogging().AddSharing(sharing => sharing.UseFolder(folder)).BuildServiceProvider();
        var store = services.GetRequiredService<IContentStore>();
        await EachAsync(files, async (content, _) => await store.PutAsync(new MemoryStream(content)));
    }

    static async Task SmallSqliteAsync(string folder, int files)
    {
        var database = $"Data Source={Path.Combine(folder, "blobs.db")}";
        await using var first = new SqliteConnection(database);
        await first.OpenAsync();
        await ExecuteAsync(first, "PRAGMA journal_mode=WAL; CREATE TABLE blob(id BLOB PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID");
        await EachWriterAsync(files, async contents =>
        {
            await using var connection = new SqliteConnection(database);
            await connection.OpenAsync();
            await ExecuteAsync(connection, "PRAGMA synchronous=FULL; PRAGMA busy_timeout=60000");
            await using var insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO blob VALUES ($id, $bytes)";
            var (id, bytes) = (insert.Parameters.Add("$id", SqliteType.Blob), insert.Parameters.Add("$bytes", SqliteType.Blob));
            foreach (var content in contents)
            {
                var hash = new byte[Blake3.HashSize];
                Blake3.Hash(content, hash);
                (id.Value, bytes.Value) = (hash, content);
                await insert.ExecuteNonQueryAsync();
            }
        });
    }

    static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    static async Task SmallByHandAsync(string folder, int files)
    {
        for (var i = 0; i < 256; i++)
        {
            Directory.CreateDirectory(Path.Combine(folder, i.ToString("x2", CultureInfo.InvariantCulture)));
        }

        await EachAsync(files, (content, number) =>
        {
            Span<byte> hash = stackalloc byte[Blake3.HashSize];
            Blake3.Hash(content, hash);
            var name = Convert.ToHexStringLower(hash);
            var (temporary, directory) = (Path.Combine(folder, $"t{number}"), Path.Combine(folder, name[..2]));
            using (var file = File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                RandomAccess.Write(file, content, 0);
                Checked(Sync((int)file.DangerousGetHandle()));
            }

            File.Move(temporary, Path.Combine(directory, name));
            var opened = Checked(Open(directory, 0x1_0000)); // O_DIRECTORY of x64
            Checked(Sync(opened));
            Checked(Close(opened));
            return Task.CompletedTask;
        });
    }

    static Task EachAsync(int files, Func<byte[], int, Task> put) => EachWriterAsync(files, async contents =>
    {
        foreach (var content in contents)
        {
            await put(content, BitConverter.ToInt32(content));
        }
    });

    /// <summary>Lets the writers work side by side, each on contents of its own.</summary>
    static Task EachWriterAsync(int files, Func<IEnumerable<byte[]>, Task> write) => Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => write(Contents(writer, files)))));

    static IEnumerable<byte[]> Contents(int writer, int files)
    {
        var random = new Random(writer);
        for (var i = writer; i < files; i += Writers)
        {
            var content = new byte[SmallLength];
            random.NextBytes(content);
            yield return content;
        }
    }

    static int Checked(int result) => result >= 0 ? result : throw new IOException($"The system answered {Marshal.GetLastPInvokeError()}.");

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int file);
}
