using Sharing.Sqlite;

namespace Sharing.Tests.Child;

/// <summary>Reads and commits at once, from many places: <c>contend FOLDER COMMITS</c>.</summary>
static class Contending
{
    public static async Task<int> RunAsync(string folder, int commits)
    {
        await using var records = new SqliteRecordStore(new SqliteOptions { Path = Path.Combine(folder, "contended.db") });
        await Task.WhenAll(Enumerable.Range(0, 16).Select(lane => Task.Run(async () =>
        {
            for (var i = 0; i < commits / 16; i++)
            {
                var key = RecordKey.Of("lane", $"{lane}");
                var before = await records.GetAsync(key);
                await records.CommitAsync(new RecordBatch().Put(key, "{}"u8.ToArray(), before?.Version ?? RecordBatch.Absent));
                await foreach (var _ in records.ScanAsync(RecordRange.Under("lane")))
                {
                }
            }
        })));
        return 0;
    }
}
