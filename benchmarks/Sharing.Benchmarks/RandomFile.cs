namespace Sharing.Benchmarks;

static class RandomFile
{
    /// <summary>Writes a file of bytes that are the same each time.</summary>
    public static void Write(string path, int length, int seed = 1)
    {
        var (random, buffer) = (new Random(seed), new byte[1024 * 1024]);
        using var file = File.Create(path);
        for (var left = length; left > 0; left -= buffer.Length)
        {
            random.NextBytes(buffer);
            file.Write(buffer, 0, Math.Min(left, buffer.Length));
        }
    }
}
