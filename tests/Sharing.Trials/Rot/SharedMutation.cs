using System.Text;
using Sharing.S3;
using Sharing.Trials.S3;

namespace Sharing.Trials.Rot;

/// <summary>The ways in which a bucket and a database change by themselves, by somebody's hand, or by being restored from backups of different days.</summary>
sealed class SharedMutation(S3Stub bucket)
{
    (string Name, Func<RotHost, int, Random, bool> Apply)[]? _kinds;

    public (string Name, Func<RotHost, int, Random, bool> Apply) Draw(Random random)
    {
        _kinds ??=
        [
            ("a bit of the data", (host, i, random) => bucket.Change(Data(host, i), bytes => Flip(bytes, random))),
            ("a bit of the hashes", (host, i, random) => bucket.Change(Groups(host, i), bytes => Flip(bytes, random))),
            ("data cut", (host, i, random) => bucket.Change(Data(host, i), bytes => bytes![..random.Next(bytes.Length)])),
            ("data grown", (host, i, random) => bucket.Change(Data(host, i), bytes => [.. bytes!, .. new byte[random.Next(1, 200_000)]])),
            ("hashes cut", (host, i, random) => bucket.Change(Groups(host, i), bytes => bytes?[..random.Next(bytes.Length)])),
            ("a page zeroed", (host, i, random) => bucket.Change(Data(host, i), bytes => Page(bytes!, random, 0))),
            ("a page of something else", (host, i, random) => bucket.Change(Data(host, i), bytes => Page(bytes!, random, 170))),
            ("two contents swapped", (host, i, _) => Swap(Data(host, i), Data(host, (i + 1) % host.Ids.Length))),
            ("data gone", (host, i, _) => bucket.Change(Data(host, i), static _ => null)),
            ("hashes gone", (host, i, _) => bucket.Change(Groups(host, i), static _ => null)),
            ("the database older than the bucket", (host, i, _) => Commit(host, new RecordBatch().Delete(S3Records.Object(host.Ids[i]), RecordBatch.Any))),
            ("the bucket older than the database", (host, i, _) => bucket.Change(Data(host, i), static _ => null) | bucket.Change(Groups(host, i), static _ => null)),
            ("a record that names another object", (host, i, _) => Commit(host, new RecordBatch().Put(S3Records.Object(host.Ids[i]), Object(host, i) with { Name = ObjectNames.New() }, RecordBatch.Any))),
            ("a record that names another's object", (host, i, _) => Copy(Data(host, (i + 1) % host.Ids.Length), Data(host, i))),
            ("a record of another length", (host, i, random) => Commit(host, new RecordBatch().Put(S3Records.Object(host.Ids[i]), Object(host, i) with { Length = random.Next(1, 3_000_000) }, RecordBatch.Any))),
            ("a bit of a record", Record),
        ];
        return _kinds[random.Next(_kinds.Length)];
    }

    static ObjectRecord Object(RotHost host, int i) => S3Records.ReadObject(host.Records.GetAsync(S3Records.Object(host.Ids[i])).AsTask().GetAwaiter().GetResult()!);

    static string Data(RotHost host, int i) => ObjectNames.Data(host.Ids[i], Object(host, i).Name);

    static string Groups(RotHost host, int i) => ObjectNames.Groups(host.Ids[i], Object(host, i).Name);

    static bool Commit(RotHost host, RecordBatch batch) => host.Records.CommitAsync(batch).AsTask().GetAwaiter().GetResult().Committed;

    static byte[]? Flip(byte[]? bytes, Random random)
    {
        if (bytes is { Length: > 0 })
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        return bytes;
    }

    static byte[] Page(byte[] bytes, Random random, byte value)
    {
        var at = random.Next(bytes.Length) / 4096 * 4096;
        bytes.AsSpan(at, Math.Min(4096, bytes.Length - at)).Fill(value);
        return bytes;
    }

    bool Swap(string one, string other)
    {
        byte[] first = [], second = [];
        bucket.Change(one, bytes => first = bytes!);
        bucket.Change(other, bytes => second = bytes!);
        return bucket.Change(one, _ => second) & bucket.Change(other, _ => first);
    }

    bool Copy(string from, string to)
    {
        byte[] bytes = [];
        bucket.Change(from, there => bytes = there!);
        return bucket.Change(to, _ => bytes);
    }

    static bool Record(RotHost host, int i, Random random)
    {
        var key = RecordKey.Of("blob", host.Small.ToString());
        var record = host.Records.GetAsync(key).AsTask().GetAwaiter().GetResult()!;
        var json = Encoding.UTF8.GetString(record.Json.Span).ToCharArray();
        var at = random.Next(20, json.Length - 20);
        json[at] = json[at] == 'A' ? 'B' : 'A';
        return Commit(host, new RecordBatch().Put(key, Encoding.UTF8.GetBytes(json), record.Version));
    }
}
