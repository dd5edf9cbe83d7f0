using System.Net;
using System.Text.Json.Nodes;

namespace Sharing.Tour;

/// <summary>A phone that can be woken: takes what is posted to it.</summary>
sealed class WakeUps : IAsyncDisposable
{
    readonly WebApplication _app;
    string _last = "{}";

    WakeUps(WebApplication app) => _app = app;

    public string Address => _app.Urls.First() + "/wake";

    public string Code => (string?)JsonNode.Parse(_last)!["code"] ?? "";

    public static async Task<WakeUps> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var phone = new WakeUps(builder.Build());
        phone._app.MapPost("/wake", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            phone._last = await reader.ReadToEndAsync();
        });
        await phone._app.StartAsync();
        return phone;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
