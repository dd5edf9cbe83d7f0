using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sharing.Tests.Downloads;
using Sharing.Tests.Fetching;
using Sharing.Tests.Hosting;

namespace Sharing.Tests.Http;

/// <summary>What the command line says to people when something is not as they think, and what to do.</summary>
public sealed class TerminalWordsTests(StoryServer server) : IClassFixture<StoryServer>
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task A_download_that_fails_names_the_reason_and_allowing_a_host_is_proposed_where_that_would_help_alone()
    {
        await using var origin = await LoopbackServer.StartAsync(context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        var terminal = server.TerminalOf("anna", "reasons");
        var port = new Uri(origin.Address).Port;

        var (code, said) = await terminal.TellAsync(Cancel, "get", $"http://127.0.0.1:{port}/film.bin");
        Assert.Equal(5, code);
        Assert.Equal(["1  film.bin  waiting for 127.0.0.1", "sharing: film.bin: 127.0.0.1 answered 404.", "Try again with: sharing get 1"], Lines(said));

        (code, said) = await terminal.TellAsync(Cancel, "get", $"http://localhost:{port}/film.bin");
        Assert.Equal(5, code);
        Assert.Contains($"If that is a host of your own network: sharing setup --allow localhost:{port}", Lines(said));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_download_that_is_interrupted_ends_with_the_item_as_the_list_has_it()
    {
        await using var origin = await HalfwayOrigin.StartAsync();
        var terminal = server.TerminalOf("anna", "interrupted");
        var (code, last) = await terminal.InterruptAsync(item => (long?)item["done"] > 0, Cancel, "get", origin.Address().ToString());
        Assert.Equal((130, "paused"), (code, (string?)last["state"]));
        Assert.True((long)last["done"]! > 0);
        Assert.True(JsonNode.DeepEquals(last, JsonNode.Parse(await terminal.UntilDoneAsync(Cancel, "list"))![0]));
    }

    [Fact(Timeout = 120_000)]
    public async Task An_item_is_one_post_for_the_same_people_until_it_is_taken_back_or_a_key_asks_for_another()
    {
        await using var origin = await Origin.StartAsync();
        var terminal = server.TerminalOf("anna", "words");
        string[] share = ["share", origin.Serve("words.bin", new byte[1000]).ToString(), "--with", "everyone"];
        var link = Lines((await terminal.TellAsync(Cancel, share)).Said)[0];

        var (code, said) = await terminal.TellAsync(Cancel, [.. share, "--text", "again"]);
        Assert.Equal(1, code);
        Assert.Contains("with other words", said, StringComparison.Ordinal);
        Assert.Contains($"sharing unshare {link}", said, StringComparison.Ordinal);

        var second = Lines((await terminal.TellAsync(Cancel, [.. share, "--key", "another"])).Said)[0];
        Assert.NotEqual(link, second);
        foreach (var post in new[] { link, second })
        {
            Assert.Equal(0, (await terminal.TellAsync(Cancel, "unshare", post)).Code);
        }

        var third = Lines((await terminal.TellAsync(Cancel, [.. share, "--text", "again"])).Said)[0];
        Assert.StartsWith(server.Address.ToString(), third, StringComparison.Ordinal);
        Assert.Equal(third, Lines((await terminal.TellAsync(Cancel, [.. share, "--text", "again"])).Said)[0]);
    }

    [Fact]
    public async Task A_network_that_is_part_of_the_server_cannot_be_disconnected()
    {
        var (code, said) = await server.TerminalOf("anna", "part").TellAsync(Cancel, "disconnect", "sharing");
        Assert.Equal((3, "sharing: sharing is part of this server: there is nothing to disconnect."), (code, said.Trim()));
    }

    [Theory]
    [InlineData("nonsense", "Unrecognized command 'nonsense'.", "See: sharing --help")]
    [InlineData("shar 1", "Unrecognized command 'shar'.", "Did you mean 'share'? See: sharing --help")]
    [InlineData("net", "Unrecognized command 'net'.", "Did you mean 'networks'? See: sharing --help")]
    [InlineData("share 1 --wiht all", "Unrecognized option '--wiht'.", "Did you mean '--with'? See: sharing share --help")]
    [InlineData("pause 1 2", "Unrecognized argument '2'.", "See: sharing pause --help")]
    public async Task A_slip_is_named_once_with_what_was_probably_meant(string command, string fault, string hint)
    {
        var (code, said) = await server.TerminalOf("anna", "slips").TellAsync(Cancel, command.Split(' '));
        Assert.Equal(2, code);
        Assert.Equal(["sharing: " + fault, hint], Lines(said));
    }

    static string[] Lines(string said) => said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
