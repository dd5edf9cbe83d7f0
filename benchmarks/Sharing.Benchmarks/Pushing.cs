using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Claims;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Messaging;

namespace Sharing.Benchmarks;

/// <summary>A message server, one of whose inboxes is followed by many, and what is sent to it: "#", the message's number and the moment, in digits.</summary>
static class Pushing
{
    public const int Digits = 27, Bytes = 256;

    const int AtOnce = 2;

    static readonly PersonId s_anna = PersonId.Parse("anna");

    /// <summary>Serves; at each line "COUNT MILLISECONDS" it sends so many messages, that far apart, and then says so.</summary>
    public static async Task ServeAsync(string folder, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSharingLimits().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddSharing(sharing => sharing.UseFolder(folder).AddMessages());
        await using var app = builder.Build();
        app.Use(static (context, next) =>
        {
            context.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, s_anna.Value)], "bench"));
            return next(context);
        });
        app.MapSharing(roles: SharingRoles.Messages);
        await app.StartAsync();
        await app.Services.GetRequiredService<PeopleStore>().SaveAsync(new() { Id = s_anna, Name = "Anna" });
        var messages = app.Services.GetRequiredService<IMessages>();
        Console.WriteLine("ready");
        await SendAsync(AtOnce, payload => messages.SendAsync(s_anna, new() { To = [s_anna.Value], Text = payload, Resource = new() { Name = "n", Addresses = [new("https://e.org/n")] } }));
        await app.StopAsync();
    }

    /// <summary>Sends what each line of the input asks for, until that ends. One after the other where nobody waits; where a sender is slower than the pace, several at once.</summary>
    public static async Task SendAsync(int atOnce, Func<string, Task> send)
    {
        var number = 0;
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var (count, pause) = line.Split(' ').Select(static part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray() is [var a, var b] ? (a, b) : throw new ArgumentException(line);
            using var slots = new SemaphoreSlim(atOnce);
            List<Task> sent = [];
            var (started, first) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp());
            for (var at = 0; at < count; at++)
            {
                if (TimeSpan.FromMilliseconds(at * pause) - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } wait)
                {
                    await Task.Delay(wait, TimeProvider.System);
                }

                await slots.WaitAsync();
                sent.Add(OneAsync(string.Create(CultureInfo.InvariantCulture, $"#{number++:d8}{Stopwatch.GetTimestamp():d19}").PadRight(Bytes, '.')));
            }

            async Task OneAsync(string payload)
            {
                await send(payload);
                slots.Release();
            }

            await Task.WhenAll(sent);
            Console.WriteLine($"sent {first}");
        }
    }
}
