using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sharing.Offline;
using Sharing.Server;
using Sharing.Tests.Content;
using Sharing.Tests.Fetching;

namespace Sharing.Tests.Http;

/// <summary>The server sample in this process with the roles that people use, and an origin. Two further networks can be connected there; they take nobody's token.</summary>
public sealed class ServerUnderTest : HostUnderTest
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly TemporaryFolder _folder = new();
    LoopbackServer _origin = null!;
    WebApplication _app = null!;

    public override IServiceProvider Services => _app.Services;

    public override async ValueTask InitializeAsync()
    {
        _origin = await LoopbackServer.StartAsync(AnswerAsync);
        List<string> args =
        [
            "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None", "--Logging:LogLevel:Microsoft.AspNetCore=None",
            .. new[] { "social", "download", "radar", "apps" }.Select((role, at) => $"--Sharing:Roles:{at}={role}"), $"--Sharing:Data={_folder.Path}", $"--Sharing:ConfiguredHosts:0=127.0.0.1:{_origin.Port}",
            $"--Sharing:Networks:{Elsewhere}={_origin.Address}/", $"--Sharing:Networks:{Spare}={_origin.Address}/",
            $"--Sharing:Hosts:0:TokenSha256={Tokens.HashOf(TokenOf(Actor.Host))}",
        ];
        foreach (var (actor, at) in People.Select((actor, at) => (actor, at)))
        {
            args.AddRange([$"--Sharing:People:{at}:Id={actor}", $"--Sharing:People:{at}:Name={actor}", $"--Sharing:People:{at}:TokenSha256={Tokens.HashOf(TokenOf(actor))}"]);
        }

        _app = ServerHost.Build([.. args]);
        await _app.StartAsync();
        Address = new Uri(_app.Urls.First() + "/");
        Get<IOptions<OfflineOptions>>().Value.PublicAddress = Address; // the port is known only now
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        await _origin.DisposeAsync();
        _folder.Dispose();
    }

    public override Uri NewAddress() => new($"{_origin.Address}/files/{Guid.NewGuid():N}.bin");

    internal override async Task<ISubjects> SubjectsAsync() => await Subjects.MakeAsync(this);

    public static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (!await holds())
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
