using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Tests.Laws;

namespace Sharing.Tests.Content;

/// <summary>The program, run as an operator runs it.</summary>
public sealed class AdminCheckTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    string Data => _folder.Join("data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Data_in_order_are_found_in_order()
    {
        await StoreAsync();
        var (code, report) = await CheckAsync();
        Assert.Equal(0, code);
        Assert.True((bool)report["ok"]!);
        Assert.Equal(2, (int)report["bytes"]!["sound"]!);
        Assert.Equal("unreferenced", (string?)Assert.Single(report["contents"]!.AsArray())!["kind"]);
    }

    [Fact]
    public async Task What_is_damaged_missing_or_wrongly_counted_is_named()
    {
        var (one, other) = await StoreAsync();
        File.Delete(PathOf(other));
        var bytes = await File.ReadAllBytesAsync(PathOf(one));
        bytes[9] ^= 1;
        await File.WriteAllBytesAsync(PathOf(one), bytes);
        var (fastCode, fast) = await CheckAsync("--fast");
        Assert.Equal((1, null), (fastCode, fast["bytes"]));
        Assert.Contains(fast["contents"]!.AsArray(), finding => (string?)finding!["kind"] == "missing" && (string?)finding["content"] == other.ToString());

        var (code, report) = await CheckAsync();
        Assert.Equal(1, code);
        Assert.Equal((1, 1), ((int)report["bytes"]!["damaged"]!, (int)report["bytes"]!["missing"]!));
        Assert.True(File.Exists(Path.Combine(Data, "content", "quarantine", one.ToString())));
    }

    [Fact]
    public async Task Without_data_or_beside_a_server_it_says_so()
    {
        Directory.CreateDirectory(Data);
        var (code, _, errors) = await RunAsync("check", "--data", Data);
        Assert.Equal(2, code);
        Assert.Contains("holds no data", errors, StringComparison.Ordinal);

        await using var services = Open();
        _ = services.GetRequiredService<IContentStore>();
        (code, _, errors) = await RunAsync("check", "--data", Data);
        Assert.Equal(2, code);
        Assert.Contains(Data, errors, StringComparison.Ordinal);
    }

    ServiceProvider Open() => new ServiceCollection().AddLogging().AddSharing(sharing => sharing.UseFolder(Data)).BuildServiceProvider();

    string PathOf(ContentId id) => Path.Combine(Data, "content", "content", id.ToString()[..2], id.ToString());

    async Task<(ContentId One, ContentId Other)> StoreAsync()
    {
        await using var services = Open();
        var store = services.GetRequiredService<IContentStore>();
        var ids = new ContentId[2];
        for (var i = 0; i < 2; i++)
        {
            var info = await store.PutAsync(new MemoryStream(FolderVictim.Bytes(100_000 + i)));
            var batch = new RecordBatch();
            Assert.True(await services.GetRequiredService<ContentReferences>().AddAsync(batch, info, "test"));
            await services.GetRequiredService<IRecordStore>().CommitAsync(batch);
            ids[i] = info.Id;
        }

        await store.PutAsync(new MemoryStream(FolderVictim.Bytes(200_000)));
        return (ids[0], ids[1]);
    }

    async Task<(int Code, JsonNode Report)> CheckAsync(params string[] more)
    {
        var (code, output, errors) = await RunAsync(["check", "--data", Data, "--json", .. more]);
        Assert.True(output.StartsWith('{'), output + errors);
        return (code, JsonNode.Parse(output)!);
    }

    internal static Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => RunAsync([], arguments);

    internal static async Task<(int Code, string Output, string Errors)> RunAsync((string Name, string Value)[] environment, string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.Sample("Admin", "sharing-admin.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
