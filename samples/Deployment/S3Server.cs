using System.Diagnostics;
using Amazon.Runtime;
using Amazon.S3;
using Sharing.S3;

namespace Sharing.Deployment;

/// <summary>A real S3 server of its own, in a folder, that ends with this process: OpenStack Swift behind its s3api, which checks every signature, or another that keeps to the same rules.</summary>
public sealed class S3Server : IAsyncDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sharing-s3-");
    readonly string _accessKey;
    readonly string _secretKey;
    Process? _process;
    int _buckets;

    S3Server(string accessKey, string secretKey) => (_accessKey, _secretKey) = (accessKey, secretKey);

    /// <summary>Where it is.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Its one account.</summary>
    public AWSCredentials Credentials => new BasicAWSCredentials(_accessKey, _secretKey);

    /// <summary>Without what such servers do not know.</summary>
    public AmazonS3Config Config => new()
    {
        ServiceURL = Address.ToString(),
        ForcePathStyle = true,
        AuthenticationRegion = "us-east-1",
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    };

    /// <summary>Starts Swift.</summary>
    public static Task<S3Server> StartAsync() => StartAsync("/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "s3", "server.py"), "TESTACCESS", "testsecret");

    /// <summary>Starts a program that is given a script and a folder, prints <c>ready ADDRESS</c>, and ends with its standard input.</summary>
    public static async Task<S3Server> StartAsync(string program, string script, string accessKey, string secretKey)
    {
        var server = new S3Server(accessKey, secretKey);
        server._process = Process.Start(new ProcessStartInfo(program, [script, server._folder.FullName]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        var line = await server._process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The S3 server did not start.");
        server.Address = new(line["ready ".Length..]);
        return server;
    }

    /// <summary>What a host is told of a bucket.</summary>
    public S3Options Bucket(string name) => new() { Bucket = name, Endpoint = Address, AccessKey = _accessKey, SecretKey = _secretKey };

    /// <summary>A new, empty bucket.</summary>
    public async Task<S3Options> CreateBucketAsync(string? name = null)
    {
        var options = Bucket(name ?? $"test{Interlocked.Increment(ref _buckets)}");
        using var client = Client();
        await client.PutBucketAsync(options.Bucket);
        return options;
    }

    /// <summary>The SDK's own client.</summary>
    public AmazonS3Client Client() => new(Credentials, Config);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _folder.Delete(recursive: true);
    }
}
