using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sharing.S3;

namespace Sharing.Trials.S3;

/// <summary>An S3 store in memory that has its trouble when told to. It checks no signatures: real servers are there for that.</summary>
sealed partial class S3Stub : IAsyncDisposable
{
    const string Bucket = "bucket";

    static readonly XNamespace s_s3 = "http://s3.amazonaws.com/doc/2006-03-01/";

    readonly Lock _lock = new();
    readonly Dictionary<string, (byte[] Bytes, DateTimeOffset Modified)> _objects = new(StringComparer.Ordinal);
    readonly Dictionary<string, (string Key, DateTimeOffset Begun, SortedDictionary<int, byte[]> Parts)> _uploads = new(StringComparer.Ordinal);
    readonly HashSet<string> _dead = new(StringComparer.Ordinal);
    readonly WebApplication _app;
    readonly TimeProvider _time;
    readonly Random _random;
    (string[] Objects, string[] Uploads)? _old;
    int _troubles;

    S3Stub(WebApplication app, TimeProvider time, Random random) => (_app, _time, _random) = (app, time, random);

    /// <summary>What goes wrong at present; <c>null</c>: nothing.</summary>
    public S3Trouble? Trouble { get; set; }

    /// <summary>Is asked before each request; answers it itself where it says so.</summary>
    public Func<HttpContext, Task<bool>>? Before { get; set; }

    /// <summary>How often, of a hundred requests.</summary>
    public int Percent { get; set; } = 20;

    /// <summary>How often it did go wrong.</summary>
    public int Troubles => Volatile.Read(ref _troubles);

    public IReadOnlyList<string> Objects
    {
        get
        {
            lock (_lock)
            {
                return [.. _objects.Keys.Order(StringComparer.Ordinal)];
            }
        }
    }

    public int Uploads
    {
        get
        {
            lock (_lock)
            {
                return _uploads.Count;
            }
        }
    }

    public static async Task<S3Stub> StartAsync(TimeProvider time, Random random)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = null).UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var stub = new S3Stub(app, time, random);
        app.Run(stub.ServeAsync);
        await app.StartAsync();
        return stub;
    }

    /// <summary>What a host is told.</summary>
    public S3Options Options(string host) => new()
    {
        Bucket = Bucket, Endpoint = new(_app.Urls.First()), AccessKey = host, SecretKey = "secret", Timeout = TimeSpan.FromSeconds(30), Retries = 2, Unit = 1024,
    };

    /// <summary>Nothing of that host gets through any more.</summary>
    public void Kill(string host)
    {
        lock (_lock)
        {
            _dead.Add(host);
        }
    }

    /// <summary>Changes an object as it lies there; <c>null</c>: it is gone.</summary>
    /// <returns>Whether that changed anything.</returns>
    public bool Change(string key, Func<byte[]?, byte[]?> change)
    {
        lock (_lock)
        {
            var before = _objects.TryGetValue(key, out var there) ? there.Bytes : null;
            var after = change(before?.ToArray());
            if (after is null)
            {
                return _objects.Remove(key);
            }

            _objects[key] = (after, before is null ? _time.GetUtcNow() : there.Modified);
            return before is null || !before.AsSpan().SequenceEqual(after);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [GeneratedRegex("Credential=([^/]+)/")]
    private static partial Regex Credential();

    async Task ServeAsync(HttpContext context)
    {
        if (Before is { } before && await before(context))
        {
            return;
        }

        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var host = Credential().Match(context.Request.Headers.Authorization.ToString()).Groups[1].Value;
        S3Trouble? trouble;
        Answer answer;
        lock (_lock)
        {
            trouble = _dead.Contains(host) ? S3Trouble.AnswerLost : Trouble is { } now && now != S3Trouble.HostDies && _random.Next(100) < Percent ? now : null;
            answer = _dead.Contains(host) && _random.Next(2) == 0 ? new(500) : Act(context.Request, body.ToArray(), trouble);
        }

        await AnswerAsync(context, answer, trouble);
    }

    async Task AnswerAsync(HttpContext context, Answer answer, S3Trouble? trouble)
    {
        var cutOff = trouble == S3Trouble.CutOff && context.Request.Method == "GET" && answer.Bytes.Length > 1;
        if (trouble is S3Trouble.AnswerLost or S3Trouble.NeverAnswers || cutOff)
        {
            Interlocked.Increment(ref _troubles);
        }

        if (trouble == S3Trouble.AnswerLost)
        {
            context.Abort();
            return;
        }

        if (trouble == S3Trouble.NeverAnswers)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentLength = answer.Bytes.Length;
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }

        if (context.Request.Method != "HEAD")
        {
            await context.Response.Body.WriteAsync(cutOff ? answer.Bytes.AsMemory(0, answer.Bytes.Length / 2) : answer.Bytes, context.RequestAborted);
        }

        if (cutOff)
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        }
    }

    Answer Act(HttpRequest request, byte[] body, S3Trouble? trouble)
    {
        var (key, query) = (Uri.UnescapeDataString(request.Path.Value!).TrimStart('/')[Bucket.Length..].TrimStart('/'), request.Query);
        var writes = request.Method is "PUT" or "POST";
        var refused = trouble switch
        {
            S3Trouble.Unavailable => Fault(503, "SlowDown"),
            S3Trouble.Precondition when writes => Fault(412, "PreconditionFailed"),
            S3Trouble.ClockSkew => Fault(403, "RequestTimeTooSkewed"),
            _ => null,
        };
        if (refused is not null)
        {
            Interlocked.Increment(ref _troubles);
            return refused;
        }

        var upload = query["uploadId"].ToString();
        return request.Method switch
        {
            "GET" when query.ContainsKey("uploads") => ListUploads(query["prefix"].ToString(), trouble),
            "GET" when key.Length == 0 => List(query["prefix"].ToString(), query["continuation-token"].ToString(), trouble),
            "GET" or "HEAD" => Get(key, request.Headers.Range.ToString()),
            "POST" when query.ContainsKey("uploads") => Begin(key),
            "POST" => End(upload, body, trouble),
            "PUT" when upload.Length > 0 => PutPart(upload, int.Parse(query["partNumber"].ToString(), CultureInfo.InvariantCulture), Source(request) ?? body, Source(request) is not null),
            "PUT" => Put(key, Source(request) ?? body, Source(request) is not null),
            "DELETE" when upload.Length > 0 => _uploads.Remove(upload) ? new(204) : Fault(404, "NoSuchUpload"),
            _ => Delete(key),
        };
    }

    /// <summary>The bytes that a copy is of.</summary>
    byte[]? Source(HttpRequest request)
    {
        if (request.Headers["x-amz-copy-source"].ToString() is not { Length: > 0 } source)
        {
            return null;
        }

        var bytes = _objects[Uri.UnescapeDataString(source).TrimStart('/')[(Bucket.Length + 1)..]].Bytes;
        return request.Headers["x-amz-copy-source-range"].ToString() is { Length: > 0 } range ? Cut(bytes, range).Bytes : bytes;
    }

    Answer Get(string key, string range)
    {
        if (!_objects.TryGetValue(key, out var found))
        {
            return Fault(404, "NoSuchKey");
        }

        var (bytes, from, to) = Cut(found.Bytes, range);
        if (from < 0)
        {
            return Fault(416, "InvalidRange");
        }

        return new(range.Length > 0 ? 206 : 200)
        {
            Bytes = bytes,
            Headers = { ["ETag"] = "\"0\"", ["Last-Modified"] = found.Modified.ToString("R", CultureInfo.InvariantCulture), ["Content-Range"] = $"bytes {from}-{to}/{found.Bytes.Length}" },
        };
    }

    static (byte[] Bytes, int From, int To) Cut(byte[] bytes, string range)
    {
        if (range.Length == 0)
        {
            return (bytes, 0, bytes.Length - 1);
        }

        var ends = range["bytes=".Length..].Split('-');
        if (int.Parse(ends[0], CultureInfo.InvariantCulture) >= bytes.Length)
        {
            return ([], -1, -1);
        }

        var (from, to) = (int.Parse(ends[0], CultureInfo.InvariantCulture), Math.Min(bytes.Length - 1, int.Parse(ends[1], CultureInfo.InvariantCulture)));
        return (bytes[from..(to + 1)], from, to);
    }

    Answer Put(string key, byte[] bytes, bool copied)
    {
        Remember();
        _objects[key] = (bytes, _time.GetUtcNow());
        return copied ? Xml("CopyObjectResult", new XElement(s_s3 + "ETag", "\"0\"")) : Tagged();
    }

    Answer PutPart(string upload, int number, byte[] bytes, bool copied)
    {
        if (!_uploads.TryGetValue(upload, out var found))
        {
            return Fault(404, "NoSuchUpload");
        }

        found.Parts[number] = bytes;
        return copied ? Xml("CopyPartResult", new XElement(s_s3 + "ETag", "\"0\"")) : Tagged();
    }

    Answer Begin(string key)
    {
        Remember();
        var upload = Guid.NewGuid().ToString("n");
        _uploads[upload] = (key, _time.GetUtcNow(), []);
        return Xml("InitiateMultipartUploadResult", new XElement(s_s3 + "Bucket", Bucket), new XElement(s_s3 + "Key", key), new XElement(s_s3 + "UploadId", upload));
    }

    Answer End(string upload, byte[] body, S3Trouble? trouble)
    {
        if (!_uploads.TryGetValue(upload, out var found))
        {
            return Fault(404, "NoSuchUpload");
        }

        Interlocked.Add(ref _troubles, trouble is S3Trouble.ErrorInside or S3Trouble.PartLost ? 1 : 0);
        if (trouble == S3Trouble.ErrorInside && _random.Next(2) == 0)
        {
            return Inside();
        }

        var numbers = XDocument.Parse(System.Text.Encoding.UTF8.GetString(body)).Descendants().Where(static e => e.Name.LocalName == "PartNumber").Select(static e => int.Parse(e.Value, CultureInfo.InvariantCulture)).ToList();
        if (numbers.Exists(number => !found.Parts.ContainsKey(number)) || numbers.SkipLast(1).Any(number => found.Parts[number].Length < 5 * 1024))
        {
            return Fault(400, "InvalidPart");
        }

        if (trouble == S3Trouble.PartLost)
        {
            numbers.RemoveAt(_random.Next(numbers.Count));
        }

        _objects[found.Key] = ([.. numbers.SelectMany(number => found.Parts[number])], _time.GetUtcNow());
        _uploads.Remove(upload);
        return trouble == S3Trouble.ErrorInside ? Inside() : Xml("CompleteMultipartUploadResult", new XElement(s_s3 + "Key", found.Key), new XElement(s_s3 + "ETag", "\"0\""));
    }

    Answer Delete(string key)
    {
        _objects.Remove(key);
        return new(204);
    }

    Answer List(string prefix, string token, S3Trouble? trouble)
    {
        const int Page = 50;
        var keys = Stale(trouble, _objects.Keys, static old => old.Objects).Where(key => key.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(key, token) > 0).Order(StringComparer.Ordinal).ToList();
        var page = keys.Take(Page).ToList();
        return Xml(
            "ListBucketResult",
            [
                new XElement(s_s3 + "IsTruncated", keys.Count > Page),
                .. keys.Count > Page ? [new XElement(s_s3 + "NextContinuationToken", page[^1])] : Array.Empty<XElement>(),
                .. page.Select(key => new XElement(
                    s_s3 + "Contents",
                    new XElement(s_s3 + "Key", key), new XElement(s_s3 + "Size", _objects.TryGetValue(key, out var found) ? found.Bytes.Length : 0),
                    new XElement(s_s3 + "LastModified", (found.Bytes is null ? _time.GetUtcNow() : found.Modified).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)))),
            ]);
    }

    Answer ListUploads(string prefix, S3Trouble? trouble) => Xml(
        "ListMultipartUploadsResult",
        [
            new XElement(s_s3 + "IsTruncated", false),
            .. Stale(trouble, _uploads.Keys, static old => old.Uploads).Where(upload => _uploads.TryGetValue(upload, out var found) && found.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(upload => new XElement(
                s_s3 + "Upload",
                new XElement(s_s3 + "Key", _uploads[upload].Key), new XElement(s_s3 + "UploadId", upload),
                new XElement(s_s3 + "Initiated", _uploads[upload].Begun.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)))),
        ]);

    IEnumerable<string> Stale(S3Trouble? trouble, IEnumerable<string> keys, Func<(string[] Objects, string[] Uploads), string[]> old)
    {
        if (trouble != S3Trouble.StaleList || _old is not { } before)
        {
            return keys.ToList();
        }

        Interlocked.Increment(ref _troubles);
        return old(before);
    }

    /// <summary>What an old list says.</summary>
    void Remember()
    {
        if (_random.Next(8) == 0)
        {
            _old = ([.. _objects.Keys], [.. _uploads.Keys]);
        }
    }

    static Answer Tagged() => new(200) { Headers = { ["ETag"] = "\"0\"" } };

    static Answer Inside() => new(200) { Bytes = FaultBody("InternalError") };

    static Answer Fault(int status, string code) => new(status) { Bytes = FaultBody(code) };

    static byte[] FaultBody(string code) => Bytes(new XElement("Error", new XElement("Code", code), new XElement("Message", code)));

    static Answer Xml(string name, params object[] content) => new(200) { Bytes = Bytes(new XElement(s_s3 + name, content)) };

    static byte[] Bytes(XElement xml) => System.Text.Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml.ToString(SaveOptions.DisableFormatting));

    sealed record Answer(int Status)
    {
        public byte[] Bytes { get; init; } = [];

        public Dictionary<string, string> Headers { get; } = [];
    }
}
