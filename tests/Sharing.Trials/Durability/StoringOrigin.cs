using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sharing.Trials.Scripted;

namespace Sharing.Trials.Durability;

/// <summary>Has bytes for every number.</summary>
sealed class StoringOrigin : IAsyncDisposable
{
    readonly WebApplication _app;

    StoringOrigin(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First() + "/");

    public static async Task<StoringOrigin> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(context =>
        {
            var number = int.Parse(context.Request.Path.Value![1..], CultureInfo.InvariantCulture);
            return Results.Bytes(Samples.Random(number, 200_000 + number), enableRangeProcessing: true, entityTag: new($"\"{number}\"")).ExecuteAsync(context);
        });
        await app.StartAsync();
        return new(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
