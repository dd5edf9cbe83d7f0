using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Offline;
using Sharing.Trials.Scripted;

namespace Sharing.Trials.Rot;

/// <summary>A download server on a folder and SQLite, or wherever it is told, with an origin beside it; its library holds resources of several sizes.</summary>
sealed class RotHost : IAsyncDisposable
{
    static readonly int[] s_lengths = [1, 700, 65_536, 65_537, 300_000, 1_048_576, 3_000_001];

    static readonly PersonId s_anna = PersonId.Parse("anna");

    readonly string _folder = Directory.CreateTempSubdirectory("sharing-rot-").FullName;
    readonly WebApplication _app;
    readonly HttpClient _http;

    RotHost(Random random, Action<SharingBuilder>? places)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.Configure<StorageOptions>(storage => storage.TrustFor = TimeSpan.Zero);
        places ??= sharing => sharing.UseSqlite(Path.Combine(_folder, "records.db")).UseContentFolder(Contents);
        builder.Services.AddSharing(sharing =>
        {
            places(sharing);
            sharing.AddOffline().WithFetching(fetching =>
            {
                fetching.Configured.Add("127.0.0.1");
                fetching.Attempts = 1; // what is refused once is to be seen
            });
        });
        _app = builder.Build();
        Bytes = [.. s_lengths.Select(length => Samples.Random(random.Next(), length))];
        _app.Use((context, next) =>
        {
            context.User = new(new ClaimsIdentity([new(ClaimTypes.NameIdentifier, s_anna.Value)], "trial"));
            return next(context);
        });
        _app.MapGet("/origin/{number:int}", (HttpContext _, int number) => Results.Bytes(Bytes[number], "application/x-trial", enableRangeProcessing: true, entityTag: new($"\"{number}\"")));
        _app.MapSharing(roles: SharingRoles.Social | SharingRoles.Download);
        _http = _app.Services.GetRequiredService<IHttpClientFactory>().CreateClient(GuardedClient.Name);
    }

    public string Contents => Path.Combine(_folder, "contents");

    public byte[][] Bytes { get; }

    /// <summary>The names of what the library holds.</summary>
    public ContentId[] Ids { get; private set; } = [];

    public static byte[] SmallBytes { get; } = Samples.Random(1, 3_000);

    /// <summary>A content that is a record, and nowhere else.</summary>
    public ContentId Small { get; private set; }

    public ContentScrub Scrub => _app.Services.GetRequiredService<ContentScrub>();

    public IRecordStore Records => _app.Services.GetRequiredService<IRecordStore>();

    public IContentStore Store => _app.Services.GetRequiredService<IContentStore>();

    OfflineLibrary Library => _app.Services.GetRequiredService<OfflineLibrary>();

    public static async Task<RotHost> StartAsync(Random random, CancellationToken cancellationToken, Action<SharingBuilder>? places = null)
    {
        var host = new RotHost(random, places);
        await host._app.StartAsync(cancellationToken);
        for (var i = 0; i < host.Bytes.Length; i++)
        {
            await host.Library.KeepAsync(s_anna, new() { Address = host.OriginOf(i), Name = $"{i}.bin" }, cancellationToken);
        }

        host.Ids = new ContentId[host.Bytes.Length];
        for (var i = 0; i < host.Bytes.Length; i++)
        {
            host.Ids[i] = await host.StoredAsync(i, cancellationToken);
        }

        host.Small = await host.PutSmallAsync(cancellationToken);
        return host;
    }

    /// <summary>Waits until the library has a resource, and returns its content.</summary>
    public async Task<ContentId> StoredAsync(int number, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(100));
        await foreach (var item in Library.WatchAsync(s_anna, ResourceId.Of(OriginOf(number)), patience.Token))
        {
            if (item is { State: OfflineState.Stored, Content: { } content })
            {
                return content.Id;
            }
        }

        throw new InvalidOperationException($"The resource {number} is not in the library any more.");
    }

    /// <summary>Waits until everything is there again; the small one, which has no origin, is put again.</summary>
    public async Task HealAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < Ids.Length; i++)
        {
            if (await StoredAsync(i, cancellationToken) != Ids[i])
            {
                throw new InvalidOperationException($"The resource {i} came back as another content.");
            }
        }

        await Store.PutAsync(new MemoryStream(SmallBytes), cancellationToken: cancellationToken);
        await Scrub.SweepAsync(_ => { }, cancellationToken); // what was put aside and is back may go
        await foreach (var id in ((IContentQuarantine)Store).ListQuarantinedAsync(cancellationToken))
        {
            if (Ids.Contains(id))
            {
                throw new InvalidOperationException($"What is back is still put aside: {id}.");
            }
        }
    }

    /// <summary>Asks for the content as a client does.</summary>
    /// <returns>The body, if it came to its end under a good status; <c>null</c> if not.</returns>
    public async Task<byte[]?> GetAsync(int number, CancellationToken cancellationToken)
    {
        try
        {
            using var reply = await _http.GetAsync(
                new Uri($"{_app.Urls.First()}/v1/library/{ResourceId.Of(OriginOf(number))}/content"), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return reply.IsSuccessStatusCode ? await reply.Content.ReadAsByteArrayAsync(cancellationToken) : null;
        }
        catch (Exception fault) when (fault is SharingException or HttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <summary>Reads the small content out of the store; <c>null</c> where that is refused.</summary>
    public async Task<byte[]?> GetSmallAsync(CancellationToken cancellationToken)
    {
        await using var reader = await Store.OpenAsync(Small, cancellationToken);
        if (reader is null)
        {
            return null;
        }

        try
        {
            await using var bytes = new ContentStream(reader, ContentArea.Data, 0);
            var all = new MemoryStream();
            await bytes.CopyToAsync(all, cancellationToken);
            return all.ToArray();
        }
        catch (Exception fault) when (fault is IOException or SharingException { Code: ProblemCodes.ContentDamaged })
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    Uri OriginOf(int number) => new($"{_app.Urls.First()}/origin/{number}");

    async Task<ContentId> PutSmallAsync(CancellationToken cancellationToken)
    {
        var info = await Store.PutAsync(new MemoryStream(SmallBytes), cancellationToken: cancellationToken);
        var batch = new RecordBatch();
        await _app.Services.GetRequiredService<ContentReferences>().AddAsync(batch, info, "trial", cancellationToken);
        await Records.CommitAsync(batch, cancellationToken);
        return info.Id;
    }
}
