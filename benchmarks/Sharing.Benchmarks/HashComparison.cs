using Sharing.Core;

namespace Sharing.Benchmarks;

/// <summary>Hashing a file on one core, against <c>b3sum</c>.</summary>
static class HashComparison
{
    const int Length = 512 * 1024 * 1024;

    public static Comparison In(string folder)
    {
        var path = Path.Combine(folder, "hash.bin");
        RandomFile.Write(path, Length);
        return new("hash", "b3sum --num-threads 1 --no-mmap", Length, () => HashAsync(path), () => Rival.RunAsync("b3sum", "--num-threads", "1", "--no-mmap", path));
    }

    static async Task HashAsync(string path)
    {
        var (hasher, buffer) = (new Blake3Hasher(), new byte[1024 * 1024]);
        await using var file = File.OpenRead(path);
        for (int read; (read = await file.ReadAsync(buffer)) > 0;)
        {
            hasher.Append(buffer.AsSpan(0, read));
        }

        hasher.Finish(new byte[Blake3.HashSize]);
    }
}
