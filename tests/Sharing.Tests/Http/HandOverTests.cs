using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Sharing.AspNetCore;
using Sharing.Offline;
using Sharing.Tests.Content;
using Sharing.Tests.Hosting;
using Sharing.Tests.Laws;

namespace Sharing.Tests.Http;

/// <summary>A real nginx in front, set up as docs/run-a-server.md prints it; a real S3 store behind.</summary>
public sealed partial class HandOverTests(S3Fixture servers)
{
    [Fact(Timeout = 120_000)]
    public async Task The_server_decides_and_nginx_sends_the_bytes()
    {
        using var folder = new TemporaryFolder();
        await using var origin = await Origin.StartAsync();
        await using var host = await SharingHost.StartAsync(sharing => sharing.UseFolder(folder.Join("data")).AddOffline().WithServing(serving => serving.AccelPrefix = "/kept/"));
        var anna = PersonId.Parse("anna");
        var text = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{i:d5}"));
        var item = await KeepAsync(host, origin, anna, text);
        var (path, content) = ($"v1/library/{item.Id}/content", item.Content!.Value.Id.ToString());
        var (mine, others) = (SharingHost.TokenOf(anna), SharingHost.TokenOf(PersonId.Parse("ben")));
        var direct = await Curl.RunAsync(null, "-H", "Authorization: Bearer " + mine, host.Address + path);
        Assert.Equal(("", $"/kept/content/{content[..2]}/{content}"), (direct.Body, direct.Headers["X-Accel-Redirect"]));
        Assert.False((await Curl.RunAsync(null, "-H", "Authorization: Bearer " + others, host.Address + path)).Headers.ContainsKey("X-Accel-Redirect"));

        var port = FreePort();
        using var nginx = await StartAsync(folder, port, host.Address);
        try
        {
            var front = $"http://127.0.0.1:{port}/";
            var whole = await Curl.RunAsync(null, "-H", "Authorization: Bearer " + mine, front + path);
            Assert.Equal((200, text), (whole.Status, whole.Body));
            Assert.Equal($"\"{content}\"", whole.Headers["ETag"]);
            Assert.Equal("nosniff", whole.Headers["X-Content-Type-Options"]);
            Assert.Contains("sandbox", whole.Headers["Content-Security-Policy"], StringComparison.Ordinal);
            Assert.Contains("Our film.bin", whole.Headers["Content-Disposition"], StringComparison.Ordinal);
            var part = await Curl.RunAsync(null, "-H", "Authorization: Bearer " + mine, "-H", "Range: bytes=70000-70009", front + path);
            Assert.Equal((206, "bytes 70000-70009/300000", text[70_000..70_010]), (part.Status, part.Headers["Content-Range"], part.Body));

            Assert.Equal(404, (await Curl.RunAsync(null, "-H", "Authorization: Bearer " + others, front + path)).Status);
            Assert.Equal(404, (await Curl.RunAsync(null, "-H", "Authorization: Bearer " + mine, front[..^1] + direct.Headers["X-Accel-Redirect"])).Status);
        }
        finally
        {
            nginx.Kill(entireProcessTree: true);
            await nginx.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task The_server_decides_and_the_store_sends_the_bytes()
    {
        var bucket = await servers.BucketAsync();
        await using var origin = await Origin.StartAsync();
        await using var host = await SharingHost.StartAsync(sharing => sharing.UseS3(bucket).AddOffline().WithServing(static serving => serving.AddressLife = TimeSpan.FromMinutes(5)));
        var anna = PersonId.Parse("anna");
        var text = string.Concat(Enumerable.Range(0, 60_000).Select(i => $"{i:d5}"));
        var item = await KeepAsync(host, origin, anna, text);
        var (path, content) = ($"v1/library/{item.Id}/content", item.Content!.Value.Id.ToString());
        var (mine, others) = (SharingHost.TokenOf(anna), SharingHost.TokenOf(PersonId.Parse("ben")));
        var led = await Curl.RunAsync(null, "-H", "Authorization: Bearer " + mine, host.Address + path);
        Assert.Equal((302, "", false), (led.Status, led.Body, led.Headers.ContainsKey("ETag")));
        Assert.StartsWith(bucket.Endpoint!.ToString(), led.Headers["Location"], StringComparison.Ordinal);

        var there = await Curl.RunAsync(null, "-H", "Range: bytes=70000-70009", led.Headers["Location"]); // no token goes there
        Assert.Equal((206, text[70_000..70_010]), (there.Status, there.Body));
        Assert.Contains("Our film.bin", there.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.Equal(404, (await Curl.RunAsync(null, "-H", "Authorization: Bearer " + others, host.Address + path)).Status);

        var under = await Curl.RunAsync(null, "-H", "Authorization: Bearer " + mine, "-H", $"If-Range: \"{content}\"", "-H", "Range: bytes=70000-70009", host.Address + path);
        Assert.Equal((206, text[70_000..70_010], $"\"{content}\""), (under.Status, under.Body, under.Headers["ETag"]));
    }

    static async Task<OfflineItem> KeepAsync(SharingHost host, Origin origin, PersonId person, string text)
    {
        var library = host.Get<OfflineLibrary>();
        var item = await library.KeepAsync(
            person, new() { Address = origin.Serve("film.bin", System.Text.Encoding.ASCII.GetBytes(text)), Name = "Our film.bin" }, TestContext.Current.CancellationToken);
        await foreach (var now in library.WatchAsync(person, item.Id, TestContext.Current.CancellationToken))
        {
            item = now;
            if (now.State == OfflineState.Stored)
            {
                break;
            }
        }

        return item;
    }

    static async Task<Process> StartAsync(TemporaryFolder folder, int port, Uri host)
    {
        var location = Location().Match(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "run-a-server.md"))).Groups[1].Value;
        Assert.Contains("alias /srv/sharing/content/;", location, StringComparison.Ordinal);
        var configuration = folder.Join("nginx.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            {{(Environment.UserName == "root" ? "user root;" : "")}} daemon off; pid {{folder.Path}}/pid; error_log {{folder.Path}}/log;
            events {}
            http {
              access_log off;
              client_body_temp_path {{folder.Path}}/b; proxy_temp_path {{folder.Path}}/p; fastcgi_temp_path {{folder.Path}}/f; uwsgi_temp_path {{folder.Path}}/u; scgi_temp_path {{folder.Path}}/s;
              server {
                listen 127.0.0.1:{{port}};
                location / { proxy_pass {{host}}; }
                {{location.Replace("/srv/sharing/content/", folder.Join("data/content") + "/", StringComparison.Ordinal)}}
              }
            }
            """);
        var process = Process.Start(new ProcessStartInfo("nginx", ["-c", configuration]) { UseShellExecute = false })!;
        for (var attempt = 0; attempt < 500; attempt++)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port);
                return process;
            }
            catch (SocketException)
            {
                await Task.Delay(20);
            }
        }

        throw new TimeoutException(await File.ReadAllTextAsync(folder.Join("log")));
    }

    static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    [GeneratedRegex("```nginx\n(location /kept/.*?)```", RegexOptions.Singleline)]
    private static partial Regex Location();
}
