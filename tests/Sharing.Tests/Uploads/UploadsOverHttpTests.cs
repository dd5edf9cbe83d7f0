using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sharing.Core;
using Sharing.Tests.Http;

namespace Sharing.Tests.Uploads;

/// <summary>Uploads over a real Kestrel, as far as tus itself does not say what must be.</summary>
public sealed class UploadsOverHttpTests : IAsyncLifetime
{
    UploadHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await UploadHost.InMemoryAsync(
        sharing => sharing.WithUploads(uploads => (uploads.SpacePerPerson, uploads.MaxLength) = (10_000_000, 20_000_000)));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_abilities_are_said()
    {
        using var response = await SendAsync("OPTIONS", _host.Endpoint);
        string One(string header) => response.Headers.GetValues(header).Single();
        Assert.Equal(
            ("1.0.0", "creation,creation-with-upload,termination,checksum,expiration", "20000000", "sha1,sha256,blake3"),
            (One("Tus-Version"), One("Tus-Extension"), One("Tus-Max-Size"), One("Tus-Checksum-Algorithm")));
    }

    [Fact]
    public async Task An_upload_goes_far_beyond_the_limit_of_the_web_server_and_is_called_by_its_system()
    {
        var bytes = UploadBench.Sample(5_000_000);
        var upload = await CreateAsync(bytes.Length);
        using var response = await PatchAsync(upload, 0, bytes);
        Assert.Equal(204, (int)response.StatusCode);
        var hash = new byte[Blake3.HashSize];
        Blake3.Hash(bytes, hash);
        Assert.Equal(new ContentId(hash).ToString(), response.Headers.GetValues("Upload-Result").Single());
        Assert.Equal(bytes, await _host.BytesOfAsync(upload));
    }

    [Fact]
    public async Task Every_refusal_is_a_problem_with_its_code()
    {
        var upload = await CreateAsync(1000);
        (HttpResponseMessage Response, int Status, string Code)[] refusals =
        [
            (await PatchAsync(upload, 5, [1]), 409, ProblemCodes.WrongOffset),
            (await PatchAsync(upload, 0, new byte[1001]), 413, ProblemCodes.TooLarge),
            (await PatchAsync(upload, 0, [1], ("Upload-Checksum", "sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA=")), 460, ProblemCodes.ChecksumMismatch),
            (await PatchAsync(upload, 0, [1], ("Upload-Checksum", "crc AAAA")), 400, ProblemCodes.InvalidInput),
            (await SendAsync("PATCH", upload, new StringContent("x"), ("Upload-Offset", "0")), 415, ProblemCodes.UnsupportedMediaType),
            (await SendAsync("PATCH", upload, null, ("Tus-Resumable", "0.1")), 412, ProblemCodes.PreconditionFailed),
            (await SendAsync("POST", _host.Endpoint, null, ("Upload-Length", "20000001")), 413, ProblemCodes.TooLarge),
            (await SendAsync("POST", _host.Endpoint, null, ("Upload-Length", "10000000")), 507, ProblemCodes.QuotaExceeded),
            (await SendAsync("POST", _host.Endpoint, null, ("Upload-Length", "1"), ("Upload-Metadata", "forbidden Tm8=")), 403, ProblemCodes.NotAllowed),
            (await SendAsync("POST", _host.Endpoint, null, ("Upload-Defer-Length", "1")), 400, ProblemCodes.InvalidInput),
            (await SendAsync("POST", _host.Endpoint, null, ("Upload-Concat", "partial"), ("Upload-Length", "1")), 400, ProblemCodes.InvalidInput),
            (await SendAsync("POST", new(_host.Address, "v1/uploads/nothing"), null, ("Upload-Length", "1")), 404, ProblemCodes.NotFound),
            (await SendAsync("GET", upload), 404, ProblemCodes.NotFound),
        ];
        foreach (var (response, status, code) in refusals)
        {
            Assert.Equal(status, (int)response.StatusCode);
            ProblemAssert.IsProblem(await response.Content.ReadAsStringAsync(), status, code, code);
            response.Dispose();
        }

        Assert.Equal(1000, await _host.Get<SpaceLedger>().UsedAsync(UploadHost.Anna));
    }

    [Fact]
    public async Task A_creation_whose_bytes_are_refused_leaves_nothing_behind()
    {
        using var content = new ByteArrayContent([1, 2, 3]);
        content.Headers.ContentType = new("application/offset+octet-stream");
        using var response = await SendAsync("POST", _host.Endpoint, content, ("Upload-Length", "3"), ("Upload-Checksum", "sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        Assert.Equal(460, (int)response.StatusCode);
        Assert.Equal(0, await _host.Get<SpaceLedger>().UsedAsync(UploadHost.Anna));
    }

    [Fact]
    public async Task The_address_is_whole_and_right_behind_a_path_base()
    {
        await using var host = await UploadHost.InMemoryAsync(pathBase: "/deep/in");
        using var response = await host.Http.SendAsync(RequestOf("POST", new(host.Address, "deep/in/v1/uploads/things/"), null, ("Upload-Length", "5")));
        Assert.Equal(201, (int)response.StatusCode);
        Assert.Matches($"^{host.Address}deep/in/v1/uploads/things/[0-9a-f]{{32}}$", response.Headers.Location!.OriginalString);
        using var head = await host.Http.SendAsync(RequestOf("HEAD", response.Headers.Location, null));
        Assert.Equal(200, (int)head.StatusCode);
    }

    [Fact(Timeout = 100_000)]
    public async Task A_half_open_socket_does_not_hold_an_upload()
    {
        var bytes = UploadBench.Sample(1_000_000);
        var upload = await CreateAsync(bytes.Length);
        var (silent, offset) = await DisplacedAsync(upload, bytes.Length, bytes[..300_000]);
        using var response = await PatchAsync(upload, offset, bytes[(int)offset..]);
        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal(bytes, await _host.BytesOfAsync(upload));
        silent.Dispose();
    }

    [Fact(Timeout = 100_000)]
    public async Task The_one_displaced_is_told_so()
    {
        var upload = await CreateAsync(1000);
        var (silent, offset) = await DisplacedAsync(upload, 1000, new byte[10]);
        Assert.Equal(10, offset);
        var buffer = new byte[4096];
        var read = await silent.ReceiveAsync(buffer);
        var answer = Encoding.ASCII.GetString(buffer, 0, read);
        Assert.StartsWith("HTTP/1.1 409", answer);
        Assert.Matches($"{ProblemCodes.UploadInterrupted}|{ProblemCodes.WrongOffset}", answer); // the latter where one given up before it came late
        silent.Dispose();
    }

    [Fact]
    public async Task Pages_of_other_sites_read_the_headers_where_the_hosts_policy_lets_them_ask_and_change_nothing_with_a_cookie()
    {
        await using var host = await UploadHost.InMemoryAsync(site: "https://other.example");
        using (var preflight = await host.Http.SendAsync(RequestOf(
            "OPTIONS", host.Endpoint, null, ("Origin", "https://other.example"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "tus-resumable,upload-length"))))
        {
            Assert.Equal("https://other.example", preflight.Headers.GetValues("Access-Control-Allow-Origin").Single());
        }

        using (var created = await host.Http.SendAsync(RequestOf("POST", host.Endpoint, null, ("Origin", "https://other.example"), ("Sec-Fetch-Site", "cross-site"), ("Upload-Length", "5"))))
        {
            Assert.Equal("https://other.example", created.Headers.GetValues("Access-Control-Allow-Origin").Single());
            var exposed = string.Join(",", created.Headers.GetValues("Access-Control-Expose-Headers"));
            Assert.All(["Location", "Upload-Offset", "Upload-Length", "Tus-Resumable", "Upload-Result"], header => Assert.Contains(header, exposed));
        }

        host.Http.DefaultRequestHeaders.Authorization = null;
        foreach (var (method, named) in new[] { ("POST", ""), ("GET", "POST"), ("OPTIONS", "POST") })
        {
            using var request = RequestOf(method, host.Endpoint, null, ("Sec-Fetch-Site", "cross-site"), ("Upload-Length", "5"));
            if (named.Length > 0)
            {
                request.Headers.Add("X-HTTP-Method-Override", named);
            }

            using var refused = await host.Http.SendAsync(request);
            Assert.Equal(403, (int)refused.StatusCode);
        }
    }

    [Fact]
    public async Task What_has_expired_is_told_to_its_owner_alone()
    {
        var clock = new Testing.FakeTimeProvider();
        await using var host = await UploadHost.InMemoryAsync(services: services => services.Add(new(typeof(TimeProvider), clock)));
        using var created = await host.Http.SendAsync(RequestOf("POST", host.Endpoint, null, ("Upload-Length", "5")));
        clock.SetWallClock(clock.GetUtcNow() + TimeSpan.FromDays(8));
        using var own = await host.Http.SendAsync(RequestOf("PATCH", created.Headers.Location!, Bytes([1]), ("Upload-Offset", "0")));
        Assert.Equal(410, (int)own.StatusCode);
        ProblemAssert.IsProblem(await own.Content.ReadAsStringAsync(), 410, "expired", ProblemCodes.UploadExpired);
        host.Http.DefaultRequestHeaders.Authorization = new("Bearer", "ben");
        using var another = await host.Http.SendAsync(RequestOf("PATCH", created.Headers.Location!, Bytes([1]), ("Upload-Offset", "0")));
        Assert.Equal(404, (int)another.StatusCode);
    }

    [Fact]
    public void Two_receivers_for_one_purpose_are_refused_naming_both()
    {
        var bench = new UploadBench();
        var both = Assert.Throws<InvalidOperationException>(() => new Core.Uploads(
            bench.Records, bench.Store, bench.Space, [bench.Things, new Child.KeptThings(bench.References)], Microsoft.Extensions.Options.Options.Create(bench.Options), bench.Clock));
        Assert.Contains(nameof(Child.KeptThings), both.Message, StringComparison.Ordinal);
    }

    static ByteArrayContent Bytes(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new("application/offset+octet-stream");
        return content;
    }

    static HttpRequestMessage RequestOf(string method, Uri address, HttpContent? content, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), address) { Content = content };
        foreach (var (name, value) in headers.Any(header => header.Name == "Tus-Resumable") ? headers : [("Tus-Resumable", "1.0.0"), .. headers])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    Task<HttpResponseMessage> SendAsync(string method, Uri address, HttpContent? content = null, params (string Name, string Value)[] headers) =>
        _host.Http.SendAsync(RequestOf(method, address, content, headers));

    Task<HttpResponseMessage> PatchAsync(Uri upload, long offset, byte[] bytes, params (string Name, string Value)[] headers) =>
        SendAsync("PATCH", upload, Bytes(bytes), [("Upload-Offset", offset.ToString(CultureInfo.InvariantCulture)), .. headers]);

    async Task<Uri> CreateAsync(long length)
    {
        using var response = await SendAsync("POST", _host.Endpoint, null, ("Upload-Length", length.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return response.Headers.Location!;
    }

    /// <summary>A PATCH that was silent after some bytes, until a HEAD displaced it; and where the upload stands now.</summary>
    async Task<(Socket Silent, long Offset)> DisplacedAsync(Uri upload, long length, byte[] bytes)
    {
        while (true)
        {
            var silent = await OpenAsync(upload, 0, length, bytes);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            using var head = await SendAsync("HEAD", upload);
            if (long.Parse(head.Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture) is var offset and > 0)
            {
                return (silent, offset);
            }

            silent.Dispose(); // the HEAD came before a byte was read
        }
    }

    /// <summary>Begins a PATCH on a socket of its own, and is silent after some bytes.</summary>
    static async Task<Socket> OpenAsync(Uri upload, long offset, long length, byte[] bytes)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, upload.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"PATCH {upload.AbsolutePath} HTTP/1.1\r\nHost: {upload.Authority}\r\nAuthorization: Bearer anna\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: {offset}\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: {length}\r\n\r\n")));
        await socket.SendAsync(bytes);
        return socket;
    }
}
