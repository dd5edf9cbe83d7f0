using System.Globalization;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Sharing.S3;

/// <summary>Objects in one bucket, under one prefix. Thread-safe; disposed of once for each who holds it. Whatever goes wrong is an <see cref="IOException"/>, or says that there is no room left.</summary>
sealed class S3Bucket : IDisposable
{
    const int AtOnce = 8;

    readonly AmazonS3Client _client;
    readonly S3Options _options;
    readonly TimeProvider _time;
    int _holders = 1;

    public S3Bucket(S3Options options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.PathStyle,
            AuthenticationRegion = options.Region,
            Timeout = Timeout.InfiniteTimeSpan, // each request is watched: a large one may take long
            MaxErrorRetry = options.Retries,
            RetryMode = RequestRetryMode.Standard,
            // What not every store knows is sent only where it must be: bodies are signed whole.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint.ToString();
        }
        else
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(options.Region);
        }

        _client = options.AccessKey is { } key ? new(key, options.SecretKey ?? "", config) : new(config);
    }

    public Task PutAsync(string key, Stream bytes, CancellationToken cancellationToken) => RunAsync($"Writing {key}", async watch =>
    {
        bytes.Position = 0;
        await _client.PutObjectAsync(
            new() { BucketName = _options.Bucket, Key = Key(key), InputStream = watch.Over(bytes), AutoCloseStream = false, UseChunkEncoding = false }, watch.Token);
    }, cancellationToken);

    /// <summary>Begins to read an object somewhere. Whoever called disposes the stream.</summary>
    /// <param name="key">The object.</param>
    /// <param name="offset">From where on.</param>
    /// <param name="length">How much.</param>
    /// <param name="whole">How long the object must be; 0: that does not matter.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Stream> OpenAsync(string key, long offset, long length, long whole, CancellationToken cancellationToken) => RunAsync<Stream>($"Reading {key}", async watch =>
    {
        var answer = await _client.GetObjectAsync(
            new GetObjectRequest { BucketName = _options.Bucket, Key = Key(key), ByteRange = new(offset, offset + length - 1) }, watch.Token);
        var there = answer.ContentRange is { } range && long.TryParse(range.AsSpan(range.LastIndexOf('/') + 1), CultureInfo.InvariantCulture, out var total) ? total : whole;
        if (answer.ContentLength == length && (whole == 0 || there == whole))
        {
            return answer.ResponseStream;
        }

        answer.Dispose();
        throw new OtherLengthException($"{key} has {there} bytes; {answer.ContentLength} of it came where {length} were asked for.");
    }, cancellationToken);

    /// <summary>Reads some bytes of a stream; one that stands still is given up.</summary>
    public async ValueTask<int> ReadAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellationToken) =>
        await RunAsync("Reading an object", async watch => await stream.ReadAsync(buffer, watch.Token), cancellationToken, retries: 0);

    /// <summary>Reads an object whole, if it is there.</summary>
    public async Task<byte[]?> TryReadAsync(string key, CancellationToken cancellationToken)
    {
        if (await LengthOfAsync(key, cancellationToken) is not { } length)
        {
            return null;
        }

        var bytes = new byte[length];
        await ReadAsync(key, 0, bytes, cancellationToken);
        return bytes;
    }

    /// <summary>Fills a buffer.</summary>
    public async Task ReadAsync(string key, long offset, Memory<byte> buffer, CancellationToken cancellationToken, long whole = 0)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var stream = await OpenAsync(key, offset, buffer.Length, whole, cancellationToken);
                for (var filled = 0; filled < buffer.Length;)
                {
                    filled += await ReadAsync(stream, buffer[filled..], cancellationToken) is var read and > 0 ? read : throw new IOException($"{key} ended too early.");
                }

                return;
            }
            catch (IOException fault) when (attempt <= _options.Retries && fault.InnerException is not AmazonServiceException && !S3Faults.IsLost(fault))
            {
                // The answer was cut off: what the client tries again by itself ends where an answer begins.
            }
        }
    }

    /// <summary>Makes one object out of a part of another.</summary>
    /// <returns><c>false</c>: the store cannot do that.</returns>
    public Task<bool> CopyAsync(string from, string to, CancellationToken cancellationToken) => RunOrUnknownAsync($"Copying {from}", async watch =>
        await _client.CopyObjectAsync(
            new() { SourceBucket = _options.Bucket, SourceKey = Key(from), DestinationBucket = _options.Bucket, DestinationKey = Key(to) }, watch.Token), cancellationToken);

    /// <returns>The id of the upload.</returns>
    public Task<string> BeginAsync(string key, CancellationToken cancellationToken) => RunAsync($"Beginning {key}", async watch =>
        (await _client.InitiateMultipartUploadAsync(new() { BucketName = _options.Bucket, Key = Key(key) }, watch.Token)).UploadId is { Length: > 0 } upload
            ? upload : throw new IOException("no upload came"), cancellationToken);

    /// <returns>Its entity tag.</returns>
    public Task<string> PutPartAsync(string key, string upload, int number, Stream bytes, CancellationToken cancellationToken) => RunAsync($"Writing part {number} of {key}", async watch =>
    {
        bytes.Position = 0;
        var answer = await _client.UploadPartAsync(
            new()
            {
                BucketName = _options.Bucket,
                Key = Key(key),
                UploadId = upload,
                PartNumber = number,
                InputStream = watch.Over(bytes),
                PartSize = bytes.Length,
                UseChunkEncoding = false,
            },
            watch.Token);
        return answer.ETag;
    }, cancellationToken);

    /// <returns>Its entity tag; <c>null</c>: the store cannot do that.</returns>
    public async Task<string?> CopyPartAsync(string from, long start, long end, string key, string upload, int number, CancellationToken cancellationToken)
    {
        string? tag = null;
        await RunOrUnknownAsync($"Copying part {number} of {key}", async watch =>
        {
            var answer = await _client.CopyPartAsync(
                new()
                {
                    SourceBucket = _options.Bucket,
                    SourceKey = Key(from),
                    FirstByte = start,
                    LastByte = end - 1,
                    DestinationBucket = _options.Bucket,
                    DestinationKey = Key(key),
                    UploadId = upload,
                    PartNumber = number,
                },
                watch.Token);
            tag = answer.ETag;
        }, cancellationToken);
        return tag;
    }

    /// <summary>Makes the parts one object, and sees whether it is as long as it must be: stores have said "done" of what was not.</summary>
    public async Task EndAsync(string key, string upload, IReadOnlyList<string> tags, long length, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync($"Ending {key}", watch => _client.CompleteMultipartUploadAsync(
                new()
                {
                    BucketName = _options.Bucket,
                    Key = Key(key),
                    UploadId = upload,
                    PartETags = [.. tags.Select(static (tag, index) => new PartETag(index + 1, tag))],
                },
                watch.Token), cancellationToken);
        }
        catch (IOException)
        {
            if (await LengthOfAsync(key, cancellationToken) == length)
            {
                return; // it was done, and the answer got lost: asked again, the store knows no such upload
            }

            throw;
        }

        if (await LengthOfAsync(key, cancellationToken) is var there && there != length)
        {
            throw new IOException($"The store put {key} together wrongly: it has {there?.ToString(CultureInfo.InvariantCulture) ?? "no"} bytes instead of {length}.");
        }
    }

    /// <returns>Whether there was anything to give up.</returns>
    public async Task<bool> AbortAsync(string key, string upload, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync($"Giving up {key}", watch => _client.AbortMultipartUploadAsync(
                new() { BucketName = _options.Bucket, Key = Key(key), UploadId = upload }, watch.Token), cancellationToken);
            return true;
        }
        catch (IOException fault) when (S3Faults.IsMissing(fault))
        {
            return false;
        }
    }

    /// <summary>An address at which anybody may do one thing to one object.</summary>
    /// <param name="key">The object.</param>
    /// <param name="verb">What.</param>
    /// <param name="life">How long.</param>
    /// <param name="say">Says more about it.</param>
    public async ValueTask<Uri> AddressAsync(string key, HttpVerb verb, TimeSpan life, Action<GetPreSignedUrlRequest> say)
    {
        var request = new GetPreSignedUrlRequest
        {
            BucketName = _options.Bucket,
            Key = Key(key),
            Verb = verb,
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime + life, // the SDK signs by this clock, too
            Protocol = _options.Endpoint?.Scheme == Uri.UriSchemeHttp ? Protocol.HTTP : Protocol.HTTPS,
        };
        say(request);
        return new(await _client.GetPreSignedURLAsync(request));
    }

    public async Task<long?> LengthOfAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return (await RunAsync($"Looking at {key}", watch => _client.GetObjectMetadataAsync(_options.Bucket, Key(key), watch.Token), cancellationToken)).ContentLength;
        }
        catch (IOException fault) when (S3Faults.IsMissing(fault))
        {
            return null;
        }
    }

    /// <summary>Deletes objects; what is not there is deleted as well. One by one: a request for many needs a checksum that older stores do not know.</summary>
    public Task DeleteAsync(IEnumerable<string> keys, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        keys, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
        async (key, token) => await RunAsync($"Deleting {key}", watch => _client.DeleteObjectAsync(_options.Bucket, Key(key), watch.Token), token));

    /// <summary>Lists objects. Which come and go meanwhile may be missing; some stores are late.</summary>
    public async IAsyncEnumerable<(string Key, long Length, DateTimeOffset Modified)> ListAsync(string under, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = _options.Bucket, Prefix = Key(under) };
        do
        {
            var page = await RunAsync("Listing the objects", watch => _client.ListObjectsV2Async(request, watch.Token), cancellationToken);
            foreach (var found in page.S3Objects ?? [])
            {
                yield return (found.Key[_options.Prefix.Length..], found.Size ?? 0, Utc(found.LastModified));
            }

            request.ContinuationToken = page.NextContinuationToken;
        }
        while (request.ContinuationToken is { Length: > 0 });
    }

    /// <summary>Lists the uploads in parts that were begun and neither ended nor given up.</summary>
    public async IAsyncEnumerable<(string Key, string Upload, DateTimeOffset Begun)> ListUploadsAsync(string under, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest { BucketName = _options.Bucket, Prefix = Key(under) };
        bool more;
        do
        {
            ListMultipartUploadsResponse page = null!;
            if (!await RunOrUnknownAsync("Listing the uploads", async watch => page = await _client.ListMultipartUploadsAsync(request, watch.Token), cancellationToken))
            {
                yield break; // a store that does not tell what was begun clears it away by itself
            }

            foreach (var found in page.MultipartUploads ?? [])
            {
                yield return (found.Key[_options.Prefix.Length..], found.UploadId, Utc(found.Initiated));
            }

            (request.KeyMarker, request.UploadIdMarker, more) = (page.NextKeyMarker, page.NextUploadIdMarker, page.IsTruncated == true);
        }
        while (more);
    }

    /// <summary>For a reader: stays open until that was disposed of, too.</summary>
    public S3Bucket Hold()
    {
        Interlocked.Increment(ref _holders);
        return this;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _client.Dispose();
        }
    }

    static DateTimeOffset Utc(DateTime? time) => time is { } known ? new(known.ToUniversalTime(), TimeSpan.Zero) : DateTimeOffset.MaxValue;

    string Key(string key) => _options.Prefix + key;

    Task RunAsync(string what, Func<Watch, Task> act, CancellationToken cancellationToken) => RunAsync(what, async watch =>
    {
        await act(watch);
        return true;
    }, cancellationToken);

    /// <summary>The client tries again what was answered with a fault; what was not answered at all is tried again here.</summary>
    async Task<T> RunAsync<T>(string what, Func<Watch, Task<T>> act, CancellationToken cancellationToken, int? retries = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var watch = new Watch(_options.Timeout, _time, cancellationToken);
            try
            {
                return await act(watch);
            }
            catch (Exception fault) when (S3Faults.IsFault(fault))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!watch.HasFired || attempt >= (retries ?? _options.Retries))
                {
                    throw S3Faults.Told(fault, what);
                }
            }
        }
    }

    async Task<bool> RunOrUnknownAsync(string what, Func<Watch, Task> act, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(what, act, cancellationToken);
            return true;
        }
        catch (IOException fault) when (S3Faults.IsUnknown(fault))
        {
            return false;
        }
    }
}
