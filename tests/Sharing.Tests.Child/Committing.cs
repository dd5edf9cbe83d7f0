using System.Globalization;
using Sharing.Sqlite;

namespace Sharing.Tests.Child;

/// <summary>Commits as fast as it can, and says so after each commit, until it is killed.</summary>
static class Committing
{
    /// <param name="database">The database.</param>
    /// <param name="round">For names.</param>
    public static async Task<int> RunAsync(string database, string round)
    {
        await using var records = new SqliteRecordStore(new() { Path = database });
        var lines = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (long i = 0; ; i++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{round}-{writer}-{i}");
                var (left, right) = (RecordKey.Of("left", name), RecordKey.Of("right", name));
                var outcome = await records.CommitAsync(new RecordBatch()
                    .Put(left, """{"a":1}"""u8.ToArray(), RecordBatch.Absent).Put(right, """{"b":2}"""u8.ToArray(), RecordBatch.Absent));
                lines.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {outcome.Version}"));
            }
        })));
        return 0;
    }
}
