using System.Text;

namespace Sharing.Trials.Rot;

/// <summary>The ways in which what is on a disk changes by itself, or by somebody's hand.</summary>
static class Mutation
{
    static readonly (string Name, Func<RotHost, int, Random, bool> Apply)[] s_kinds =
    [
        ("a bit of the data", (host, i, random) => Flip(DataOf(host, i), random)),
        ("a bit of the hashes", (host, i, random) => Flip(DataOf(host, i) + ".groups", random)),
        ("data cut", (host, i, random) => Resize(DataOf(host, i), length => random.NextInt64(length))),
        ("data grown", (host, i, random) => Resize(DataOf(host, i), length => length + random.Next(1, 200_000))),
        ("hashes cut", (host, i, random) => Resize(DataOf(host, i) + ".groups", length => random.NextInt64(length))),
        ("hashes grown", (host, i, random) => Resize(DataOf(host, i) + ".groups", length => length + random.Next(1, 100))),
        ("a page zeroed", (host, i, random) => Overwrite(DataOf(host, i), random, new byte[4096])),
        ("a page of another file", (host, i, random) => Overwrite(DataOf(host, i), random, Noise(random, 4096))),
        ("two contents swapped", (host, i, _) => Swap(DataOf(host, i), DataOf(host, (i + 1) % host.Ids.Length))),
        ("data gone", (host, i, _) => Gone(DataOf(host, i))),
        ("hashes gone", (host, i, _) => Gone(DataOf(host, i) + ".groups")),
        ("the name in capitals", (host, i, _) => Move(DataOf(host, i), Path.Combine(Path.GetDirectoryName(DataOf(host, i))!, host.Ids[i].ToString().ToUpperInvariant()))),
        ("in another directory", (host, i, _) => Move(DataOf(host, i), Path.Combine(host.Contents, "content", "00", "x" + host.Ids[i]))),
        ("a foreign file", (host, i, random) => Foreign(Path.Combine(Path.GetDirectoryName(DataOf(host, i))!, $"notes-{random.Next()}.txt"))),
        ("a foreign directory", (host, _, random) => Foreign(Path.Combine(host.Contents, "content", $"lost+found-{random.Next()}", "x"))),
        ("a bit of a record", (host, _, random) => Record(host, random)),
    ];

    public static (string Name, Func<RotHost, int, Random, bool> Apply) Draw(Random random) => s_kinds[random.Next(s_kinds.Length)];

    static string DataOf(RotHost host, int i)
    {
        var id = host.Ids[i].ToString();
        return Path.Combine(host.Contents, "content", id[..2], id);
    }

    static bool Flip(string path, Random random)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        var bytes = File.ReadAllBytes(path);
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return Write(path, bytes);
    }

    static bool Overwrite(string path, Random random, byte[] page)
    {
        var before = File.ReadAllBytes(path);
        var bytes = before.ToArray();
        var at = random.Next(bytes.Length) / 4096 * 4096;
        page.AsSpan(0, Math.Min(page.Length, bytes.Length - at)).CopyTo(bytes.AsSpan(at));
        return !bytes.AsSpan().SequenceEqual(before) && Write(path, bytes);
    }

    static bool Resize(string path, Func<long, long> to)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = File.Open(path, FileMode.Open);
        var length = file.Length;
        file.SetLength(to(length));
        return file.Length != length;
    }

    static bool Swap(string one, string other)
    {
        var bytes = File.ReadAllBytes(one);
        Write(one, File.ReadAllBytes(other));
        return Write(other, bytes);
    }

    static bool Gone(string path)
    {
        var there = File.Exists(path);
        File.Delete(path);
        return there;
    }

    static bool Move(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Move(from, to);
        return true;
    }

    static bool Foreign(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return Write(path, "not a content"u8.ToArray());
    }

    /// <summary>In place, as a disk does it: the file stays the same one.</summary>
    static bool Write(string path, byte[] bytes)
    {
        using var file = File.Open(path, FileMode.OpenOrCreate);
        file.Write(bytes);
        file.SetLength(bytes.Length);
        return true;
    }

    static byte[] Noise(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    static bool Record(RotHost host, Random random)
    {
        var key = RecordKey.Of("blob", host.Small.ToString());
        var record = host.Records.GetAsync(key).AsTask().GetAwaiter().GetResult()!;
        var json = Encoding.UTF8.GetString(record.Json.Span).ToCharArray();
        var at = random.Next(20, json.Length - 20);
        json[at] = json[at] == 'A' ? 'B' : 'A';
        return host.Records.CommitAsync(new RecordBatch().Put(key, Encoding.UTF8.GetBytes(json), record.Version)).AsTask().GetAwaiter().GetResult().Committed;
    }
}
