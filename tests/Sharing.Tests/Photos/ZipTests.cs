using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Sharing.Core;
using Sharing.Photos;
using Sharing.Trials.Photos;
using static Sharing.Tests.Photos.PhotoServer;

namespace Sharing.Tests.Photos;

public sealed class ZipTests
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static async Task<(ZipReader Reader, ZipLayout Layout)> ArchiveAsync(MemoryContentStore store, params (string Name, byte[] Bytes)[] files)
    {
        var list = new List<ArchivedFile>();
        foreach (var (name, bytes) in files)
        {
            var content = await store.PutAsync(new MemoryStream(bytes), null, Cancel);
            await using var reader = (await store.OpenAsync(content.Id, Cancel))!;
            list.Add(new(name, content, await Archives.Crc32Async(reader, Cancel), new(2026, 5, 17, 14, 3, 8)));
        }

        var layout = new ZipLayout(list);
        return (new(layout, store.OpenAsync), layout);
    }

    static byte[] Random(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    [Fact, Trait("Row", "F11")]
    public async Task An_archive_is_as_long_as_was_said_and_unzip_and_dotnet_find_the_files_in_it()
    {
        var files = new[] { ("Grüße 😀.jpg", Random(100_000, 1)), ("empty.bin", []), ("IMG_1 (2).jpg", Random(1, 2)) };
        var (reader, layout) = await ArchiveAsync(new(), files);
        var path = Path.GetTempFileName();
        try
        {
            await using (var stream = new ContentStream(reader, ContentArea.Data, 0))
            await using (var file = File.Create(path))
            {
                await stream.CopyToAsync(file, Cancel);
                Assert.Equal(layout.Length, file.Length);
            }

            using (var unzip = Process.Start(new ProcessStartInfo("unzip", ["-t", path]) { RedirectStandardOutput = true })!)
            {
                var said = await unzip.StandardOutput.ReadToEndAsync(Cancel);
                await unzip.WaitForExitAsync(Cancel);
                Assert.True(unzip.ExitCode == 0, said);
            }

            await using var zip = await ZipFile.OpenReadAsync(path, Cancel);
            Assert.Equal(files.Select(static file => file.Item1), zip.Entries.Select(static entry => entry.FullName));
            foreach (var (entry, (_, bytes)) in zip.Entries.Zip(files))
            {
                await using var content = await entry.OpenAsync(Cancel);
                using var copy = new MemoryStream();
                await content.CopyToAsync(copy, Cancel);
                Assert.Equal(bytes, copy.ToArray());
                Assert.Equal(new DateTime(2026, 5, 17, 14, 3, 8), entry.LastWriteTime.DateTime);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Files of more than 4 GiB, and offsets beyond: Python's zipfile reads the directory of what is never there as a whole.</summary>
    [Fact, Trait("Row", "F11")]
    public async Task Beyond_four_gibibytes_its_numbers_are_those_of_ZIP64()
    {
        const long Large = 5L << 30;
        var content = new ContentInfo(ContentId.Parse(new('a', 64)), Large);
        var layout = new ZipLayout([new("a.bin", content, 7, new(2026, 5, 17)), new("b.bin", content with { Length = 10 }, 8, new(2026, 5, 17))]);
        var path = Path.GetTempFileName();
        try
        {
            await using (var file = File.Create(path)) // sparse
            {
                file.SetLength(layout.Length);
                for (var at = 0L; at < layout.Length;)
                {
                    var (start, bytes, _) = layout.PartAt(at);
                    if (bytes is null)
                    {
                        at = start + (start < Large ? Large : 10);
                        continue;
                    }

                    file.Position = start;
                    await file.WriteAsync(bytes, Cancel);
                    at = start + bytes.Length;
                }
            }

            using var python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", "import sys, zipfile; print([(i.filename, i.file_size, i.header_offset, i.CRC) for i in zipfile.ZipFile(sys.argv[1]).infolist()])", path]) { RedirectStandardOutput = true })!;
            var said = await python.StandardOutput.ReadToEndAsync(Cancel);
            Assert.Equal($"[('a.bin', {Large}, 0, 7), ('b.bin', 10, {Large + 30 + 5 + 20}, 8)]", said.Trim());
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Cut fifty times: whatever was there is not fetched again, and the whole is right.</summary>
    [Fact, Trait("Row", "F11")]
    public async Task A_download_of_all_that_breaks_off_fifty_times_goes_on_where_it_was()
    {
        await using var server = await StartAsync();
        var photos = new List<PhotoId>();
        for (var i = 0; i < 5; i++)
        {
            photos.Add(await server.UploadAsync(Anna, Random(300_000, i), ("filename", "IMG.jpg")));
        }

        var grant = (await server.Grants.GrantAsync(Anna, new() { Photos = photos, Friends = [Ben] }, Cancel)).Single();
        var random = new Random(3);
        var (whole, tag, length, fetched) = (new MemoryStream(), default(EntityTagHeaderValue), 0L, 0L);
        for (var cut = 0; length == 0 || whole.Length < length; cut++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Host.Address, $"v1/granted-photos/{grant.Id}/archive"));
            request.Headers.Authorization = new("Bearer", Hosting.SharingHost.TokenOf(Ben));
            request.Headers.Range = whole.Length > 0 ? new(whole.Length, null) : null;
            request.Headers.IfRange = tag is not null ? new(tag) : null;
            using var response = await server.Host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
            Assert.Equal(whole.Length > 0 ? HttpStatusCode.PartialContent : HttpStatusCode.OK, response.StatusCode);
            (tag, length) = (response.Headers.ETag, response.Content.Headers.ContentRange?.Length ?? response.Content.Headers.ContentLength!.Value);
            await using var body = await response.Content.ReadAsStreamAsync(Cancel);
            var some = new byte[cut < 50 ? random.Next(1, 25_000) : int.MaxValue / 1024];
            var read = await body.ReadAtLeastAsync(some, some.Length, throwOnEndOfStream: false, Cancel);
            whole.Write(some.AsSpan(0, read));
            fetched += read;
        }

        Assert.Equal(length, fetched);
        await using var zip = new ZipArchive(whole, ZipArchiveMode.Read);
        Assert.Equal(["IMG.jpg", "IMG (2).jpg", "IMG (3).jpg", "IMG (4).jpg", "IMG (5).jpg"], zip.Entries.Select(static entry => entry.FullName));
        Assert.All(zip.Entries, static entry => entry.Open().CopyTo(Stream.Null)); // .NET checks the CRC
    }
}
