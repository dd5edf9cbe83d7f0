using System.Net;
using Xunit;

namespace Sharing.Testing;

#pragma warning disable CS1591 // the names of the tests say it
public abstract partial class TusSuite
{
    [Fact]
    public async Task The_server_says_which_versions_it_speaks_whatever_version_asks()
    {
        foreach (var version in new[] { null, Version, "0.2.2" })
        {
            using var response = await AbilitiesAsync(version);
            Is(response, HttpStatusCode.NoContent, HttpStatusCode.OK);
            Assert.Contains(Version, One(response, "Tus-Version")!.Split(',', StringSplitOptions.TrimEntries));
            Assert.Contains("creation", (One(response, "Tus-Extension") ?? "").Split(',', StringSplitOptions.TrimEntries));
            Assert.True(Number(response, "Tus-Max-Size") is null or >= 0);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0.2.2")]
    [InlineData("1.0.1")]
    public async Task Another_version_is_refused_with_those_that_are_spoken_and_nothing_is_done(string? version)
    {
        var upload = await BeginAsync(10);
        HttpResponseMessage[] refused =
        [
            await SendAsync(HttpMethod.Post, _server.Endpoint, null, version, ("Upload-Length", "10")),
            await SendAsync(HttpMethod.Head, upload, null, version),
            await SendAsync(HttpMethod.Patch, upload, Part(Sample(10)), version, ("Upload-Offset", "0")),
            .. _extensions.Contains("termination") ? [await SendAsync(HttpMethod.Delete, upload, null, version)] : Array.Empty<HttpResponseMessage>(),
        ];
        foreach (var response in refused)
        {
            Is(response, HttpStatusCode.PreconditionFailed);
            Assert.Contains(Version, One(response, "Tus-Version")!.Split(',', StringSplitOptions.TrimEntries));
            Assert.Null(response.Headers.Location);
            response.Dispose();
        }

        Assert.Equal(0, await OffsetAsync(upload));
    }

    [Fact]
    public async Task A_new_upload_stands_at_0_says_its_length_and_is_left_to_no_cache()
    {
        var upload = await BeginAsync(100);
        using var response = await SendAsync(HttpMethod.Head, upload);
        Is(response, HttpStatusCode.OK, HttpStatusCode.NoContent);
        Assert.Equal((0, 100), (Number(response, "Upload-Offset"), Number(response, "Upload-Length")));
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task What_is_not_there_has_no_offset()
    {
        var upload = await BeginAsync(10);
        var text = upload.ToString();
        await AssertGoneAsync(new(text[..^1] + (text[^1] == '0' ? '1' : '0')));
        using var response = await PatchAsync(new(text + "x"), 0, Sample(10));
        Is(response, HttpStatusCode.NotFound, HttpStatusCode.Gone, HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(65_536, 65_536)]
    [InlineData(65_537, 65_536)]
    [InlineData(300_000, 7_001)]
    [InlineData(1_000_000, 1_000_000)]
    [InlineData(1_000_003, 131_072)]
    public async Task Parts_are_appended_where_the_upload_stands_until_it_is_complete(int length, int part)
    {
        var bytes = Sample(length);
        var upload = await BeginAsync(length);
        for (var offset = 0; offset < length; offset += part)
        {
            await AppendAsync(upload, offset, bytes[offset..Math.Min(length, offset + part)]);
            Assert.Equal(Math.Min(length, offset + part), await OffsetAsync(upload));
        }

        await AssertCompleteAsync(upload, bytes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/octet-stream")]
    [InlineData("application/json")]
    public async Task A_part_of_another_media_type_is_refused_and_changes_nothing(string? type)
    {
        var upload = await BeginAsync(10);
        using var response = await SendAsync(HttpMethod.Patch, upload, Part(Sample(10), type), Version, ("Upload-Offset", "0"));
        Is(response, HttpStatusCode.UnsupportedMediaType);
        Assert.Equal(0, await OffsetAsync(upload));
    }

    [Fact]
    public async Task A_part_that_begins_elsewhere_is_a_conflict_and_changes_nothing()
    {
        var bytes = Sample(100);
        var upload = await BeginAsync(100);
        await AppendAsync(upload, 0, bytes[..50]);
        foreach (var offset in new[] { 0, 49, 51, 100, 1000 })
        {
            using var response = await PatchAsync(upload, offset, Sample(10, 9));
            Is(response, HttpStatusCode.Conflict);
            Assert.Equal(50, await OffsetAsync(upload));
        }

        await AppendAsync(upload, 50, bytes[50..]);
        await AssertCompleteAsync(upload, bytes);
        using var again = await PatchAsync(upload, 50, bytes[50..]);
        Is(again, HttpStatusCode.Conflict);
        await AssertCompleteAsync(upload, bytes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("-1")]
    [InlineData("x")]
    public async Task An_offset_that_is_no_number_is_refused(string? offset)
    {
        var upload = await BeginAsync(10);
        using var response = await SendAsync(HttpMethod.Patch, upload, Part(Sample(10)), Version, offset is null ? [] : [("Upload-Offset", offset)]);
        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.Equal(0, await OffsetAsync(upload));
    }

    [Fact]
    public async Task More_bytes_than_the_upload_has_are_refused()
    {
        var bytes = Sample(100);
        var upload = await BeginAsync(100);
        await AppendAsync(upload, 0, bytes[..60]);
        using var response = await PatchAsync(upload, 60, Sample(41, 9));
        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.Equal(60, await OffsetAsync(upload));
        await AppendAsync(upload, 60, bytes[60..]);
        await AssertCompleteAsync(upload, bytes);
    }

    [Fact]
    public async Task A_part_whose_length_is_not_said_is_taken_and_refused_where_it_goes_on_too_long()
    {
        var bytes = Sample(200_000);
        var upload = await BeginAsync(bytes.Length);
        using (var first = await SendAsync(HttpMethod.Patch, upload, new Chunked(bytes[..100_000]), Version, ("Upload-Offset", "0")))
        {
            Is(first, HttpStatusCode.NoContent);
        }

        using (var tooLong = await SendAsync(HttpMethod.Patch, upload, new Chunked([.. bytes[100_000..], 1]), Version, ("Upload-Offset", "100000")))
        {
            Assert.InRange((int)tooLong.StatusCode, 400, 499);
        }

        var stands = (int)await OffsetAsync(upload);
        Assert.InRange(stands, 100_000, 199_999);
        await AppendAsync(upload, stands, bytes[stands..]);
        await AssertCompleteAsync(upload, bytes);
    }

    [Fact]
    public async Task After_a_part_broke_off_the_upload_goes_on_from_where_it_stands()
    {
        var bytes = Sample(400_000);
        var upload = await BeginAsync(bytes.Length);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
            await SendAsync(HttpMethod.Patch, upload, new Chunked(bytes[..250_000], bytes.Length), Version, ("Upload-Offset", "0")));
        var stands = (int)await OffsetAsync(upload);
        Assert.InRange(stands, 0, 250_000);
        await AppendAsync(upload, stands, bytes[stands..]);
        await AssertCompleteAsync(upload, bytes);
    }

    [Fact]
    public async Task Parts_that_race_for_one_offset_leave_one_of_them_whole_or_in_part_and_never_a_mixture()
    {
        var bytes = Sample(500_000);
        var upload = await BeginAsync(bytes.Length);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                using var response = await PatchAsync(upload, 0, bytes);
                return (int)response.StatusCode;
            }
            catch (HttpRequestException)
            {
                return 0; // displaced
            }
        }));
        Assert.All(answers, status => Assert.Contains(status, (int[])[0, 204, 400, 409, 423]));
        var stands = (int)await OffsetAsync(upload);
        if (stands < bytes.Length)
        {
            await AppendAsync(upload, stands, bytes[stands..]);
        }

        await AssertCompleteAsync(upload, bytes);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task The_method_named_in_a_header_counts_and_not_the_one_it_is_sent_by(string sent)
    {
        var bytes = Sample(10);
        var upload = await BeginAsync(10);
        var method = new HttpMethod(sent);
        using (var response = await SendAsync(method, upload, Part(bytes), Version, ("Upload-Offset", "0"), ("X-HTTP-Method-Override", "PATCH")))
        {
            Is(response, HttpStatusCode.NoContent);
            Assert.Equal(10, Number(response, "Upload-Offset"));
        }

        using (var response = await SendAsync(method, upload, null, Version, ("X-HTTP-Method-Override", "HEAD")))
        {
            Assert.Equal(10, Number(response, "Upload-Offset"));
        }

        await AssertCompleteAsync(upload, bytes);
    }

    /// <summary>Sends bytes without their length, or, where more are announced, breaks off.</summary>
    sealed class Chunked : HttpContent
    {
        readonly byte[] _bytes;
        readonly int? _announced;

        public Chunked(byte[] bytes, int? announced = null)
        {
            (_bytes, _announced) = (bytes, announced);
            Headers.ContentType = new(Bytes);
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_bytes, Cancel);
            await stream.FlushAsync(Cancel);
            if (_announced is not null)
            {
                throw new IOException("It breaks off.");
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _announced ?? 0;
            return _announced is not null;
        }
    }
}
