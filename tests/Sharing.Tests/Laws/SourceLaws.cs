using System.Text.RegularExpressions;

namespace Sharing.Tests.Laws;

public sealed partial class SourceLaws
{
    [Fact]
    public void Nothing_durable_relies_on_a_flush_that_hides_its_failure() => Nowhere(DurableFlush(), "src", []);

    [Fact]
    public void Nothing_is_awaited_by_blocking() => Nowhere(Blocking(), "src", ["PostgreSqlRecordStore.cs", "SqliteRecordStore.cs", "FaultPlan.cs", "RecordKeyRing.cs"]); // their Dispose, for containers that know no other; a step that is held up holds its thread; an interface of the framework's

    [Fact]
    public void The_tree_speaks_of_the_product_alone()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.Root, "*.md", SearchOption.TopDirectoryOnly).Select(Path.GetFileName))
        {
            Assert.Contains(file, (string[])["README.md", "CHANGELOG.md"]);
        }
    }

    static void Nowhere(Regex pattern, string folder, string[] allowed)
    {
        var found =
            from file in Repository.Sources(folder)
            where !allowed.Any(a => file.EndsWith(a, StringComparison.Ordinal))
            from line in File.ReadLines(file).Index()
            where !line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal) && pattern.IsMatch(line.Item)
            select $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1}: {line.Item.Trim()}";
        Assert.Empty(found);
    }

    [GeneratedRegex(@"\.Flush\(true\)|\.Flush\(flushToDisk|FlushToDisk\(")]
    private static partial Regex DurableFlush();

    [GeneratedRegex(@"\.GetAwaiter\(\)\.GetResult\(\)|\.Wait\(\)|Thread\.Sleep")]
    private static partial Regex Blocking();
}
