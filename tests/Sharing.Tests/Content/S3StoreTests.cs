using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.S3;
using Sharing.Server;
using Sharing.Testing;
using Sharing.Trials.S3;

namespace Sharing.Tests.Content;

/// <summary>What an S3 store does besides what every store does, on a server that checks signatures.</summary>
public sealed class S3StoreTests(S3Fixture servers)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    static async Task<byte[]> ReadAsync(IContentStore store, ContentId id)
    {
        await using var reader = await store.OpenAsync(id, Cancel);
        var bytes = new byte[reader!.Info.Length];
        Assert.Equal(bytes.Length, await reader.ReadUpToAsync(ContentArea.Data, 0, bytes, Cancel));
        return bytes;
    }

    async Task<List<string>> KeysAsync(S3Options bucket)
    {
        using var client = (await servers.ServerAsync()).Client();
        return [.. ((await client.ListObjectsV2Async(new() { BucketName = bucket.Bucket }, Cancel)).S3Objects ?? []).Select(static found => found.Key)];
    }

    [Fact(Timeout = 60_000)]
    public async Task Whoever_opens_a_partial_on_another_host_has_it_and_the_one_before_has_lost_it()
    {
        var (bucket, records) = (await servers.BucketAsync(), new MemoryRecordStore());
        await using S3ContentStore here = new(bucket, records), there = new(bucket, records);
        var bytes = Bytes(300_000);
        await using var old = await here.OpenPartialAsync("upload", Cancel);
        await old.WriteAsync(ContentArea.Data, 0, bytes.AsMemory(0, 100_000), Cancel);
        Assert.Equal(100_000, await old.FlushAsync(Cancel));
        await old.WriteAsync(ContentArea.Data, 100_000, new byte[50_000], Cancel); // never durable

        await using (var taken = await there.OpenPartialAsync("upload", Cancel))
        {
            Assert.Equal(100_000, await taken.FlushAsync(Cancel));
            await taken.WriteAsync(ContentArea.Data, 100_000, bytes.AsMemory(100_000), Cancel);
            Assert.Equal(300_000, await taken.FlushAsync(Cancel));
            await Assert.ThrowsAsync<IOException>(async () => await old.FlushAsync(Cancel));
            await Assert.ThrowsAsync<IOException>(async () => await old.PublishAsync(new(GroupHashes.OfOnlyGroup([1]), 150_000), Cancel));
            await Assert.ThrowsAsync<IOException>(async () => await old.DiscardAsync(Cancel));
            await old.DisposeAsync();
        }

        await using var again = await here.OpenPartialAsync("upload", Cancel);
        var read = new byte[300_000];
        Assert.Equal(300_000, await again.ReadUpToAsync(ContentArea.Data, 0, read, Cancel));
        Assert.Equal(bytes, read);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_large_content_goes_up_in_parts_and_what_was_flushed_is_copied_by_the_store()
    {
        var (bucket, records) = (await servers.BucketAsync(), new MemoryRecordStore());
        await using var store = new S3ContentStore(bucket, records);
        var bytes = Bytes(150 << 20); // more than waits, and more than goes up in one request
        var info = await store.PutAsync(new MemoryStream(bytes), cancellationToken: Cancel);
        var back = await ReadAsync(store, info.Id);
        Assert.True(bytes.AsSpan().SequenceEqual(back));
        Assert.Equal(2, (await KeysAsync(bucket)).Count); // the bytes and their hashes: no piece is left
        await store.DeleteAsync(info.Id, Cancel);
        Assert.Empty(await KeysAsync(bucket));
    }

    [Fact(Timeout = 60_000)]
    public async Task Many_small_flushes_do_not_become_as_many_objects()
    {
        var (bucket, records) = (await servers.BucketAsync(), new MemoryRecordStore());
        await using var store = new S3ContentStore(bucket, records);
        var bytes = Bytes(70 * 3_000);
        for (var part = 0; part < 70; part++)
        {
            await using var partial = await store.OpenPartialAsync("small", Cancel); // as requests do, one after the other
            Assert.Equal(part * 3_000, await partial.FlushAsync(Cancel));
            await partial.WriteAsync(ContentArea.Data, part * 3_000, bytes.AsMemory(part * 3_000, 3_000), Cancel);
        }

        Assert.InRange((await KeysAsync(bucket)).Count, 1, 10);
        await using var whole = await store.OpenPartialAsync("small", Cancel);
        var read = new byte[bytes.Length];
        Assert.Equal(bytes.Length, await whole.ReadUpToAsync(ContentArea.Data, 0, read, Cancel));
        Assert.Equal(bytes, read);
    }

    [Fact(Timeout = 60_000)]
    public async Task An_address_opens_one_content_for_a_while_and_nothing_else()
    {
        var (bucket, records) = (await servers.BucketAsync(), new MemoryRecordStore());
        await using var store = new S3ContentStore(bucket, records);
        var bytes = Bytes(200_000);
        var info = await store.PutAsync(new MemoryStream(bytes), cancellationToken: Cancel);
        var address = await store.AddressOfAsync(info.Id, TimeSpan.FromMinutes(5), "image/png", "attachment; filename=\"a.png\"", Cancel);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new(1_000, 1_999) } };
        using var answer = await http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(bytes[1_000..2_000], await answer.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("a.png", answer.Content.Headers.ContentDisposition?.FileName?.Trim('"'));

        using var other = await http.GetAsync(new Uri(address!.AbsoluteUri.Replace(info.Id.ToString(), new string('0', 64), StringComparison.Ordinal)), Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        using var write = await http.PutAsync(address, new ByteArrayContent([1]), Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, write.StatusCode);
        Assert.Null(await store.AddressOfAsync(GroupHashes.OfOnlyGroup([1]), TimeSpan.FromMinutes(5), null, null, Cancel));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await store.AddressOfAsync(info.Id, TimeSpan.FromDays(8), null, null, Cancel));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_is_put_at_an_address_becomes_the_partial_and_cannot_be_written_over_any_more()
    {
        var (bucket, records) = (await servers.BucketAsync(), new MemoryRecordStore());
        await using var store = new S3ContentStore(bucket, records);
        var bytes = Bytes(200_000);
        var address = await store.UploadAddressAsync("direct", bytes.Length, TimeSpan.FromMinutes(5), Cancel);
        await using (var empty = await store.OpenPartialAsync("direct", Cancel))
        {
            Assert.Equal(0, await empty.FlushAsync(Cancel)); // nothing has come
        }

        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.Forbidden, (await http.PutAsync(address, new ByteArrayContent(bytes[..1_000]), Cancel)).StatusCode); // not what was told

        (await http.PutAsync(address, new ByteArrayContent(bytes), Cancel)).EnsureSuccessStatusCode();
        await using (var partial = await store.OpenPartialAsync("direct", Cancel))
        {
            Assert.Equal(bytes.Length, await partial.FlushAsync(Cancel));
            (await http.PutAsync(address, new ByteArrayContent(new byte[bytes.Length]), Cancel)).EnsureSuccessStatusCode(); // too late
            var read = new byte[bytes.Length];
            Assert.Equal(bytes.Length, await partial.ReadUpToAsync(ContentArea.Data, 0, read, Cancel));
            Assert.Equal(bytes, read);
            await partial.DiscardAsync(Cancel);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_wrong_secret_and_a_missing_bucket_are_said()
    {
        var bucket = await servers.BucketAsync();
        await using var stranger = new S3ContentStore(bucket with { SecretKey = "wrong" }, new MemoryRecordStore());
        var refused = await Assert.ThrowsAsync<IOException>(() => stranger.PutAsync(new MemoryStream([1]), cancellationToken: Cancel));
        Assert.Contains("does not let this host", refused.Message, StringComparison.Ordinal);
        await using var nowhere = new S3ContentStore(bucket with { Bucket = "no-such-bucket" }, new MemoryRecordStore());
        var missing = await Assert.ThrowsAsync<IOException>(() => nowhere.PutAsync(new MemoryStream([1]), cancellationToken: Cancel));
        Assert.Contains("no such bucket", missing.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Objects_that_no_record_names_are_put_aside_and_pieces_deleted_once_they_are_a_day_old()
    {
        var (bucket, records, time) = (await servers.BucketAsync(), new MemoryRecordStore(), new FakeTimeProvider(DateTimeOffset.UtcNow));
        await using var store = new S3ContentStore(bucket, records, time);
        var (kept, lost) = (await store.PutAsync(new MemoryStream(Bytes(100_000)), cancellationToken: Cancel), await store.PutAsync(new MemoryStream(Bytes(100_001)), cancellationToken: Cancel));
        await using (var partial = await store.OpenPartialAsync("owned", Cancel))
        {
            await partial.WriteAsync(ContentArea.Data, 0, new byte[10], Cancel);
        }

        using (var client = (await servers.ServerAsync()).Client())
        {
            await client.PutObjectAsync(new() { BucketName = bucket.Bucket, Key = "partials/" + ObjectNames.New(), ContentBody = "stray", UseChunkEncoding = false }, Cancel);
            await client.PutObjectAsync(new() { BucketName = bucket.Bucket, Key = "notes.txt", ContentBody = "not ours", UseChunkEncoding = false }, Cancel);
        }

        await records.CommitAsync(new RecordBatch().Delete(S3Records.Object(lost.Id), RecordBatch.Any), Cancel); // as after an older backup
        Assert.Equal(0, await store.QuarantineStraysAsync(Cancel)); // it may be on its way
        time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(2, await store.QuarantineStraysAsync(Cancel));
        Assert.Equal(0, await store.QuarantineStraysAsync(Cancel));
        Assert.Equal([lost.Id], await store.ListQuarantinedAsync(Cancel).ToListAsync(Cancel));
        await store.DropQuarantinedAsync(lost.Id, Cancel);
        var keys = await KeysAsync(bucket);
        Assert.Equal(4, keys.Count); // what is kept and its hashes, what is owned, what is not ours
        Assert.Contains("notes.txt", keys);
        Assert.Equal(Bytes(100_000), await ReadAsync(store, kept.Id));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_sweep_that_slept_cannot_delete_what_was_published_meanwhile()
    {
        var (bucket, records) = (await servers.BucketAsync(), new MemoryRecordStore());
        await using S3ContentStore asleep = new(bucket, records), awake = new(bucket, records);
        var info = await awake.PutAsync(new MemoryStream(Bytes(100_000)), cancellationToken: Cancel);
        var fence = RecordKey.Of("fence", "sweep");
        var held = await records.CommitAsync(new RecordBatch().Put(fence, "1"u8.ToArray(), RecordBatch.Absent), Cancel);
        var batch = new RecordBatch().Check(fence, held.Version);
        var after = await asleep.DeleteAsync(batch, info.Id, Cancel); // and now it sleeps

        await records.CommitAsync(new RecordBatch().Put(fence, "2"u8.ToArray(), held.Version), Cancel);
        await awake.DeleteAsync(info.Id, Cancel);
        await awake.PutAsync(new MemoryStream(Bytes(100_000)), cancellationToken: Cancel);
        Assert.False((await records.CommitAsync(batch, Cancel)).Committed);
        Assert.NotNull(after); // and is not called
        Assert.Equal(Bytes(100_000), await ReadAsync(awake, info.Id));
    }

    [Theory]
    [InlineData("https://s3.example.org/photos", "https://s3.example.org/", "photos", "", "us-east-1")]
    [InlineData("http://127.0.0.1:9000/photos/club/a/?region=eu-1", "http://127.0.0.1:9000/", "photos", "club/a/", "eu-1")]
    public void Addresses_are_read(string address, string endpoint, string bucket, string prefix, string region) =>
        Assert.Equal((new Uri(endpoint), bucket, prefix, region), (S3Options.Parse(address) is var read ? read.Endpoint : null, read.Bucket, read.Prefix, read.Region));

    [Theory]
    [InlineData("photos")]
    [InlineData("https://s3.example.org")]
    [InlineData("https://key:secret@s3.example.org/photos")]
    [InlineData("https://s3.example.org/photos?acl=public")]
    [InlineData("ftp://s3.example.org/photos")]
    public void What_is_no_address_is_refused(string address) => Assert.Throws<ArgumentException>(() => S3Options.Parse(address));

    [Fact(Timeout = 120_000)]
    public async Task The_server_keeps_its_contents_there()
    {
        using var folder = new TemporaryFolder();
        var (bucket, server) = (await servers.BucketAsync(), await servers.ServerAsync());
        await using var app = ServerHost.Build([
            "--urls=http://127.0.0.1:0", $"--Sharing:Data={folder.Path}", $"--Sharing:S3={server.Address}{bucket.Bucket}/club/", $"--Sharing:S3AccessKey={bucket.AccessKey}",
            $"--Sharing:S3SecretKey={bucket.SecretKey}", "--Sharing:Roles:0=photos", "--Logging:LogLevel:Default=None"]);
        await app.StartAsync(Cancel);
        var store = app.Services.GetRequiredService<IContentStore>();
        var (large, small) = (await store.PutAsync(new MemoryStream(Bytes(100_000)), cancellationToken: Cancel), await store.PutAsync(new MemoryStream(Bytes(100)), cancellationToken: Cancel));
        Assert.Equal(Bytes(100_000), await ReadAsync(store, large.Id));
        Assert.Equal(Bytes(100), await ReadAsync(store, small.Id));
        Assert.All(await KeysAsync(bucket), static key => Assert.StartsWith("club/contents/", key, StringComparison.Ordinal));
        Assert.Equal(2, (await KeysAsync(bucket)).Count); // the small one is a record
        Assert.False(Directory.Exists(folder.Join("content")));
        await app.StopAsync(Cancel);
    }
}
