using System.Net;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.AspNetCore;
using Sharing.Server;
using Sharing.Tests.Content;

namespace Sharing.Tests.Laws;

/// <summary>What the pages show is code that is compiled, and their links lead somewhere.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void The_first_example_is_taken_from_the_program_that_is_built_against_the_packages()
    {
        var program = Unindented(Read("tests/Consumer/FirstExample/Program.cs"));
        var at = 0;
        foreach (var paragraph in Blocks("README.md").SelectMany(block => block.Split("\n\n")))
        {
            var next = program.IndexOf(Unindented(paragraph), at, StringComparison.Ordinal);
            Assert.True(next >= 0, $"Not in FirstExample/Program.cs, or not in this order:\n{paragraph}");
            at = next + 1;
        }
    }

    [Fact]
    public async Task The_code_about_pages_is_compiled_and_shows_them()
    {
        var code = Unindented(File.ReadAllText(Here()));
        Assert.All(Blocks("docs/pages.md"), block => Assert.Contains(Unindented(block), code, StringComparison.Ordinal));

        using var folder = new TemporaryFolder();
        await using var app = PagesOf(folder.Path);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        Assert.Contains("/acme.css", await http.GetStringAsync("/", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("<h1>Sign in</h1>", await http.GetStringAsync("/sign-in", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Every_page_is_reached_from_the_readme_and_every_link_leads_to_a_file()
    {
        var (found, next) = (new HashSet<string>(StringComparer.Ordinal), new Queue<string>(["README.md"]));
        while (next.TryDequeue(out var page))
        {
            if (!found.Add(page) || !page.EndsWith(".md", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (Match link in Link().Matches(Read(page)))
            {
                var path = Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, link.Groups[1].Value)));
                Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), $"{page} links to {link.Groups[1].Value}, which is not there.");
                next.Enqueue(path);
            }
        }

        var pages = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories);
        found.Add("docs/promises.rows.md"); // what docs/promises.md is made from
        Assert.Empty(pages.Select(page => Path.GetRelativePath(Repository.Root, page)).Except(found));
    }

    [Fact]
    public void Every_setting_of_the_server_and_every_command_of_the_terminal_is_on_its_page()
    {
        var settings = typeof(ServerOptions).GetProperties().Select(property => $"\n| `{property.Name}` |");
        Assert.All(settings, setting => Assert.Contains(setting, Read("docs/run-a-server.md"), StringComparison.Ordinal));

        var commands = Repository.Sources("samples/Terminal").SelectMany(file => Command().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).ToList();
        Assert.True(commands.Count > 20);
        var page = Read("docs/terminal.md").Replace("\nsharing", "`sharing", StringComparison.Ordinal).Replace("`sharing apps ", "`sharing ", StringComparison.Ordinal).Replace("`sharing photos ", "`sharing ", StringComparison.Ordinal);
        Assert.All(commands.Where(static command => command is not ("apps" or "photos")), command => Assert.Contains($"`sharing {command}", page, StringComparison.Ordinal));
    }

    static WebApplication PagesOf(string data)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddAuthentication();

        builder.Services.AddSharing(sharing => sharing
            .UseFolder(data)
            .AddOffline()
            .AddPages(pages => (pages.ProductName, pages.Stylesheet) = ("Acme", "/acme.css")));

        var app = builder.Build();

        app.UseAuthentication();
        app.MapSharing();
        app.MapSharingPages();           // or MapSharingPages("/share")

        app.MapGet("/sign-in", (HttpContext context) => SharingPage.Result(context, "Sign in", $"""
            <section class="card plain"><h1>Sign in</h1>
            <form class="stack" method="post">{SharingPage.AntiforgeryField(context)}…</form></section>
            """));

        return app;
    }

    /// <summary>The C# of a page.</summary>
    static IEnumerable<string> Blocks(string page)
    {
        var blocks = Block().Matches(Read(page)).Select(match => match.Groups[1].Value.Trim('\n')).ToList();
        Assert.NotEmpty(blocks);
        return blocks;
    }

    static string Read(string path) => File.ReadAllText(Path.Combine(Repository.Root, path)).ReplaceLineEndings("\n");

    static string Unindented(string code) => Indent().Replace(code.ReplaceLineEndings("\n"), "");

    static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex("^```csharp\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex("(?:new Command|Change)\\(\\s*\"([a-z]+)\"")]
    private static partial Regex Command();

    [GeneratedRegex("^[ \t]+", RegexOptions.Multiline)]
    private static partial Regex Indent();

    /// <summary>A link or picture within the repository, without what follows <c>#</c>.</summary>
    [GeneratedRegex(@"\]\((?![a-z]+:)([^)#\s]+)[^)]*\)")]
    private static partial Regex Link();
}
