using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Sharing.Core;
using Sharing.Messaging;
using Sharing.Testing;
using static Sharing.Tests.Messages.TestHandlers;

namespace Sharing.Tests.Messages;

/// <summary>Handlers that are hostile: they are run with the resource, and nothing else.</summary>
[Trait("Row", "M7")]
public sealed class HandlerIsolationTests : IDisposable
{
    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly string _folder = Directory.CreateTempSubdirectory("sharing-test-").FullName;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _key.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_handler_that_does_its_work_is_run() => Assert.Equal("7\n", await OpenAsync(await InstallAsync("wc -c < input > output"), ""));

    [Theory]
    [InlineData("cat /etc/passwd > output")]
    [InlineData("cat SECRET > output")]
    [InlineData("ls /home /root /work /var > output")]
    [InlineData("cat /proc/1/environ /proc/*/environ 2>/dev/null > output; grep -q SHARING output")]
    [InlineData("echo x > SECRET; test -s SECRET && echo written > output")]
    [InlineData("echo x > HANDLER/open.sh && echo written > output")]
    [InlineData("exec 3<>/dev/tcp/127.0.0.1/PORT && echo connected > output")]
    [InlineData("/usr/bin/python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", PORT), 2)' && echo connected > output")]
    [InlineData("while true; do :; done")]
    [InlineData("sleep 1000")]
    [InlineData("bomb() { bomb | bomb & }; bomb; sleep 1000")]
    [InlineData("/usr/bin/python3 -c 'x = bytearray(2 << 30)'")]
    [InlineData("head -c 1000000000 /dev/zero > output")]
    [InlineData("ln -s /etc/passwd output")]
    public async Task A_handler_that_reaches_for_anything_else_gets_nowhere_and_is_ended(string script)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var secret = Path.Combine(_folder, "secret");
        await File.WriteAllTextAsync(secret, "", Cancel);
        script = script.Replace("SECRET", secret, StringComparison.Ordinal).Replace("PORT", $"{((IPEndPoint)listener.LocalEndpoint).Port}", StringComparison.Ordinal).Replace("HANDLER", _folder, StringComparison.Ordinal);
        var handler = await InstallAsync(script);
        var refused = await Assert.ThrowsAsync<SharingException>(() => OpenAsync(handler, "x"));
        Assert.Equal(ProblemCodes.InvalidInput, refused.Code);
        Assert.StartsWith("Charts could not open it", refused.Message, StringComparison.Ordinal);
        Assert.False(listener.Pending());
        Assert.Equal("", await File.ReadAllTextAsync(secret, Cancel));
        Assert.DoesNotContain(Process.GetProcesses(), process => process.ProcessName is "sleep" && CommandOf(process.Id).Contains("1000", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_programs_cannot_be_confined_a_fetched_handler_is_not_run()
    {
        var handler = await InstallAsync("echo ran > output", static runner => new(Microsoft.Extensions.Options.Options.Create(new ConfinedOptions()), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<BubblewrapRunner>.Instance) { Tools = "/nowhere" });
        Assert.Equal(ProblemCodes.NotConfined, (await Assert.ThrowsAsync<SharingException>(() => OpenAsync(handler, "x"))).Code);
    }

    async Task<IResourceHandler> InstallAsync(string script, Func<BubblewrapRunner, BubblewrapRunner>? change = null)
    {
        var runner = Runner(static options => (options.CpuTime, options.WallTime, options.MemoryBytes, options.OutputBytes) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5), 512 << 20, 1 << 20));
        var store = new HandlerStore(Path.Combine(_folder, "handlers"), new MemoryRecordStore(), change?.Invoke(runner) ?? runner, new FakeTimeProvider());
        var package = await PackAsync(_key, null, ("open.sh", script + "\n"));
        await using var reader = await ReaderAsync(package);
        return await store.InstallAsync(OfferOf(package, Manifest, _key), reader, static _ => ValueTask.FromResult(true), Cancel);
    }

    static string CommandOf(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
