using System.Diagnostics;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.S3.Transfer;
using Microsoft.Extensions.DependencyInjection;
using Sharing.Core;
using Sharing.Deployment;

namespace Sharing.Benchmarks;

#pragma warning disable CA1001 // EndAsync does
/// <summary>Contents through Sharing.S3 against the AWS SDK's own TransferUtility, on the same server.</summary>
sealed class S3Comparison : Comparison
{
    const int AtOnce = 4;

    readonly List<string> _files = [];
    readonly List<ContentId> _kept = [];
    S3Server _server = null!;
    AmazonS3Client _client = null!;
    ServiceProvider _services = null!;
    string _bucket = null!, _folder = null!;

    public override string Name => "s3";

    public override string About => $"put {_files.Count} files of 16 MiB and get them back into files, {AtOnce} at once, from and to OpenStack Swift behind its s3api on this machine; Sharing with its records in SQLite, all bytes hashed on the way in and out";

    public override double Target => 0.95;

    public override int Judged => 2;

    public override IReadOnlyList<(string Name, Func<Task<Cost>> Run)> Sides =>
    [
        ("put, TransferUtility", PutTheirsAsync), ("put, Sharing", PutOursAsync), ("get, TransferUtility", GetTheirsAsync), ("get, Sharing", GetOursAsync),
    ];

    public override IEnumerable<(string Name, double Value)> Ratios(IReadOnlyDictionary<string, Cost> round) =>
    [
        ("put: TransferUtility ÷ Sharing", round["put, TransferUtility"].Seconds / round["put, Sharing"].Seconds),
        ("get: TransferUtility ÷ Sharing", round["get, TransferUtility"].Seconds / round["get, Sharing"].Seconds),
    ];

    public override IReadOnlyList<string> Notes => ["TransferUtility as it is, but for signing bodies whole (UseChunkEncoding = false) and checksums only where they must be, since this server knows no aws-chunked; the same for Sharing."];

    public override async Task PrepareAsync(string folder, bool quick)
    {
        _folder = folder;
        var bytes = new byte[16 << 20];
        for (var i = 0; i < (quick ? 8 : 64); i++)
        {
            RandomNumberGenerator.Fill(bytes);
            _files.Add(Path.Combine(folder, $"file{i}"));
            await File.WriteAllBytesAsync(_files[i], bytes);
        }

        _server = await S3Server.StartAsync();
        _client = new WholeBodies(_server.Credentials, _server.Config);
        var theirs = await _server.CreateBucketAsync();
        _bucket = theirs.Bucket;
        var ours = await _server.CreateBucketAsync();
        SQLitePCL.Batteries_V2.Init();
        _services = new ServiceCollection().AddLogging()
            .AddSharing(sharing => sharing.UseSqlite(Path.Combine(folder, "sharing.db")).UseS3(ours).AddOffline().WithBackgroundWork(false)).BuildServiceProvider();
    }

    public override async ValueTask EndAsync()
    {
        await _services.DisposeAsync();
        _client.Dispose();
        await _server.DisposeAsync();
    }

    async Task<Cost> PutTheirsAsync()
    {
        using var transfer = new TransferUtility(_client);
        return await MeasureAsync((i, token) => transfer.UploadAsync(_files[i], _bucket, $"file{i}", token));
    }

    async Task<Cost> GetTheirsAsync()
    {
        using var transfer = new TransferUtility(_client);
        return await MeasureAsync((i, token) => transfer.DownloadAsync(Path.Combine(_folder, $"got{i}"), _bucket, $"file{i}", token));
    }

    /// <summary>Each time other contents: what is there already would not be put again.</summary>
    async Task<Cost> PutOursAsync()
    {
        var store = _services.GetRequiredService<IContentStore>();
        foreach (var id in _kept)
        {
            await store.DeleteAsync(id);
        }

        _kept.Clear();
        foreach (var file in _files)
        {
            await using var stream = File.OpenWrite(file);
            stream.Write(Guid.NewGuid().ToByteArray());
        }

        var ids = new ContentId[_files.Count];
        var cost = await MeasureAsync(async (i, token) =>
        {
            await using var stream = File.OpenRead(_files[i]);
            ids[i] = (await store.PutAsync(stream, cancellationToken: token)).Id;
        });
        _kept.AddRange(ids);
        return cost;
    }

    Task<Cost> GetOursAsync()
    {
        var store = _services.GetRequiredService<IContentStore>();
        return MeasureAsync(async (i, token) =>
        {
            await using var reader = await store.OpenAsync(_kept[i], token) ?? throw new InvalidOperationException("It is not there.");
            await using var stream = new ContentStream(reader, ContentArea.Data, 0);
            await using var file = File.Create(Path.Combine(_folder, $"got{i}"));
            await stream.CopyToAsync(file, token);
        });
    }

    async Task<Cost> MeasureAsync(Func<int, CancellationToken, Task> each)
    {
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, _files.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, token) => await each(i, token));
        return new(Stopwatch.GetElapsedTime(started).TotalSeconds, 0);
    }

    /// <summary>The SDK's client, but for signing bodies whole.</summary>
    sealed class WholeBodies(AWSCredentials credentials, AmazonS3Config config) : AmazonS3Client(credentials, config)
    {
        public override Task<PutObjectResponse> PutObjectAsync(PutObjectRequest request, CancellationToken cancellationToken = default)
        {
            request.UseChunkEncoding = false;
            return base.PutObjectAsync(request, cancellationToken);
        }

        public override Task<UploadPartResponse> UploadPartAsync(UploadPartRequest request, CancellationToken cancellationToken = default)
        {
            request.UseChunkEncoding = false;
            return base.UploadPartAsync(request, cancellationToken);
        }
    }
}
