using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Xunit;

namespace Sharing.Testing;

#pragma warning disable CS1591 // the names of the tests say it
#pragma warning disable CA5350 // tus demands SHA-1
public abstract partial class TusSuite
{
    [Theory]
    [InlineData(null)]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("ten")]
    [InlineData("99999999999999999999999")]
    public async Task A_creation_without_a_length_that_is_a_number_is_refused(string? length)
    {
        using var response = await PostAsync(null, length is null ? [] : [("Upload-Length", length)]);
        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.Null(response.Headers.Location);
    }

    [Fact]
    public async Task More_than_the_greatest_size_is_refused()
    {
        using var abilities = await AbilitiesAsync();
        Assert.SkipUnless(Number(abilities, "Tus-Max-Size") is { } and < long.MaxValue, "The server names no greatest size.");
        var most = Number(abilities, "Tus-Max-Size")!.Value;
        using var response = await PostAsync(null, ("Upload-Length", (most + 1).ToString(CultureInfo.InvariantCulture)));
        Is(response, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task What_is_said_of_the_bytes_is_told_as_it_was_said()
    {
        const string Said = "filename d29ybGRfZG9taW5hdGlvbl9wbGFuLnBkZg==,is_confidential";
        var upload = await BeginAsync(10, ("Upload-Metadata", Said));
        using var response = await SendAsync(HttpMethod.Head, upload);
        Assert.Equal(Pairs(Said), Pairs(One(response, "Upload-Metadata")!));

        static IEnumerable<string> Pairs(string header) => header.Split(',').Select(pair => pair.Trim()).Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("name d29ybGQ=,name d29ybGQ=")]
    [InlineData("name not-base64!")]
    [InlineData("name d29ybGQ=,,other")]
    [InlineData("name d29ybGQ= d29ybGQ=")]
    public async Task What_is_said_of_the_bytes_in_no_form_of_tus_is_refused(string said)
    {
        using var response = await PostAsync(null, ("Upload-Length", "10"), ("Upload-Metadata", said));
        Assert.InRange((int)response.StatusCode, 400, 499);
    }

    [Fact]
    public async Task An_upload_of_no_bytes_is_complete_at_once() => await AssertCompleteAsync(await BeginAsync(0), []);

    [Theory]
    [InlineData("creation-defer-length", "Upload-Defer-Length", "1")]
    [InlineData("concatenation", "Upload-Concat", "partial")]
    public async Task What_an_extension_that_is_not_there_would_do_is_refused_and_not_overlooked(string extension, string header, string value)
    {
        Assert.SkipWhen(_extensions.Contains(extension), $"The server has the extension '{extension}'.");
        using var response = await PostAsync(null, (header, value), ("Upload-Length", "10"));
        Assert.InRange((int)response.StatusCode, 400, 499);
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(40_000)]
    public async Task A_creation_may_bring_bytes_and_says_how_many_it_took(int brought)
    {
        Needs("creation-with-upload");
        var bytes = Sample(100_000);
        using var response = await PostAsync(Part(bytes[..brought]), ("Upload-Length", "100000"));
        Is(response, HttpStatusCode.Created);
        Assert.Equal(brought, Number(response, "Upload-Offset"));
        var upload = LocationOf(response);
        if (brought < bytes.Length)
        {
            await AppendAsync(upload, brought, bytes[brought..]);
        }

        await AssertCompleteAsync(upload, bytes);
    }

    [Fact]
    public async Task A_creation_that_brings_bytes_of_another_media_type_or_too_many_is_refused()
    {
        Needs("creation-with-upload");
        using var other = await PostAsync(Part(Sample(10), "text/plain"), ("Upload-Length", "10"));
        Is(other, HttpStatusCode.UnsupportedMediaType);
        using var tooMany = await PostAsync(Part(Sample(11)), ("Upload-Length", "10"));
        Assert.InRange((int)tooMany.StatusCode, 400, 499);
    }

    [Fact]
    public async Task What_was_given_up_is_gone()
    {
        Needs("termination");
        foreach (var length in new[] { 50, 100 })
        {
            var upload = await BeginAsync(100);
            await AppendAsync(upload, 0, Sample(length));
            using (var response = await SendAsync(HttpMethod.Delete, upload))
            {
                Is(response, HttpStatusCode.NoContent);
            }

            await AssertGoneAsync(upload);
            using var patch = await PatchAsync(upload, 50, Sample(50));
            Is(patch, HttpStatusCode.NotFound, HttpStatusCode.Gone);
            using var again = await SendAsync(HttpMethod.Delete, upload);
            Is(again, HttpStatusCode.NotFound, HttpStatusCode.Gone);
        }
    }

    [Fact]
    public async Task Parts_that_fit_their_checksum_are_taken()
    {
        Needs("checksum");
        using var abilities = await AbilitiesAsync();
        var algorithms = One(abilities, "Tus-Checksum-Algorithm")!.Split(',', StringSplitOptions.TrimEntries);
        Assert.Contains("sha1", algorithms);
        var bytes = Sample(200_000);
        foreach (var algorithm in algorithms.Where(algorithm => HashOf(algorithm, []) is not null))
        {
            var upload = await BeginAsync(bytes.Length);
            await AppendAsync(upload, 0, bytes[..70_000], ("Upload-Checksum", HashOf(algorithm, bytes[..70_000])!));
            await AppendAsync(upload, 70_000, bytes[70_000..], ("Upload-Checksum", HashOf(algorithm, bytes[70_000..])!));
            await AssertCompleteAsync(upload, bytes);
        }
    }

    [Fact]
    public async Task A_part_that_does_not_fit_its_checksum_does_not_count()
    {
        Needs("checksum");
        var bytes = Sample(200_000);
        var upload = await BeginAsync(bytes.Length);
        foreach (var offset in new[] { 0, 70_000 })
        {
            var part = offset == 0 ? bytes[..70_000] : bytes[70_000..];
            using (var response = await PatchAsync(upload, offset, Sample(part.Length, 9), ("Upload-Checksum", HashOf("sha1", part)!)))
            {
                Is(response, (HttpStatusCode)460);
            }

            Assert.Equal(offset, await OffsetAsync(upload));
            await AppendAsync(upload, offset, part, ("Upload-Checksum", HashOf("sha1", part)!));
        }

        await AssertCompleteAsync(upload, bytes);
    }

    [Theory]
    [InlineData("md77 AAAAAAAAAAAAAAAAAAAAAA==")]
    [InlineData("sha1")]
    [InlineData("sha1 not-base64!")]
    [InlineData("sha1 AAAA")]
    public async Task A_checksum_that_cannot_be_looked_at_is_refused_and_the_part_does_not_count(string checksum)
    {
        Needs("checksum");
        var upload = await BeginAsync(10);
        using var response = await PatchAsync(upload, 0, Sample(10), ("Upload-Checksum", checksum));
        Is(response, HttpStatusCode.BadRequest);
        Assert.Equal(0, await OffsetAsync(upload));
    }

    [Fact]
    public async Task A_part_with_a_checksum_that_broke_off_does_not_count()
    {
        Needs("checksum");
        var bytes = Sample(200_000);
        var upload = await BeginAsync(bytes.Length);
        await Assert.ThrowsAnyAsync<Exception>(async () => await SendAsync(
            HttpMethod.Patch, upload, new Chunked(bytes[..150_000], bytes.Length), Version, ("Upload-Offset", "0"), ("Upload-Checksum", HashOf("sha1", bytes)!)));
        Assert.Equal(0, await OffsetAsync(upload));
    }

    [Fact]
    public async Task When_an_upload_expires_is_said_at_its_creation_and_with_every_part_that_leaves_something_to_come()
    {
        Needs("expiration");
        using var created = await PostAsync(null, ("Upload-Length", "10"));
        AssertExpires(created);
        using var appended = await PatchAsync(LocationOf(created), 0, Sample(5));
        AssertExpires(appended);

        static void AssertExpires(HttpResponseMessage response) => Assert.True(
            DateTimeOffset.TryParseExact(One(response, "Upload-Expires"), "R", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
    }

    static string? HashOf(string algorithm, byte[] bytes) => algorithm switch
    {
        "sha1" => "sha1 " + Convert.ToBase64String(SHA1.HashData(bytes)),
        "sha256" => "sha256 " + Convert.ToBase64String(SHA256.HashData(bytes)),
        "blake3" => "blake3 " + Convert.ToBase64String(Hash(bytes)),
        _ => null,
    };

    static byte[] Hash(byte[] bytes)
    {
        var hash = new byte[Core.Blake3.HashSize];
        Core.Blake3.Hash(bytes, hash);
        return hash;
    }
}
