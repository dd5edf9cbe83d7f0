using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Sharing.Apps;
using Sharing.Core;
using Sharing.Tests.Fetching;

namespace Sharing.Tests.Apps;

/// <summary>A web server with a state of the repository, of which single files may be others, and a catalogue that reads it.</summary>
sealed class FdroidSite : IAsyncDisposable
{
    readonly Bench _bench = new(options => options.Configured.Add("127.0.0.1"));
    readonly MemoryContentStore _contents = new();
    readonly FdroidStates _states;
    LoopbackServer? _server;

    FdroidSite(FdroidStates states) => _states = states;

    public MemoryRecordStore Records { get; } = new();

    public IContentStore Contents => _contents;

    public FdroidStates States => _states;

    /// <summary>The state that is served.</summary>
    public int State { get; set; } = 1;

    /// <summary>Files that are served instead of the state's.</summary>
    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public FdroidRepository Repository { get; private set; } = null!;

    public IEnumerable<string> Asked => _server!.Requests.Select(request => request.Path["/fdroid/repo/".Length..]);

    public Uri Address => new($"{_server!.Address}/fdroid/repo");

    public static async Task<FdroidSite> StartAsync(FdroidStates states, int state = 1, string? fingerprint = null)
    {
        var site = new FdroidSite(states) { State = state };
        site._server = await LoopbackServer.StartAsync(site.AnswerAsync);
        site.Repository = site.Open(fingerprint);
        return site;
    }

    /// <summary>The catalogue as a process that starts now finds it.</summary>
    public FdroidRepository Open(string? fingerprint = null) => new(
        new(Address) { Fingerprint = fingerprint }, _bench.Client, Records, _contents, new(Records, _contents, TimeProvider.System));

    public Task<byte[]> FetchAsync(Uri address) => _bench.Client.GetByteArrayAsync(address);

    public byte[] File(string name) => Files.TryGetValue(name, out var other) ? other : System.IO.File.ReadAllBytes(Path.Combine(_states.At(State), name));

    public JsonObject Entry() => JsonNode.Parse(File("entry.json"))!.AsObject();

    /// <summary>Signs another entry with the repository's key, and serves it.</summary>
    public async Task ServeAsync(JsonObject entry) => Files["entry.jar"] = await _states.SignAsync(entry.ToJsonString());

    /// <summary>Serves another file under its name, and writes into the entry what is true of it.</summary>
    public void Replace(JsonObject described, byte[] bytes)
    {
        Files[((string)described["name"]!).TrimStart('/')] = bytes;
        described["sha256"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        described["size"] = bytes.Length;
    }

    async Task AnswerAsync(HttpContext context)
    {
        var name = context.Request.Path.Value!["/fdroid/repo/".Length..];
        if (!Files.ContainsKey(name) && !System.IO.File.Exists(Path.Combine(_states.At(State), name)))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await context.Response.Body.WriteAsync(File(name));
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        await _bench.DisposeAsync();
    }
}
