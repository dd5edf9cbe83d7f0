using System.Net;
using System.Net.Sockets;
using Amazon.S3;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Sharing.Core;
using Sharing.S3;
using Sharing.Testing;
using Sharing.Trials.S3;

namespace Sharing.Tests.Content;

/// <summary>Single moments at which something comes between: an outage, another host, a sweep, a very large content.</summary>
public sealed class S3TroubleTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static Task<S3Stub> StubAsync(TimeProvider? time = null) => S3Stub.StartAsync(time ?? TimeProvider.System, new Random(1));

    static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    static bool IsOf(HttpContext context, string host) => context.Request.Headers.Authorization.ToString().Contains($"={host}/", StringComparison.Ordinal);

    /// <summary>Holds the first request that fits, until it is let go.</summary>
    static (Task Reached, TaskCompletionSource Go) Hold(S3Stub stub, Predicate<HttpContext> which)
    {
        var (reached, go, held) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        stub.Before = async context =>
        {
            if (which(context) && Interlocked.Exchange(ref held, 1) == 0)
            {
                reached.SetResult();
                await go.Task;
            }

            return false;
        };
        return (reached.Task, go);
    }

    static async Task<byte[]> ReadAsync(IPartialContent partial, int length)
    {
        var bytes = new byte[length];
        Assert.Equal(length, await partial.ReadUpToAsync(ContentArea.Data, 0, bytes, Cancel));
        return bytes;
    }

    [Fact(Timeout = 60_000)]
    public async Task A_check_during_an_outage_puts_nothing_aside()
    {
        await using var stub = await StubAsync();
        await using var store = new S3ContentStore(stub.Options("h"), new MemoryRecordStore());
        var info = await store.PutAsync(new MemoryStream(Bytes(200_000)), cancellationToken: Cancel);
        (stub.Trouble, stub.Percent) = (S3Trouble.Unavailable, 100);
        var fault = await Assert.ThrowsAsync<SharingException>(() => ContentCheck.RunAsync(store, info.Id, NullLogger.Instance, cancellationToken: Cancel));
        Assert.Equal(ProblemCodes.Busy, fault.Code);
        stub.Trouble = null;
        Assert.Equal(ContentHealth.Sound, await ContentCheck.RunAsync(store, info.Id, NullLogger.Instance, cancellationToken: Cancel));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_object_that_is_lost_is_found_and_what_came_in_its_place_is_left_alone()
    {
        await using var stub = await StubAsync();
        var records = new MemoryRecordStore();
        await using S3ContentStore here = new(stub.Options("a"), records), there = new(stub.Options("b"), records);
        var info = await here.PutAsync(new MemoryStream(Bytes(1_000)), cancellationToken: Cancel);
        var again = 0;
        stub.Before = async context =>
        {
            if (context.Request.Method == "GET" && IsOf(context, "b") && Interlocked.Exchange(ref again, 1) == 0)
            {
                await here.DeleteAsync(info.Id, Cancel);
                await here.PutAsync(new MemoryStream(Bytes(1_000)), cancellationToken: Cancel);
            }

            return false;
        };
        await Assert.ThrowsAsync<SharingException>(() => ContentCheck.RunAsync(there, info.Id, NullLogger.Instance, cancellationToken: Cancel));
        Assert.Equal(ContentHealth.Sound, await ContentCheck.RunAsync(there, info.Id, NullLogger.Instance, cancellationToken: Cancel));

        using var client = new AmazonS3Client("x", "y", new AmazonS3Config { ServiceURL = stub.Options("x").Endpoint!.ToString(), ForcePathStyle = true });
        await client.DeleteObjectAsync("bucket", stub.Objects.Single(), Cancel);
        Assert.Equal(ContentHealth.Damaged, await ContentCheck.RunAsync(there, info.Id, NullLogger.Instance, cancellationToken: Cancel));
        Assert.Null(await here.FindAsync(info.Id, Cancel));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_put_at_an_address_is_taken_over_only_by_a_commit()
    {
        await using var stub = await StubAsync();
        var records = new MemoryRecordStore();
        var failing = new HookedRecords(records);
        await using S3ContentStore here = new(stub.Options("a"), failing), there = new(stub.Options("b"), records);
        await using (var partial = await there.OpenPartialAsync("direct", Cancel))
        {
            await partial.WriteAsync(ContentArea.Data, 0, Bytes(3_000), Cancel);
            await partial.FlushAsync(Cancel);
        }

        var address = await there.UploadAddressAsync("direct", 5_000, TimeSpan.FromMinutes(5), Cancel);
        var (reached, go) = Hold(stub, static context => context.Request.Method == "HEAD" && IsOf(context, "a"));
        var opening = here.OpenPartialAsync("direct", Cancel).AsTask(); // looks before the bytes have come, and hears afterwards
        await reached;
        await using var mine = await there.OpenPartialAsync("direct", Cancel);
        await mine.WriteAsync(ContentArea.Data, 3_000, Bytes(1_000), Cancel);
        Assert.Equal(4_000, await mine.FlushAsync(Cancel));
        using var http = new HttpClient();
        (await http.PutAsync(address, new ByteArrayContent(Bytes(5_000)), Cancel)).EnsureSuccessStatusCode();
        failing.BeforeCommit = static _ => throw new IOException("The database restarts.");
        go.SetResult();
        await Assert.ThrowsAsync<IOException>(() => opening);
        byte[] both = [.. Bytes(3_000), .. Bytes(1_000)];
        Assert.Equal(both, await ReadAsync(mine, 4_000)); // nothing of it was touched

        failing.BeforeCommit = null;
        await using var taken = await here.OpenPartialAsync("direct", Cancel);
        Assert.Equal(5_000, await taken.FlushAsync(Cancel));
        Assert.Equal(Bytes(5_000), await ReadAsync(taken, 5_000));
    }

    [Fact(Timeout = 90_000)]
    public async Task A_content_that_comes_in_twelve_thousand_pieces_in_whatever_order_is_published()
    {
        await using var stub = await StubAsync();
        var records = new MemoryRecordStore();
        await using S3ContentStore store = new(stub.Options("h"), records), other = new(stub.Options("o"), records);
        var bytes = Bytes(12_000 * 1_024);
        var order = Enumerable.Range(0, 12_000).ToArray();
        new Random(5).Shuffle(order);
        await using (var partial = await store.OpenPartialAsync("x", Cancel))
        {
            foreach (var chunk in order)
            {
                await partial.WriteAsync(ContentArea.Data, chunk * 1_024L, bytes.AsMemory(chunk * 1_024, 1_024), Cancel);
            }
        }

        await using var again = await other.OpenPartialAsync("x", Cancel);
        Assert.Equal(bytes.Length, await again.FlushAsync(Cancel));
        await again.WriteAsync(ContentArea.Groups, 0, new byte[188 * 32], Cancel);
        var info = new ContentInfo(GroupHashes.OfOnlyGroup([1]), bytes.Length);
        await again.PublishAsync(info, Cancel);
        await using var reader = await other.OpenAsync(info.Id, Cancel);
        var read = new byte[bytes.Length];
        Assert.Equal(read.Length, await reader!.ReadUpToAsync(ContentArea.Data, 0, read, Cancel));
        Assert.True(bytes.AsSpan().SequenceEqual(read));
        Assert.Equal(2, stub.Objects.Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Very_many_places_need_few_files_and_a_small_flush_merges_little()
    {
        await using var stub = await StubAsync();
        await using var store = new S3ContentStore(stub.Options("h"), new MemoryRecordStore());
        await using var partial = await store.OpenPartialAsync("x", Cancel);
        var before = Directory.GetFiles("/proc/self/fd").Length;
        for (var i = 0; i < 1_000; i++)
        {
            await partial.WriteAsync(ContentArea.Data, i * Scratch.FileSize, new byte[1], Cancel);
        }

        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length - before, 0, 200);
        await using var other = await store.OpenPartialAsync("y", Cancel);
        for (var i = 0; i < 64; i++)
        {
            await other.WriteAsync(ContentArea.Data, i * 8_191, Bytes(8_191), Cancel);
            await other.FlushAsync(Cancel);
        }

        var most = 0L;
        stub.Before = context =>
        {
            most = Math.Max(most, context.Request.ContentLength ?? 0);
            return Task.FromResult(false);
        };
        await other.WriteAsync(ContentArea.Data, 64 * 8_191, new byte[1], Cancel);
        await other.FlushAsync(Cancel);
        Assert.InRange(most, 1, 65 * 1_024);
    }

    [Fact(Timeout = 60_000)]
    public async Task Other_applications_uploads_are_left_alone_and_ours_given_up_once()
    {
        await using var stub = await StubAsync();
        await using var store = new S3ContentStore(stub.Options("h"), new MemoryRecordStore());
        using var client = new AmazonS3Client("x", "y", new AmazonS3Config { ServiceURL = stub.Options("x").Endpoint!.ToString(), ForcePathStyle = true });
        await client.InitiateMultipartUploadAsync("bucket", "films/1.mp4", Cancel);
        await client.InitiateMultipartUploadAsync("bucket", "contents/1", Cancel);
        var ours = Assert.Single(await store.ListPartialsAsync(Cancel).ToListAsync(Cancel));
        Assert.True(await store.DiscardAsync(ours, Cancel));
        Assert.False(await store.DiscardAsync(ours, Cancel));
        Assert.Equal(1, stub.Uploads);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_host_that_slept_for_a_day_before_its_commit_does_not_name_what_was_swept()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var stub = await StubAsync(time);
        var records = new MemoryRecordStore();
        var asleep = new HookedRecords(records);
        await using S3ContentStore here = new(stub.Options("a"), asleep, time), there = new(stub.Options("b"), records, time);
        await using var partial = await here.OpenPartialAsync("x", Cancel);
        await partial.WriteAsync(ContentArea.Data, 0, Bytes(3_000), Cancel);
        var (reached, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        asleep.BeforeCommit = _ =>
        {
            reached.TrySetResult();
            return go.Task;
        };
        var flush = partial.FlushAsync(Cancel).AsTask();
        await reached.Task;
        time.Advance(TimeSpan.FromDays(1.1));
        Assert.Equal(1, await there.QuarantineStraysAsync(Cancel));
        asleep.BeforeCommit = null;
        go.SetResult();
        await Assert.ThrowsAsync<IOException>(() => flush);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_publisher_who_lost_his_partial_leaves_nothing()
    {
        await using var stub = await StubAsync();
        var records = new MemoryRecordStore();
        await using S3ContentStore here = new(stub.Options("a"), records), there = new(stub.Options("b"), records);
        var info = new ContentInfo(GroupHashes.OfOnlyGroup(Bytes(1_000)), 1_000);
        await using var old = await here.OpenPartialAsync("x", Cancel);
        await old.WriteAsync(ContentArea.Data, 0, Bytes(1_000), Cancel);
        await old.FlushAsync(Cancel);
        var (reached, go) = Hold(stub, static context => context.Request.Method == "PUT" && context.Request.Path.Value!.Contains("contents/", StringComparison.Ordinal) && IsOf(context, "a"));
        var publish = old.PublishAsync(info, Cancel).AsTask();
        await reached;
        await using (var mine = await there.OpenPartialAsync("x", Cancel))
        {
            await mine.PublishAsync(info, Cancel);
        }

        go.SetResult();
        await Assert.ThrowsAsync<IOException>(() => publish);
        Assert.Single(stub.Objects);
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_deleted_while_strays_are_looked_for_is_none()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var stub = await StubAsync(time);
        var records = new MemoryRecordStore();
        var hooked = new HookedRecords(records);
        await using S3ContentStore here = new(stub.Options("a"), hooked, time), there = new(stub.Options("b"), records, time);
        var info = await there.PutAsync(new MemoryStream(Bytes(1_000)), cancellationToken: Cancel);
        time.Advance(TimeSpan.FromDays(2));
        hooked.AfterScan = async () =>
        {
            var batch = new RecordBatch();
            await there.DeleteAsync(batch, info.Id, Cancel);
            await records.CommitAsync(batch, Cancel);
        };
        Assert.Equal(0, await here.QuarantineStraysAsync(Cancel));
        Assert.Empty(await here.ListQuarantinedAsync(Cancel).ToListAsync(Cancel));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_read_while_its_piece_is_merged_away_is_read_from_the_new_one()
    {
        await using var stub = await StubAsync();
        await using var store = new S3ContentStore(stub.Options("h"), new MemoryRecordStore());
        await using var partial = await store.OpenPartialAsync("x", Cancel);
        for (var i = 0; i < 64; i++)
        {
            await partial.WriteAsync(ContentArea.Data, i * 100, Bytes(100), Cancel);
            await partial.FlushAsync(Cancel);
        }

        var (reached, go) = Hold(stub, static context => context.Request.Method == "GET");
        var read = ReadAsync(partial, 100);
        await reached;
        await partial.WriteAsync(ContentArea.Data, 9_000, new byte[1], Cancel);
        await partial.FlushAsync(Cancel);
        go.SetResult();
        Assert.Equal(Bytes(100), await read);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_request_that_takes_long_and_lives_is_not_given_up()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Server.ReceiveBufferSize = 64 * 1024;
        listener.Start();
        var requests = 0;
        var serving = Task.Run(
            async () =>
            {
                using var socket = await listener.AcceptSocketAsync(Cancel);
                requests++;
                var buffer = new byte[64 * 1024];
                for (var got = 0; got < 20 << 20;)
                {
                    got += await socket.ReceiveAsync(buffer, Cancel);
                    await Task.Delay(20, Cancel);
                }

                await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nETag: \"0\"\r\n\r\n"u8.ToArray(), Cancel);
            },
            Cancel);
        await using var store = new S3ContentStore(
            new() { Bucket = "b", Endpoint = new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"), AccessKey = "a", SecretKey = "b", Timeout = TimeSpan.FromSeconds(4), Retries = 1 }, new MemoryRecordStore());
        await using var partial = await store.OpenPartialAsync("x", Cancel);
        await partial.WriteAsync(ContentArea.Data, 0, new byte[20 << 20], Cancel);
        Assert.Equal(20 << 20, await partial.FlushAsync(Cancel));
        await serving;
        Assert.Equal(1, requests);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("uploads", "POST")]
    [InlineData("uploadId", "POST")]
    [InlineData("partNumber", "PUT")]
    public async Task What_is_no_answer_of_a_store_is_a_fault(string query, string method)
    {
        foreach (var body in (string[])["<html><body>Sign in", "", "not xml"])
        {
            await using var stub = await StubAsync();
            await using var store = new S3ContentStore(stub.Options("h"), new MemoryRecordStore());
            stub.Before = async context =>
            {
                if (context.Request.Method != method || !context.Request.Query.ContainsKey(query))
                {
                    return false;
                }

                await context.Request.Body.CopyToAsync(Stream.Null, Cancel);
                (context.Response.ContentType, context.Response.ContentLength) = ("text/html", body.Length);
                await context.Response.WriteAsync(body, Cancel);
                return true;
            };
            await Assert.ThrowsAsync<IOException>(() => store.PutAsync(new MemoryStream(Bytes(200_000)), cancellationToken: Cancel));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_folder_that_may_not_be_written_and_a_prefix_that_no_address_can_have_are_said()
    {
        await using var stub = await StubAsync();
        await using (var store = new S3ContentStore(stub.Options("h") with { ScratchFolder = "/sys" }, new MemoryRecordStore()))
        {
            await using var partial = await store.OpenPartialAsync("x", Cancel);
            await Assert.ThrowsAsync<IOException>(async () => await partial.WriteAsync(ContentArea.Data, 0, new byte[1], Cancel));
        }

        foreach (var prefix in (string[])["/lead/", "../x/", "a//b/"])
        {
            Assert.Throws<ArgumentException>(() => new S3ContentStore(stub.Options("h") with { Prefix = prefix }, new MemoryRecordStore()));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_small_content_that_came_meanwhile_is_not_deleted_by_a_commit_that_knew_of_none()
    {
        var records = new MemoryRecordStore();
        var store = new RecordedContentStore(new MemoryContentStore(), records, 65_536);
        var (batch, id) = (new RecordBatch(), GroupHashes.OfOnlyGroup(Bytes(10)));
        await store.DeleteAsync(batch, id, Cancel);
        await store.PublishAsync(id, Bytes(10), Cancel);
        Assert.False((await records.CommitAsync(batch, Cancel)).Committed);
    }

    /// <summary>Records with something that happens in between.</summary>
    sealed class HookedRecords(IRecordStore inner) : IRecordStore
    {
        public Func<RecordBatch, Task>? BeforeCommit { get; set; }

        public Func<Task>? AfterScan { get; set; }

        public ValueTask<Record?> GetAsync(RecordKey key, CancellationToken cancellationToken = default) => inner.GetAsync(key, cancellationToken);

        public async IAsyncEnumerable<Record> ScanAsync(RecordRange range, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var record in inner.ScanAsync(range, cancellationToken))
            {
                yield return record;
            }

            await (AfterScan?.Invoke() ?? Task.CompletedTask);
        }

        public async ValueTask<CommitOutcome> CommitAsync(RecordBatch batch, CancellationToken cancellationToken = default)
        {
            await (BeforeCommit?.Invoke(batch) ?? Task.CompletedTask);
            return await inner.CommitAsync(batch, cancellationToken);
        }
    }
}
