using Sharing.Core;
using Sharing.PostgreSql;
using Sharing.S3;
using Sharing.Sqlite;
using Sharing.Testing;

namespace Sharing.Tests.Laws;

/// <summary>The end of docs/gaps.md is made by the kit: what was run on what, and where it deviates.</summary>
public sealed class Gaps
{
    const string Path = "docs/gaps.md";
    const string Made = "\n## Conformance\n";

    [Fact]
    public void Of_each_implementation_the_page_says_where_it_deviates()
    {
        var written = File.ReadAllText(System.IO.Path.Combine(Repository.Root, Path)).Split(Made)[0];
        Repository.ShouldBeApproved(Path, $"""
            {written}{Made}
            Made by Sharing.Testing (`Conformance`) from the tests: every suite of the kit runs whole on every implementation that is named with it, but for the tests that are named as deviations.

            {Conformance.Suites(typeof(Gaps).Assembly)}
            What a store may offer beside its seam, and whether it does. Whoever needs it asks for it, and does without where it is not there.

            {Conformance.Companions(
                typeof(MemoryRecordStore), typeof(SqliteRecordStore), typeof(PostgreSqlRecordStore), typeof(MemoryContentStore), typeof(FolderContentStore), typeof(S3ContentStore))}
            """);
    }
}
