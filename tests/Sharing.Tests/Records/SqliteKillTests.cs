using System.Diagnostics;
using System.Globalization;
using Sharing.Sqlite;

namespace Sharing.Tests.Records;

public sealed class SqliteKillTests
{
    [Fact(Timeout = 120_000)]
    public async Task A_killed_process_loses_no_commit_it_told_of_and_no_lock_stays()
    {
        var folder = Directory.CreateTempSubdirectory("sharing-kill-").FullName;
        var path = Path.Combine(folder, "records.db");
        try
        {
            long last = 0;
            for (var round = 0; round < 3; round++)
            {
                var told = await WriteUntilKilledAsync(path, round, lines: 400 + (round * 333));
                last = await CheckAsync(path, told, last);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<Dictionary<string, long>> WriteUntilKilledAsync(string path, int round, int lines)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Sharing.Tests.Child.dll"), path, round.ToString(CultureInfo.InvariantCulture) },
        };
        using var child = Process.Start(start)!;
        Dictionary<string, long> told = new(StringComparer.Ordinal);
        try
        {
            while (told.Count < lines && await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                var words = line.Split(' ');
                told.Add(words[0], long.Parse(words[1], CultureInfo.InvariantCulture));
                if (told.Count == 100)
                {
                    Assert.Throws<SharingException>(() => new SqliteRecordStore(new() { Path = path }));
                }
            }
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync(CancellationToken.None);
        }

        Assert.Equal(lines, told.Count);
        return told;
    }

    static async Task<long> CheckAsync(string path, Dictionary<string, long> told, long before)
    {
        await using var records = new SqliteRecordStore(new() { Path = path });
        foreach (var (name, version) in told)
        {
            Assert.Equal(version, (await records.GetAsync(RecordKey.Of("left", name)))?.Version);
            Assert.Equal(version, (await records.GetAsync(RecordKey.Of("right", name)))?.Version);
            Assert.True(version > before, "no version is used twice");
        }

        // Of the commits not told of, each is there whole or not at all.
        Dictionary<string, long> right = new(StringComparer.Ordinal);
        await foreach (var record in records.ScanAsync(RecordRange.Under("right")))
        {
            right.Add(record.Key.Part(0), record.Version);
        }

        long last = 0;
        await foreach (var record in records.ScanAsync(RecordRange.Under("left")))
        {
            Assert.Equal(record.Version, right[record.Key.Part(0)]);
            Assert.True(right.Remove(record.Key.Part(0)));
            last = Math.Max(last, record.Version);
        }

        Assert.Empty(right);
        return last;
    }
}
