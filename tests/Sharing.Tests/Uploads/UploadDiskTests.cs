using System.Globalization;
using Sharing.Core;
using Sharing.Tests.Content;
using Sharing.Tests.Http;
using Sharing.Trials.Durability;

namespace Sharing.Tests.Uploads;

/// <summary>What clients see of a disk that is full, or fails.</summary>
public sealed class UploadDiskTests
{
    [Fact]
    public async Task On_a_full_disk_an_upload_is_told_so_and_can_be_given_up_and_goes_on_with_room()
    {
        await using var disk = await SmallDisk.CreateAsync(32 * 1024);
        await using var host = await UploadHost.InFolderAsync(Path.Join(disk.Folder, "data"));
        var bytes = new byte[200_000];
        new Random(1).NextBytes(bytes);
        var (kept, begun, given) = (await CreateAsync(host, bytes.Length), await CreateAsync(host, bytes.Length), await CreateAsync(host, bytes.Length));
        await PatchAsync(host, kept, 0, bytes, 204);
        await PatchAsync(host, begun, 0, bytes[..10_000], 204);

        var filler = Path.Join(disk.Folder, "filler");
        Fill(filler);
        var problem = await PatchAsync(host, begun, 10_000, bytes[10_000..], 507);
        ProblemAssert.IsProblem(problem, 507, "a full disk", ProblemCodes.NoSpace);
        Assert.DoesNotContain(disk.Folder, problem, StringComparison.Ordinal);
        Assert.Equal(bytes, await host.BytesOfAsync(kept));
        using (var request = new HttpRequestMessage(HttpMethod.Delete, given) { Headers = { { "Tus-Resumable", "1.0.0" } } })
        using (var response = await host.Http.SendAsync(request))
        {
            Assert.Equal(204, (int)response.StatusCode);
        }

        var offset = await OffsetAsync(host, begun);
        Assert.InRange(offset, 10_000, bytes.Length - 1);
        File.Delete(filler);
        await PatchAsync(host, begun, offset, bytes[offset..], 204);
        Assert.Equal(bytes, await host.BytesOfAsync(begun));
    }

    [Fact]
    public async Task What_comes_in_one_part_waits_for_the_disk_once()
    {
        using var folder = new TemporaryFolder();
        await using var store = new FolderContentStore(folder.Path);
        var (bench, bytes, flushes) = (new UploadBench(store), UploadBench.Sample(200_000), 0);
        using var listening = Step.Listen(name => flushes += name == "flush.data" ? 1 : 0);
        var id = await bench.CreateAsync(bytes.Length);
        await bench.AppendAsync(id, 0, bytes);
        Assert.Equal(1, flushes);
        await bench.AssertKeptAsync(id, bytes);
    }

    [Fact]
    public async Task After_three_failed_flushes_uploads_are_refused_and_nothing_acknowledged_is_lost()
    {
        using var folder = new TemporaryFolder();
        await using var host = await UploadHost.InFolderAsync(folder.Path);
        var bytes = new byte[200_000];
        var uploads = new List<Uri>();
        for (var i = 0; i < 4; i++)
        {
            var upload = await CreateAsync(host, bytes.Length);
            await PatchAsync(host, upload, 0, bytes[..10_000], 204);
            uploads.Add(upload);
        }

        foreach (var upload in uploads[..3])
        {
            // Its hashes go to a device that takes them, and cannot flush: fsync answers EINVAL.
            File.CreateSymbolicLink(Path.Join(folder.Path, "content", "partial", UploadKeys.Partial(UploadId.Parse(upload.Segments[^1])) + ".groups"), "/dev/null");
            ProblemAssert.IsProblem(await PatchAsync(host, upload, 10_000, bytes[10_000..], 500), 500, "a failed flush", ProblemCodes.Internal);
        }

        var problem = await PatchAsync(host, uploads[3], 10_000, bytes[10_000..], 503);
        ProblemAssert.IsProblem(problem, 503, "a failed disk", ProblemCodes.ReadOnly);
        Assert.DoesNotContain(folder.Path, problem, StringComparison.Ordinal);
        await host.DisposeAsync();
        await using var again = await UploadHost.InFolderAsync(folder.Path);
        foreach (var upload in uploads)
        {
            Assert.Equal(10_000, await OffsetAsync(again, new Uri(again.Address, upload.AbsolutePath)));
        }
    }

    static void Fill(string path)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var block = new byte[4096];
        try
        {
            for (var at = 0L; ; at += block.Length)
            {
                RandomAccess.Write(file, block, at);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    static async Task<Uri> CreateAsync(UploadHost host, int length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Endpoint)
        {
            Headers = { { "Tus-Resumable", "1.0.0" }, { "Upload-Length", length.ToString(CultureInfo.InvariantCulture) } },
        };
        using var response = await host.Http.SendAsync(request);
        Assert.Equal(201, (int)response.StatusCode);
        return new Uri(host.Endpoint, response.Headers.Location!);
    }

    static async Task<string> PatchAsync(UploadHost host, Uri upload, int offset, byte[] bytes, int status)
    {
        using var content = new ByteArrayContent(bytes) { Headers = { { "Content-Type", "application/offset+octet-stream" } } };
        using var request = new HttpRequestMessage(HttpMethod.Patch, upload)
        {
            Content = content,
            Headers = { { "Tus-Resumable", "1.0.0" }, { "Upload-Offset", offset.ToString(CultureInfo.InvariantCulture) } },
        };
        using var response = await host.Http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}, not {status}: {body}");
        return body;
    }

    static async Task<int> OffsetAsync(UploadHost host, Uri upload)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, upload) { Headers = { { "Tus-Resumable", "1.0.0" } } };
        using var response = await host.Http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode);
        return int.Parse(response.Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture);
    }
}
