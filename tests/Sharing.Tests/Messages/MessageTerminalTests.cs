using System.Text.Json.Nodes;
using Sharing.Core;
using Sharing.Messaging;
using Sharing.Tests.Content;
using Sharing.Tests.Http;
using Sharing.Tests.Laws;
using Sharing.Trials.Apk;
using Sharing.Trials.Restart;

namespace Sharing.Tests.Messages;

/// <summary>The message centre at the command line, against the server sample: as people use it.</summary>
public sealed class MessageTerminalTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 240_000)]
    [Trait("Row", "M4")]
    [Trait("Row", "M8")]
    public async Task Things_are_found_asked_for_sent_received_and_opened_and_a_page_is_shown_as_text_with_nothing_run()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Join("offered", "music", "jazz"));
        await File.WriteAllTextAsync(folder.Join("offered", "music", "jazz", "blue.txt"), "Blue notes", Cancel);
        var package = PackageFiles.Real.Single(static path => Path.GetFileName(path) == "settings-8.0.10.apk");
        Directory.CreateDirectory(folder.Join("packages"));
        File.Copy(package, folder.Join("packages", "settings.apk"));
        await using var server = await StoryServer.StartAsync(
            "--Sharing:Roles:0=social", "--Sharing:Roles:1=download", "--Sharing:Roles:2=messages", "--Sharing:Roles:3=apps", $"--Sharing:Packages={folder.Join("packages")}", $"--Sharing:Catalog={folder.Join("offered")}", $"--Sharing:Handlers={Path.Combine(Repository.Root, "samples", "Handlers")}");
        var (anna, ben) = (server.TerminalOf("anna", "center"), server.TerminalOf("ben", "center"));

        var (code, said) = await ben.TellAsync(Cancel, "catalog", "--kind", "music", "blue");
        Assert.Equal(0, code);
        Assert.Matches("[0-9a-f]{32} +music +blue +10 B +jazz", said);
        var item = System.Text.RegularExpressions.Regex.Match(said, "[0-9a-f]{32}").Value;
        Assert.Equal(0, (await ben.TellAsync(Cancel, "catalog", "get", item)).Code);

        var page = folder.Join("page.html");
        await File.WriteAllTextAsync(page, "<!doctype html><title>News</title><script>alert(1)</script><h1>Hello &amp; welcome</h1><p>Read <a href='https://news.example/a'>more</a> or <a href='javascript:alert(1)'>not</a>.</p>", Cancel);
        (code, said) = await anna.TellAsync(Cancel, "send", page, "--to", "ben", "nobody", "--text", "Look");
        Assert.Equal(0, code);
        Assert.Contains("delivered", said, StringComparison.Ordinal);
        Assert.Contains("unknown", said, StringComparison.Ordinal);
        var chart = folder.Join("sales.chart");
        await File.WriteAllBytesAsync(chart, [0, .. "CHART1"u8, .. "3 1 2"u8], Cancel);
        Assert.Equal(0, (await anna.TellAsync(Cancel, "send", chart, "--to", "ben")).Code);

        (code, said) = await ben.TellAsync(Cancel, "inbox", "--json");
        var messages = JsonNode.Parse(said)!.AsArray();
        Assert.Equal(["blue.txt", "page.html", "sales.chart"], messages.Select(static message => (string)message!["resource"]!["name"]!));
        Assert.Equal("Nothing new. What was here before, shows: sharing inbox --all", (await ben.TellAsync(Cancel, "inbox")).Said.Trim());
        string IdOf(int at) => (string)messages[at]!["id"]!;
        Assert.Equal((0, "Blue notes"), await ben.TellAsync(Cancel, "open", IdOf(0)));
        (code, said) = await ben.TellAsync(Cancel, "open", IdOf(1)[..10]);
        Assert.Equal((0, "News\n\nHello & welcome\n\nRead more <https://news.example/a> or not."), (code, said.Trim()));
        (code, said) = await ben.TellAsync(Cancel, "open", IdOf(2));
        Assert.Equal((0, "  3 ###\n  1 #\n  2 ##\n"), (code, said));
        Assert.Contains("application/x-chart", (await ben.TellAsync(Cancel, "handlers")).Said, StringComparison.Ordinal);
        Assert.Equal(0, (await ben.TellAsync(Cancel, "send", "--forward", IdOf(2), "--to", "anna")).Code);
        Assert.Equal("sales.chart", (string)JsonNode.Parse((await anna.TellAsync(Cancel, "inbox", "--json")).Said)![0]!["resource"]!["name"]!);
        Assert.Equal(3, (await ben.TellAsync(Cancel, "open", new string('0', 32))).Code);

        (code, said) = await anna.TellAsync(Cancel, "sent");
        Assert.Equal(0, code);
        Assert.Matches("sales.chart .* ben +received", said);
        Assert.Matches("(?m)^ +nobody +unknown", said);
        Assert.Equal(0, (await anna.TellAsync(Cancel, "send", "--app", "io.appium.settings", "--to", "ben")).Code);
        var app = (string)JsonNode.Parse((await ben.TellAsync(Cancel, "inbox", "--json")).Said)![0]!["id"]!;
        await File.WriteAllTextAsync(folder.Join("device.json"), """{"sdk":34,"abis":["arm64-v8a"],"width":1080,"height":2400,"density":420}""", Cancel);
        Assert.Equal(0, (await ben.TellAsync(Cancel, "apps", "device", folder.Join("device.json"))).Code);
        (code, said) = await ben.TellAsync(Cancel, "open", app, "--json");
        Assert.Equal(0, code);
        Assert.Equal(await File.ReadAllBytesAsync(package, Cancel), await File.ReadAllBytesAsync((string)JsonNode.Parse(said)!["installed"]!, Cancel));
    }
}
