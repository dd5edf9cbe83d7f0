using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sharing.Core;
using Sharing.Tests.Fetching;
using static Sharing.Trials.Scripted.Samples;

namespace Sharing.Tests.Routes;

/// <summary>Origins that say what is not so.</summary>
public sealed partial class HttpOriginTests
{
    /// <summary>A part that says nothing certain is not taken: the whole is asked for, which shows its version, and what is there is passed over.</summary>
    [Theory]
    [InlineData("other start")]
    [InlineData("other total")]
    [InlineData("other end")]
    [InlineData("no total")]
    [InlineData("no version")]
    [InlineData("whole")]
    [InlineData("416")]
    [InlineData("several")]
    public async Task An_origin_that_answers_a_range_with_something_else_is_asked_for_the_whole(string lie)
    {
        var cut = CutOnceAt((20 * Group) + 9);
        var origin = await ServeAsync(async (context, bytes) =>
        {
            await cut(context, bytes);
            if (!context.Response.HasStarted && context.Request.Headers.ContainsKey("Range"))
            {
                await LieAsync(context, lie);
            }
        });
        Assert.Equal(_bytes, await _bench.RunAsync(origin));
        Assert.InRange(Server.Requests.Count, 2, 3);
        Assert.False(lie != "whole" && Server.Requests.Last().Headers.ContainsKey("Range"));
    }

    /// <summary>Of unknown length, the end of a part is not the end of the whole.</summary>
    [Fact]
    public async Task The_end_of_a_part_of_unknown_length_is_not_taken_for_the_end_of_the_resource()
    {
        var first = true;
        var origin = await ServeAsync(async (context, _) =>
        {
            if (first || context.Request.Headers.ContainsKey("Range"))
            {
                context.Response.Headers.ETag = _tag;
                var from = first ? 0 : FromOf(context);
                (context.Response.StatusCode, context.Response.Headers.ContentRange) = first ? (200, default) : (206, $"bytes {from}-{from + 99}/*");
                await context.Response.Body.WriteAsync(_bytes.AsMemory(from, first ? 20 * Group : 100));
                await context.Response.Body.FlushAsync();
                if (first)
                {
                    first = false;
                    await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
                    context.Abort();
                }
            }
        });
        Assert.Equal(_bytes, await _bench.RunAsync(origin));
    }

    /// <summary>That a range cannot be had says where the resource ends only if it says so, of the same version.</summary>
    [Theory]
    [InlineData("bytes */{length}", FirstTag)]
    [InlineData("bytes */{from}", "\"other\"")]
    [InlineData("bytes */{from}", null)]
    [InlineData("", FirstTag)]
    public async Task A_range_that_is_refused_is_not_taken_for_the_end_of_a_resource_of_unknown_length(string range, string? tag)
    {
        var first = true;
        var origin = await ServeAsync(async (context, _) =>
        {
            context.Response.Headers.ETag = _tag;
            if (context.Request.Headers.ContainsKey("Range"))
            {
                context.Response.StatusCode = 416;
                context.Response.Headers.ETag = tag;
                context.Response.Headers.ContentRange = range.Replace("{length}", $"{_bytes.Length}", StringComparison.Ordinal)
                    .Replace("{from}", $"{FromOf(context)}", StringComparison.Ordinal);
                await context.Response.CompleteAsync();
                return;
            }

            await context.Response.Body.WriteAsync(_bytes.AsMemory(0, first ? 20 * Group : _bytes.Length));
            await context.Response.Body.FlushAsync();
            if (first)
            {
                first = false;
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
                context.Abort();
            }
        });
        Assert.Equal(_bytes, await _bench.RunAsync(origin));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20 * Group)]
    public async Task Encoded_bytes_are_not_taken_for_the_resource(int offset)
    {
        var origin = await ServeAsync(async (context, _) =>
        {
            context.Response.Headers.ETag = _tag;
            context.Response.Headers.ContentEncoding = "gzip";
            if (offset > 0)
            {
                (context.Response.StatusCode, context.Response.Headers.ContentRange) = (206, $"bytes {offset}-{_bytes.Length - 1}/{_bytes.Length}");
            }

            await using var zip = new System.IO.Compression.GZipStream(context.Response.Body, System.IO.Compression.CompressionLevel.Fastest);
            await zip.WriteAsync(_bytes.AsMemory(offset));
        });
        var fault = await Assert.ThrowsAsync<SharingException>(() => origin.OpenAsync(offset, _tag, TestContext.Current.CancellationToken).AsTask());
        Assert.Equal(ProblemCodes.FetchFailed, fault.Code);
    }

    /// <summary>What is passed through to a plain client begins where the resource begins.</summary>
    [Theory]
    [InlineData("bytes 100-{last}/{length}")]
    [InlineData("bytes 0-{last}/*")]
    public async Task A_part_is_not_taken_for_the_whole(string range)
    {
        var origin = await ServeAsync(async (context, _) =>
        {
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = range.Replace("{last}", $"{_bytes.Length - 1}", StringComparison.Ordinal)
                .Replace("{length}", $"{_bytes.Length}", StringComparison.Ordinal);
            await context.Response.Body.WriteAsync(_bytes.AsMemory(100));
        });
        var fault = await Assert.ThrowsAsync<SharingException>(() => origin.OpenAsync(0, null, TestContext.Current.CancellationToken).AsTask());
        Assert.Equal(ProblemCodes.FetchFailed, fault.Code);
    }

    /// <summary>Beside a weak entity tag a date of last change is no condition (RFC 9110, 13.1.5): the tag tells versions apart that the date does not.</summary>
    [Fact]
    public async Task Versions_with_weak_entity_tags_and_the_same_date_are_not_spliced()
    {
        var now = Random(2, _bytes.Length);
        _tag = "W/\"one\"";
        var first = true;
        var origin = await ServeAsync(async (context, bytes) =>
        {
            context.Response.Headers.LastModified = "Wed, 01 Jan 2025 00:00:00 GMT";
            if (first)
            {
                first = false;
                (context.Response.ContentLength, context.Response.Headers.ETag) = (bytes.Length, _tag);
                await context.Response.Body.WriteAsync(bytes.AsMemory(0, 20 * Group));
                await context.Response.Body.FlushAsync();
                (_bytes, _tag) = (now, "W/\"two\"");
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
                context.Abort();
            }
            else if (context.Request.Headers.ContainsKey("Range"))
            {
                var from = FromOf(context);
                (context.Response.StatusCode, context.Response.Headers.ETag) = (206, _tag);
                context.Response.Headers.ContentRange = $"bytes {from}-{_bytes.Length - 1}/{_bytes.Length}";
                await context.Response.Body.WriteAsync(_bytes.AsMemory(from));
            }
        });
        Assert.Equal(now, await _bench.RunAsync(origin));
        Assert.DoesNotContain(Server.Requests, request => request.Headers.ContainsKey("If-Range"));
    }

    /// <summary>Entity tags of two origins say nothing of each other (RFC 9110, 8.8.3).</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_origin_that_leads_to_another_one_in_the_middle_is_not_spliced_with_it_though_both_say_the_same_entity_tag(bool same)
    {
        var theirs = same ? _bytes : Random(2, _bytes.Length);
        await using var other = await LoopbackServer.StartAsync(context => Results.Bytes(
            theirs, "video/mp4", entityTag: EntityTagHeaderValue.Parse(FirstTag), enableRangeProcessing: true).ExecuteAsync(context));
        var cut = CutOnceAt((20 * Group) + 9);
        var origin = await ServeAsync(async (context, bytes) =>
        {
            await cut(context, bytes);
            if (!context.Response.HasStarted)
            {
                (context.Response.StatusCode, context.Response.Headers.Location) = (302, other.Address + "/film.mp4");
                await context.Response.CompleteAsync();
            }
        });
        Assert.Equal(theirs, await _bench.RunAsync(origin));
        Assert.Equal(FirstTag, other.Requests.First().Headers["If-Range"]);
    }

    async Task LieAsync(HttpContext context, string lie)
    {
        var from = FromOf(context);
        var (last, total) = (_bytes.Length - 1, _bytes.Length);
        context.Response.Headers.ETag = lie == "no version" ? default : _tag;
        context.Response.ContentLength = lie == "whole" ? total : total - from;
        context.Response.StatusCode = lie switch { "whole" => 200, "416" => 416, _ => 206 };
        context.Response.Headers.ContentRange = lie switch
        {
            "other start" => $"bytes {from + Group}-{last}/{total}",
            "other total" => $"bytes {from}-{last - 1}/{total - 1}",
            "other end" => $"bytes {from}-{last - 1}/{total}",
            "no total" => $"bytes {from}-{last}/*",
            "416" => $"bytes */{total}",
            "several" or "whole" => default,
            _ => $"bytes {from}-{last}/{total}",
        };
        await context.Response.Body.WriteAsync(_bytes.AsMemory(lie == "whole" ? 0 : from));
    }

    static int FromOf(HttpContext context) => (int)RangeHeaderValue.Parse(context.Request.Headers.Range.ToString()).Ranges.Single().From!;
}
