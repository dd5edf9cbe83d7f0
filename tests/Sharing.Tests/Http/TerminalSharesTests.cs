using System.Net;
using System.Text.Json.Nodes;
using Sharing.Tests.Content;
using Sharing.Tests.P2P;
using Sharing.Trials.Scripted;

namespace Sharing.Tests.Http;

/// <summary>Shared folders and shares on the command line: each command a process of its own.</summary>
public sealed class TerminalSharesTests : IDisposable
{
    static readonly string[] s_roles = ["--Sharing:Roles:0=social", "--Sharing:Roles:1=download", "--Sharing:Roles:2=data", "--Sharing:SpacePerPerson=3000000"];

    readonly TemporaryFolder _folder = new();

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 300_000)]
    [Trait("Row", "D1")]
    public async Task A_folder_is_shared_and_what_is_in_it_is_fetched_by_its_link_until_it_is_taken_back()
    {
        await using var server = await StoryServer.StartAsync(s_roles);
        var (anna, ben) = (server.TerminalOf("anna", "shares"), server.TerminalOf("ben", "shares"));
        var bytes = Samples.Random(1, 2_000_000);
        Write("film.mkv", bytes);
        Write("large.mkv", Samples.Random(2, 2_500_000));

        var (code, said) = await anna.TellAsync(Cancel, "setup", "--listen", $"127.0.0.1:{TerminalNode.FreePort()}");
        Assert.Equal(0, code);
        Assert.Contains("Other terminals reach it at 127.0.0.1:", said, StringComparison.Ordinal);
        Assert.Contains("It only downloads: it does not listen", (await ben.TellAsync(Cancel, "setup")).Said, StringComparison.Ordinal);
        Assert.Contains("nobody can reach this terminal at 0.0.0.0:7400", (await ben.TellAsync(Cancel, "setup", "--listen", "0.0.0.0:7400")).Said, StringComparison.Ordinal);
        Assert.Equal(0, (await ben.TellAsync(Cancel, "setup", "--listen", "none")).Code);

        Assert.Equal(2, (await anna.TellAsync(Cancel, "share-folder", _folder.Join("not there"))).Code);
        Assert.Equal(2, (await anna.TellAsync(Cancel, "share-folder", _folder.Path, "--with", "bob")).Code);
        Assert.Equal(0, (await anna.TellAsync(Cancel, "share-folder", _folder.Path, "--with", "everyone")).Code);
        (code, said) = await anna.TellAsync(Cancel, "seed", "--until-shared");
        Assert.Equal(1, code); // one is more than there is room for
        Assert.Contains("failed: your space is full", said, StringComparison.Ordinal);

        var listed = JsonNode.Parse(await anna.UntilDoneAsync(Cancel, "share-folder", "--list"))!;
        Assert.Equal("everyone", (string?)listed["folders"]![0]!["audience"]!["kind"]);
        var shares = JsonNode.Parse(await anna.UntilDoneAsync(Cancel, "shares"))!.AsArray();
        var share = Assert.Single(shares)!;
        var link = (string)share["link"]!;
        Assert.StartsWith($"{server.Address}s/", link, StringComparison.Ordinal);
        Assert.Contains("#origin=", link, StringComparison.Ordinal);

        (code, said) = await ben.TellAsync(Cancel, "get", link, "--peers");
        Assert.Equal(0, code);
        Assert.Matches(@"(?m)^(A  127\.0\.0\.1 .*100 %|127\.0\.0\.1:?\d* +2\.0 MB|.*BROUGHT)", said); // the map, unless it was over in a moment
        var got = JsonNode.Parse((await ben.UntilDoneAsync(Cancel, "get", link)).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!; // it is there: saved once more
        var expected = (string)share["name"]! == "film.mkv" ? bytes : Samples.Random(2, 2_500_000);
        Assert.Equal(expected, await File.ReadAllBytesAsync((string)got["savedAs"]!, Cancel));
        Assert.Contains("(1)", (string?)got["savedAs"], StringComparison.Ordinal);
        (code, said) = await ben.TellAsync(Cancel, "peers", link); // anna's process has ended, and said so
        Assert.Equal(0, code);
        Assert.Contains("No other terminal has it.", said, StringComparison.Ordinal);

        Assert.Equal(3, (await ben.TellAsync(Cancel, "unshare", link)).Code);
        Assert.Equal(0, (await anna.TellAsync(Cancel, "unshare", link)).Code);
        Assert.Equal(3, (await server.TerminalOf("carl", "shares").TellAsync(Cancel, "get", link)).Code);
        Assert.Equal(0, (await anna.TellAsync(Cancel, "share-folder", "--stop", _folder.Path)).Code);
        Assert.Equal(3, (await anna.TellAsync(Cancel, "share-folder", "--stop", _folder.Path)).Code);
    }

    [Fact(Timeout = 300_000)]
    [Trait("Row", "D1")]
    public async Task While_one_process_seeds_another_shares_a_folder_and_fetches_and_ctrl_c_ends_it()
    {
        await using var server = await StoryServer.StartAsync(s_roles);
        var anna = server.TerminalOf("anna", "seeds");
        Write("film.mkv", Samples.Random(1, 500_000));
        var page = TerminalNode.FreePort();
        var (_, set) = await anna.TellAsync(Cancel, "setup", "--listen", $"127.0.0.1:{TerminalNode.FreePort()}", "--page", $"{page}");
        Assert.Contains($"http://localhost:{page}/ shows what it fetches", set, StringComparison.Ordinal);
        Assert.Equal(2, (await anna.TellAsync(Cancel, "setup", "--page", "65536")).Code);
        var seeding = anna.InterruptAsync(static file => (string?)file["state"] == "deleted", Cancel, "seed");
        Assert.Equal(0, (await anna.TellAsync(Cancel, "share-folder", _folder.Path, "--with", "everyone")).Code);
        JsonNode file;
        do
        {
            file = JsonNode.Parse(await anna.UntilDoneAsync(Cancel, "share-folder", "--list"))!["files"]!.AsArray().FirstOrDefault() ?? new JsonObject();
        }
        while ((string?)file["state"] != "shared");
        var got = JsonNode.Parse((await anna.UntilDoneAsync(Cancel, "get", (string)file["link"]!)).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!;
        Assert.Equal(Samples.Random(1, 500_000), await File.ReadAllBytesAsync((string)got["savedAs"]!, Cancel));
        await PageIsTheOwnersAsync(page);
        File.Delete(_folder.Join("film.mkv"));
        var (code, last) = await seeding;
        Assert.Equal((130, "deleted"), (code, (string?)last["state"]));
    }

    /// <summary>The page shows transfers and nothing else that a terminal can do, and not to pages elsewhere whose name leads to this machine.</summary>
    static async Task PageIsTheOwnersAsync(int port)
    {
        using var http = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}/") };
        Assert.Contains("Nothing is being fetched", await http.GetStringAsync("", Cancel), StringComparison.Ordinal);
        foreach (var path in (string[])["v1/transfers", "v1/downloads", "v1/shared-folders", "people", "me"])
        {
            using var answer = await http.GetAsync(path, Cancel);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "transfers") { Headers = { Host = "rebound.example.org" } };
        using var refused = await http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    [Theory(Timeout = 120_000)]
    [InlineData("share-folder")]
    [InlineData("seed")]
    [InlineData("shares")]
    [InlineData("peers")]
    [Trait("Row", "D1")]
    public async Task Each_command_has_help_with_examples(string command)
    {
        var (code, said) = await new Sharing.Trials.Restart.TerminalChild(Laws.Repository.Sample("Terminal", "sharing.dll"), _folder.Path, "anna", new("http://127.0.0.1:1/"), new("http://127.0.0.1:1/"))
            .TellAsync(Cancel, command, "--help");
        Assert.Equal(0, code);
        Assert.Contains($"Examples:{Environment.NewLine}  sharing {command}", said, StringComparison.Ordinal);
    }

    void Write(string name, byte[] bytes) => File.WriteAllBytes(_folder.Join(name), bytes);
}
