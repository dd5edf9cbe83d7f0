using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Photos;

namespace Sharing.Benchmarks;

/// <summary>The photo server's work, in a process of its own.</summary>
static class PhotoWork
{
    /// <summary>Makes previews of all files of a folder into another, one after the other; as often as is said.</summary>
    public static async Task ThumbsAsync(string from, string to, string sizes, int times)
    {
        using var thumbnailer = new VipsThumbnailer();
        var wanted = sizes.Split(',').Select(static size => int.Parse(size, CultureInfo.InvariantCulture)).ToArray();
        Directory.CreateDirectory(to);
        var made = 0;
        for (var i = 0; i < times; i++)
        {
            foreach (var path in Directory.GetFiles(from).Order(StringComparer.Ordinal))
            {
                await using var picture = new FileReader(path);
                var header = await PictureHeaderReader.ReadAsync(picture);
                foreach (var (size, jpeg) in (await thumbnailer.MakeAsync(picture, header, wanted)).Jpegs)
                {
                    await File.WriteAllBytesAsync(Path.Combine(to, $"{Path.GetFileNameWithoutExtension(path)}-{size}.jpg"), jpeg.ToArray());
                }

                if (++made is 1000 or 5000)
                {
                    Console.WriteLine(Environment.WorkingSet);
                }
            }
        }
    }

    /// <summary>A file as if it were in a store.</summary>
    sealed class FileReader(string path) : IContentReader
    {
        readonly Microsoft.Win32.SafeHandles.SafeFileHandle _file = File.OpenHandle(path);

        public ContentInfo Info => new(default, RandomAccess.GetLength(_file));

        public ValueTask<int> ReadAsync(ContentArea area, long offset, Memory<byte> buffer, CancellationToken cancellationToken = default) => new(RandomAccess.Read(_file, buffer.Span, offset));

        public ValueTask DisposeAsync()
        {
            _file.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Uploads all files of a folder to a photo server in this process, over HTTP, sixteen at once; prints how long that took.</summary>
    public static async Task IngestAsync(string from, string to)
    {
        var anna = PersonId.Parse("anna");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSharingLimits().ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddSharing(sharing => sharing.UseFolder(to).AddPhotos().WithBackgroundWork(false).WithCaller(_ => anna));
        await using var app = builder.Build();
        app.MapSharing(roles: SharingRoles.Photos);
        await app.StartAsync();
        using var http = new HttpClient();
        var (client, endpoint) = (new UploadClient(http, TimeProvider.System), new Uri(app.Urls.First() + "/v1/uploads/photos"));
        for (var i = 0; i < 2; i++) // a server is warm
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, 100), new ParallelOptions { MaxDegreeOfParallelism = 16 },
                async (_, token) => await client.UploadAsync(endpoint, UploadSource.Of(new MemoryStream(RandomNumberGenerator.GetBytes(256 << 10))), cancellationToken: token));
        }

        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Directory.GetFiles(from), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (path, token) => await client.UploadAsync(endpoint, UploadSource.OfFile(path), cancellationToken: token));
        Console.WriteLine(Stopwatch.GetElapsedTime(started).TotalSeconds.ToString(CultureInfo.InvariantCulture));
        await app.StopAsync();
    }
}
