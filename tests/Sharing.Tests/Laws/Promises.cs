using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Xunit.v3;

namespace Sharing.Tests.Laws;

/// <summary>docs/promises.md: what is promised, and the tests that show it, found by their trait "Row".</summary>
public sealed partial class Promises
{
    const string BrowserTests = "tests/Sharing.Browser.Tests";

    [Fact]
    public void Each_is_shown_by_a_test_and_the_page_names_them()
    {
        var rows = Rows();
        var shown = InThisAssembly().Concat(InBrowserTests()).ToLookup(test => test.Row, StringComparer.Ordinal);
        var text = new StringBuilder("# What is promised, and what shows it\n\n"
            + "Made from the tests, by their trait `Row`; rewritten by `eng/promises.sh`. The whole story, start to end: `dotnet run --project samples/Tour`.\n");
        foreach (var (row, promise) in rows)
        {
            Assert.True(shown[row].Any(), $"No test shows {row}: {promise}");
            text.Append(CultureInfo.InvariantCulture, $"\n## {row}\n{promise}\n\n");
            foreach (var one in shown[row].GroupBy(test => test.Class, StringComparer.Ordinal).OrderBy(one => one.Key, StringComparer.Ordinal))
            {
                text.Append(CultureInfo.InvariantCulture, $"- {one.Key}\n");
                foreach (var line in one.Select(test => test.Sentence).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
                {
                    text.Append(CultureInfo.InvariantCulture, $"  - {line}\n");
                }
            }
        }

        Assert.Empty(shown.Select(row => row.Key).Where(row => row[0] == 'R').Except(rows.Select(row => row.Row)));
        Repository.ShouldBeApproved("docs/promises.md", text.ToString());
    }

    /// <summary>The rows, in our own words: lines <c>R1 text</c>.</summary>
    static IReadOnlyList<(string Row, string Promise)> Rows() =>
        [.. RowLine().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs/promises.rows.md")).ReplaceLineEndings("\n"))
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value))];

    static IEnumerable<(string Row, string Class, string Sentence)> InThisAssembly() =>
        from type in Assembly.GetExecutingAssembly().GetTypes()
        where type is { IsClass: true, IsAbstract: false }
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)
        where method.GetCustomAttributes().OfType<IFactAttribute>().Any()
        from row in RowsOf(type).Concat(RowsOf(method)).Distinct(StringComparer.Ordinal)
        let suite = method.DeclaringType!
        select (row, type.Name, suite.Assembly == type.Assembly ? Sentence(method.Name) : $"all of `{suite.Name}`");

    static IEnumerable<string> RowsOf(MemberInfo member) => member.GetCustomAttributes().OfType<ITraitAttribute>()
        .SelectMany(trait => trait.GetTraits()).Where(trait => trait.Key == "Row").Select(trait => trait.Value);

    /// <summary>The tests in a browser are an assembly of their own, which is read as source.</summary>
    static IEnumerable<(string Row, string Class, string Sentence)> InBrowserTests()
    {
        foreach (var file in Repository.Sources(BrowserTests))
        {
            var (pending, ofClass, name) = (new List<string>(), new List<string>(), "");
            foreach (var line in File.ReadLines(file))
            {
                pending.AddRange(TraitText().Matches(line).Select(match => match.Groups[1].Value));
                if (ClassLine().Match(line) is { Success: true } type)
                {
                    (name, ofClass, pending) = (type.Groups[1].Value, pending, []);
                }
                else if (MethodLine().Match(line) is { Success: true } method)
                {
                    foreach (var row in ofClass.Concat(pending).Distinct(StringComparer.Ordinal))
                    {
                        yield return (row, $"{name}, in a browser", Sentence(method.Groups[1].Value));
                    }

                    pending = [];
                }
            }
        }
    }

    static string Sentence(string name) => name.Replace('_', ' ');

    [GeneratedRegex("^([A-Z][0-9]+) (.+)$", RegexOptions.Multiline)]
    private static partial Regex RowLine();

    [GeneratedRegex("Trait\\(\"Row\", \"([^\"]+)\"\\)")]
    private static partial Regex TraitText();

    [GeneratedRegex(@"\bclass (\w+)")]
    private static partial Regex ClassLine();

    [GeneratedRegex(@"^    public (?:async )?(?:Task|void) ([A-Z]\w*_\w*)\(")]
    private static partial Regex MethodLine();
}
