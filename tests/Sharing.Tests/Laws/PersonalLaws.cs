using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;

namespace Sharing.Tests.Laws;

/// <summary>No kind of record without an answer to: what does it hold about people, and who erases it? docs/personal-data.md says it, and the parts that are registered do it.</summary>
[Trait("Row", "C1")]
public sealed partial class PersonalLaws
{
    // Where kinds are not written out: given by a caller who writes them out, or in constants.
    static readonly string[] s_made =
    [
        "RecordKeyRing.cs", "SigningKey.cs", "RelationshipStore.cs", "WorkBacklog.cs", "EventLog.cs", "WorkQueue.cs", "PeoplePersonalData.cs", "UploadsPersonalData.cs", "UsageMeter.cs", "PhotoKeys.cs", "OwnPosts.cs",
    ];

    static IEnumerable<string> Sources => Repository.Sources("src").Where(static file => !file.Contains("Sharing.Testing", StringComparison.Ordinal));

    [Fact]
    public void Every_kind_of_record_that_the_source_names_is_on_the_page()
    {
        var page = Page().Select(static row => row.Kind).Concat(Nobody()).ToHashSet(StringComparer.Ordinal);
        var kinds = Sources.SelectMany(static file => Literal().Matches(File.ReadAllText(file)).Concat(Constant().Matches(File.ReadAllText(file))).Select(static match => match.Groups[1].Value)).ToHashSet(StringComparer.Ordinal);
        Assert.True(kinds.Count > 80);
        Assert.Empty(kinds.Except(page));
        Assert.Empty(
            from file in Sources
            where !s_made.Contains(Path.GetFileName(file))
            from Match match in NotLiteral().Matches(File.ReadAllText(file))
            select $"{Path.GetFileName(file)}: {match.Value}");
    }

    [Fact]
    public async Task Every_kind_that_holds_something_about_somebody_is_answered_for_by_the_part_that_the_page_names_and_by_no_other()
    {
        await using var services = new ServiceCollection().AddLogging().AddSharing(static sharing => sharing
            .AddOffline().AddSharedData().AddRadar().AddApps().AddPhotos().AddMessages().AddActivityPub().AddFeeds()).BuildServiceProvider();
        var parts = services.GetServices<IPersonalData>().ToList();
        var answered = parts.SelectMany(static part => part.RecordKinds.Select(kind => (Kind: kind, Part: part.Name))).ToHashSet();
        Assert.Equal(answered.OrderBy(static one => one.Kind, StringComparer.Ordinal), Page().Where(static row => row.Part != "terminal").Select(static row => (row.Kind, row.Part)).OrderBy(static one => one.Kind, StringComparer.Ordinal));
        Assert.Equal(parts.Count, parts.Select(static part => part.Name).Distinct().Count());
        Assert.Empty(Page().Select(static row => row.Kind).Intersect(Nobody()));
    }

    static IReadOnlyList<(string Kind, string Part)> Page() => [.. Row().Matches(Text()[..Split()]).Select(static match => (match.Groups[1].Value, match.Groups[2].Value))];

    static IReadOnlyList<string> Nobody() => [.. NobodyRow().Matches(Text()[Split()..]).Select(static match => match.Groups[1].Value)];

    static int Split() => Text().IndexOf("## Kinds that hold nothing about anybody", StringComparison.Ordinal);

    static string Text() => File.ReadAllText(Path.Combine(Repository.Root, "docs", "personal-data.md"));

    [GeneratedRegex("""Record(?:Key\.Of|Range\.Under)\(\s*"([a-z-]+)"(?!\s*\+)""")]
    private static partial Regex Literal();

    [GeneratedRegex("""const string \w*Kind = "([a-z-]+)";""")]
    private static partial Regex Constant();

    [GeneratedRegex("""Record(?:Key\.Of|Range\.Under)\((?!\s*"[a-z-]+"[,)])[^)\r\n]*""")]
    private static partial Regex NotLiteral();

    [GeneratedRegex(@"^\| `([a-z-]+)` \| ([a-z-]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| `([a-z-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex NobodyRow();
}
