using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sharing.Tests.Content;
using Sharing.Tests.Fetching;
using Sharing.Tests.Hosting;

namespace Sharing.Tests.Http;

/// <summary>From the link to the bytes, as strangers' programs see it: curl shares, follows links, and reads from the offline library.</summary>
public sealed class LibraryOverHttpTests(StoryServer server) : IClassFixture<StoryServer>
{
    readonly byte[] _bytes = BytesOf(5);

    [Fact]
    [Trait("Row", "R5")]
    [Trait("Row", "R7")]
    public async Task Following_the_link_saves_the_file_from_its_origin_and_once_it_is_stored_from_the_library()
    {
        using var folder = new TemporaryFolder();
        await using var origin = await Origin.StartAsync();
        var (asked, fetch) = (0, new TaskCompletionSource());
        origin.Before = context => Interlocked.Increment(ref asked) == 1 ? fetch.Task.WaitAsync(context.RequestAborted) : Task.CompletedTask; // the library asks first
        var address = origin.Serve("film.bin", _bytes);
        var post = await server.ShareAsync("anna", address, "everyone", "Our film.bin");
        var link = (string)(await server.SeenAsync("ben", address))["link"]!;
        Assert.Equal(server.Address.Authority, new Uri(link).Authority);
        await ServerUnderTest.EventuallyAsync(() => Task.FromResult(asked == 1));

        Assert.Equal(_bytes, await SaveAsync(link, folder.Join("online"), "Our film.bin"));
        Assert.Equal((2, 1), (asked, origin.DownloadsOf(address)));
        fetch.SetResult();
        await server.StoredAsync("anna", post);
        Assert.Equal(_bytes, await SaveAsync(link, folder.Join("offline"), "Our film.bin"));
        Assert.Equal((2, 2), (asked, origin.DownloadsOf(address)));
    }

    [Fact]
    [Trait("Row", "R6")]
    public async Task Many_shares_at_once_by_as_many_processes_are_one_download_and_a_later_one_is_none()
    {
        const int shares = 16;
        await using var origin = await Origin.StartAsync();
        var fetch = new TaskCompletionSource();
        origin.Before = context => fetch.Task.WaitAsync(context.RequestAborted);
        var address = origin.Serve("shared.bin", _bytes);
        string[] people = ["anna", "ben", "carl", "dora"];
        var posts = await Task.WhenAll(Enumerable.Range(0, shares).Select(i => server.ShareAsync(people[i % people.Length], address, "friends")));
        Assert.Equal(shares, posts.Select(post => (string?)post["id"]).Distinct(StringComparer.Ordinal).Count());

        fetch.SetResult();
        foreach (var post in posts)
        {
            await server.StoredAsync((string)post["owner"]!, post);
        }

        var later = await server.ShareAsync("anna", address, "everyone");
        await server.StoredAsync("anna", later);
        foreach (var person in people)
        {
            var held = (await server.AskAsync(person, "GET", "v1/library")).AsArray().Single(item => (string?)item!["resource"]!["address"] == address.ToString())!;
            Assert.Equal(("stored", _bytes.Length), ((string?)held["state"], (int)held["content"]!["length"]!));
        }

        Assert.Equal(1, origin.DownloadsOf(address));
    }

    [Fact(Timeout = 120_000)]
    [Trait("Row", "R8")]
    public async Task A_download_that_began_at_the_origin_ends_from_the_library_though_the_origin_gives_nothing_more()
    {
        var (asked, fetch) = (0, new TaskCompletionSource());
        await using var origin = await LoopbackServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref asked) == 1)
            {
                await fetch.Task.WaitAsync(context.RequestAborted); // the library asks first
                await WholeAsync(context, _bytes);
            }
            else
            {
                await HalfAsync(context, _bytes, Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
            }
        });
        var post = await server.ShareAsync("anna", new Uri(origin.Address + "/film.bin"), "everyone");
        await ServerUnderTest.EventuallyAsync(() => Task.FromResult(asked == 1));

        await using var curl = CurlDownload.Start(new Uri((string)post["link"]!));
        Assert.True(await curl.TakeAsync(_bytes.Length / 2));
        fetch.SetResult();
        Assert.Equal(_bytes, await curl.ToEndAsync());
        Assert.Equal(2, asked);
    }

    [Fact(Timeout = 120_000)]
    [Trait("Row", "R8")]
    public async Task Where_the_origin_changed_meanwhile_each_download_is_of_one_version()
    {
        var changed = BytesOf(6);
        var (asked, fetch, rest) = (0, new TaskCompletionSource(), new TaskCompletionSource());
        await using var origin = await LoopbackServer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref asked) == 1)
            {
                await fetch.Task.WaitAsync(context.RequestAborted); // the library asks first
                await WholeAsync(context, changed);
            }
            else
            {
                await HalfAsync(context, _bytes, rest.Task);
            }
        });
        var post = await server.ShareAsync("anna", new Uri(origin.Address + "/film.bin"), "everyone");
        await ServerUnderTest.EventuallyAsync(() => Task.FromResult(asked == 1));

        await using var before = CurlDownload.Start(new Uri((string)post["link"]!));
        Assert.True(await before.TakeAsync(_bytes.Length / 2));
        fetch.SetResult();
        await server.StoredAsync("anna", post);
        await using var after = CurlDownload.Start(new Uri((string)post["link"]!));
        Assert.Equal(changed, await after.ToEndAsync());
        rest.SetResult();
        Assert.Equal(_bytes, await before.ToEndAsync());
        Assert.Equal(2, asked);
    }

    [Fact(Timeout = 240_000)]
    [Trait("Row", "R9")]
    public async Task What_was_kept_longer_than_the_retention_is_gone_and_its_space_free_while_who_reads_it_finishes()
    {
        var bytes = BytesOf(9, 24 * 1024 * 1024); // more than what fits between the server's file and an output that nobody takes
        await using var short_ = await StoryServer.StartAsync("--Sharing:Retention=00:00:04", "--Sharing:SweepInterval=00:00:01", "--Sharing:Grace=00:00:01");
        await using var origin = await Origin.StartAsync();
        var empty = short_.ContentBytes;
        for (var i = 0; ; i++)
        {
            // A machine that is held up for longer than the retention just before it reads tries again.
            var address = origin.Serve($"ticket-{i}.bin", bytes);
            var post = await short_.ShareAsync("anna", address, "everyone");
            await ServerUnderTest.EventuallyAsync(async () => origin.DownloadsOf(address) == 1 && (string?)(await HeldAsync(short_, address))?["state"] is null or "stored");
            var path = $"v1/library/{(string?)(await HeldAsync(short_, address))?["id"] ?? new string('0', 32)}";
            await using var reader = CurlDownload.Start(
                new Uri(short_.Address, path + "/content"), "-H", "Authorization: Bearer " + Trials.Restart.RestartWitness.TokenOf("anna"));
            if (!await reader.TakeAsync(1000))
            {
                continue;
            }

            await ServerUnderTest.EventuallyAsync(async () => await HeldAsync(short_, address) is null && short_.ContentBytes < empty + 64 * 1024);
            await short_.AskAsync("anna", "GET", path, 404);
            await short_.AskAsync("anna", "GET", path + "/content", 404);
            Assert.Null((await short_.AskAsync("anna", "GET", $"v1/posts/{(string)post["id"]!}"))["library"]);
            Assert.Equal(1, origin.DownloadsOf(address));

            Assert.Equal(bytes, await reader.ToEndAsync());
            await using var online = CurlDownload.Start(new Uri((string)post["link"]!));
            Assert.Equal(bytes, await online.ToEndAsync());
            Assert.Equal(2, origin.DownloadsOf(address));
            return;
        }
    }

    static byte[] BytesOf(int seed, int length = 1_500_000)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    static async Task<JsonNode?> HeldAsync(StoryServer server, Uri address) =>
        (await server.AskAsync("anna", "GET", "v1/library")).AsArray().SingleOrDefault(item => (string?)item!["resource"]!["address"] == address.ToString());

    /// <summary>Follows a link as a browser does: what arrives is saved under the name that the answer gives it.</summary>
    static async Task<byte[]> SaveAsync(string link, string folder, string name)
    {
        Directory.CreateDirectory(folder);
        await using var curl = CurlDownload.Start(new Uri(link), "--remote-name", "--remote-header-name", "--output-dir", folder);
        await curl.ToEndAsync();
        Assert.Equal(name, Path.GetFileName(Assert.Single(Directory.GetFiles(folder))));
        return await File.ReadAllBytesAsync(Path.Combine(folder, name));
    }

    static Task WholeAsync(HttpContext context, byte[] bytes) => HalfAsync(context, bytes, Task.CompletedTask);

    /// <summary>One half, and the rest when it is time.</summary>
    static async Task HalfAsync(HttpContext context, byte[] bytes, Task rest)
    {
        context.Response.ContentLength = bytes.Length;
        context.Response.GetTypedHeaders().ETag = new EntityTagHeaderValue($"\"{bytes[0]}\"");
        await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
        await context.Response.Body.FlushAsync();
        await rest.WaitAsync(context.RequestAborted);
        await context.Response.Body.WriteAsync(bytes.AsMemory(bytes.Length / 2));
    }
}
