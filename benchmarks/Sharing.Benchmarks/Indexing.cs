using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.HttpOverrides;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.P2P;

namespace Sharing.Benchmarks;

/// <summary>A shared-data server with its index, and announcements for it that are written into a file.</summary>
static class Indexing
{
    public static async Task ServeAsync(string folder, int port, string requests, int contents, int terminals)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddSingleton<IAddressProof>(new FoundEverywhere());
        builder.Services.AddSharing(sharing => sharing.UseFolder(folder).AddSharedData());
        await using var app = builder.Build();
        app.UseForwardedHeaders(new() { ForwardedHeaders = ForwardedHeaders.XForwardedFor });
        app.MapSharing(roles: SharingRoles.Data | SharingRoles.Index);
        await app.StartAsync();
        var signer = app.Services.GetRequiredService<TicketSigner>();
        await using (var lines = new StreamWriter(requests))
        {
            foreach (var (number, terminal) in Order(contents, terminals))
            {
                var (content, member) = (IdOf(number), Member(terminal, "0-99,120-130,200-255"));
                var ticket = await signer.SignAsync(new() { Share = ShareId.New(), Content = content, Length = 1, Device = member.Device, Expires = TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1) });
                await lines.WriteLineAsync($"PUT\t/v1/swarms/{content}/{member.Device}\t{FromOf(terminal)}\t{JsonSerializer.Serialize(new SwarmAnnouncement(member, ticket), P2PJson.Default.SwarmAnnouncement)}");
            }
        }

        Console.WriteLine("ready");
        await app.WaitForShutdownAsync();
    }

    /// <summary>All pairs in a random order, the same each time.</summary>
    public static IEnumerable<(int Content, int Terminal)> Order(int contents, int terminals)
    {
        var pairs = (from content in Enumerable.Range(0, contents) from terminal in Enumerable.Range(0, terminals) select (content, terminal)).ToArray();
        new Random(1).Shuffle(pairs);
        return pairs;
    }

    /// <summary>Where a terminal is seen: each in a network of its own.</summary>
    public static string FromOf(int terminal) => string.Create(CultureInfo.InvariantCulture, $"198.{18 + (terminal / 250)}.{(terminal % 250) + 1}.7");

    public static ContentId IdOf(int content) => new(SHA256.HashData(BitConverter.GetBytes(content)));

    public static SwarmMember Member(int terminal, string chunks) => new()
    {
        Device = Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(-terminal - 1))), Addresses = [string.Create(CultureInfo.InvariantCulture, $"10.7.{terminal / 250}.{(terminal % 250) + 1}:7400")],
        Session = 1_790_000_000_000, Version = 7, Chunks = chunks,
    };

    public sealed class FoundEverywhere : IAddressProof
    {
        public ValueTask<bool> IsAtAsync(ClaimedPlace place, CancellationToken cancellationToken = default) => new(true);
    }
}
