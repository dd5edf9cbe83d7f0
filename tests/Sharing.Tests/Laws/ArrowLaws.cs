using System.Xml.Linq;

namespace Sharing.Tests.Laws;

public sealed class ArrowLaws
{
    /// <summary>The map of docs/architecture.md: what each package may reference of ours.</summary>
    static readonly Dictionary<string, string[]> Map = new(StringComparer.Ordinal)
    {
        ["Sharing.Abstractions"] = [],
        ["Sharing.PostgreSql"] = ["Sharing.Abstractions"],
        ["Sharing.S3"] = ["Sharing.Abstractions"],
        ["Sharing.Sqlite"] = ["Sharing.Abstractions"],
        ["Sharing.Core"] = ["Sharing.Abstractions"],
        ["Sharing.Apps"] = ["Sharing.Core"],
        ["Sharing.Offline"] = ["Sharing.Core"],
        ["Sharing.P2P"] = ["Sharing.Core"],
        ["Sharing.Photos"] = ["Sharing.Core"],
        ["Sharing.Messaging"] = ["Sharing.Core"],
        ["Sharing.Social"] = ["Sharing.Core"],
        ["Sharing.AspNetCore"] = ["Sharing.Apps", "Sharing.Messaging", "Sharing.Offline", "Sharing.P2P", "Sharing.Photos", "Sharing.Social"],
        ["Sharing.Testing"] = ["Sharing.Apps", "Sharing.Messaging", "Sharing.Offline", "Sharing.P2P", "Sharing.Photos"],
    };

    static readonly string[] NeverHandedOn = ["SQLitePCLRaw", "Dapper", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging", "Microsoft.Extensions.DependencyInjection"];

    [Fact]
    public void Every_package_references_only_what_is_on_the_map()
    {
        var found = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(f => Path.GetFileNameWithoutExtension(f), References);
        Assert.Equal(Map.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        foreach (var (package, references) in found)
        {
            Assert.Equal(Map[package], references);
        }
    }

    [Fact]
    public void No_library_hands_on_a_native_library_or_an_implementation_where_the_abstractions_do()
    {
        foreach (var project in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            var packages = XDocument.Load(project).Descendants("PackageReference").Select(p => p.Attribute("Include")!.Value);
            Assert.DoesNotContain(packages, p => NeverHandedOn.Contains(p, StringComparer.Ordinal) || p.StartsWith("SQLitePCLRaw", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void No_package_opens_its_internals_to_another_package()
    {
        foreach (var project in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories))
        {
            var friends = XDocument.Load(project).Descendants("InternalsVisibleTo").Select(p => p.Attribute("Include")!.Value);
            Assert.All(friends, friend => Assert.True(friend.EndsWith("Tests", StringComparison.Ordinal) || friend is "Sharing.Tests.Child" or "Sharing.Trials" or "Sharing.Benchmarks" or "Sharing.Swarm", $"{project} → {friend}"));
        }
    }

    static string[] References(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference").Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value)).Order(StringComparer.Ordinal)];
}
