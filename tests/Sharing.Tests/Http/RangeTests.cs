using Sharing.Offline;

namespace Sharing.Tests.Http;

/// <summary>Ranges as real clients ask for them (RFC 9110, 14).</summary>
public sealed class RangeTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    const int Length = 200_000;

    [Theory]
    [Trait("Row", "R7")]
    [InlineData("bytes=0-9", 206, "bytes 0-9/200000")]
    [InlineData("bytes=199990-", 206, "bytes 199990-199999/200000")]
    [InlineData("bytes=-5", 206, "bytes 199995-199999/200000")]
    [InlineData("bytes=5-9999999999", 206, "bytes 5-199999/200000")]
    [InlineData("bytes=-9999999999", 206, "bytes 0-199999/200000")]
    [InlineData("bytes=200000-", 416, "bytes */200000")]
    [InlineData("bytes=999999999999-", 416, "bytes */200000")]
    [InlineData("bytes=-0", 416, "bytes */200000")]
    [InlineData("bytes=9-5", 200, null)]
    [InlineData("bytes=a-b", 200, null)]
    [InlineData("bytes=", 200, null)]
    [InlineData("bytes", 200, null)]
    [InlineData("pages=0-5", 200, null)]
    [InlineData("bytes=0-1,5-6", 200, null)]
    [InlineData("bytes=99999999999999999999-", 200, null)]
    public async Task A_range_is_served_or_passed_over_or_refused(string range, int status, string? contentRange)
    {
        var post = await StoredAsync();
        foreach (var path in new[] { $"d/{post}", $"v1/posts/{post}/content" })
        {
            var answer = await Curl.RunAsync(null, "-H", $"Range: {range}", server.Address + path);
            Assert.Equal(status, answer.Status);
            Assert.Equal(contentRange, answer.Headers.GetValueOrDefault("Content-Range"));
            Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
            if (status == 416)
            {
                Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
                Assert.False(answer.Headers.ContainsKey("Content-Disposition"));
                ProblemAssert.IsProblem(answer.Body, 416, range, ProblemCodes.RangeNotSatisfiable);
            }
            else
            {
                Assert.Equal(status == 200 ? Length : int.Parse(answer.Headers["Content-Length"], System.Globalization.CultureInfo.InvariantCulture), answer.Body.Length);
            }
        }
    }

    [Fact]
    [Trait("Row", "R7")]
    public async Task A_range_of_another_version_is_answered_with_the_whole()
    {
        var post = await StoredAsync();
        var whole = await Curl.RunAsync(null, server.Address + $"d/{post}");
        foreach (var (tag, status) in new[] { (whole.Headers["ETag"], 206), ("\"" + new string('0', 64) + "\"", 200), ("W/" + whole.Headers["ETag"], 200) })
        {
            var answer = await Curl.RunAsync(null, "-H", "Range: bytes=5-9", "-H", $"If-Range: {tag}", server.Address + $"d/{post}");
            Assert.Equal((status, status == 206 ? 5 : Length), (answer.Status, answer.Body.Length));
        }

        Assert.Equal(304, (await Curl.RunAsync(null, "-H", $"If-None-Match: {whole.Headers["ETag"]}", server.Address + $"d/{post}")).Status);
        var failed = await Curl.RunAsync(null, "-H", "If-Match: \"other\"", server.Address + $"d/{post}");
        ProblemAssert.IsProblem(failed.Body, 412, "If-Match", ProblemCodes.PreconditionFailed);
    }

    [Fact]
    [Trait("Row", "R7")]
    public async Task A_range_is_of_no_account_to_a_head_request()
    {
        foreach (var range in new[] { "bytes=0-9", "bytes=200000-" }) // RFC 9110, 14.2: for GET alone
        {
            var answer = await Curl.RunAsync(null, "-I", "-H", $"Range: {range}", server.Address + $"d/{await StoredAsync()}");
            Assert.Equal((200, "", "200000", "bytes"), (answer.Status, answer.Body, answer.Headers["Content-Length"], answer.Headers["Accept-Ranges"]));
        }
    }

    [Theory]
    [Trait("Row", "R7")]
    [InlineData("missing")]
    [InlineData("busy")]
    public async Task A_link_whose_origin_does_not_deliver_is_a_problem_that_does_not_say_why(string path)
    {
        var resource = new Resource { Address = new Uri(server.NewAddress(), $"/{path}/{Guid.NewGuid():N}"), Name = "film.bin" };
        var post = await server.Get<IPosts>().ShareAsync(ServerUnderTest.IdOf(Actor.Owner), new() { Resource = resource, Audience = Audience.Everyone });
        var answer = await Curl.RunAsync(null, server.Address + $"d/{post.Id}");
        Assert.Equal(422, answer.Status);
        ProblemAssert.IsProblem(answer.Body, 422, path, ProblemCodes.FetchFailed);
        Assert.DoesNotContain("127.0.0.1", answer.Body, StringComparison.Ordinal);
    }

    async Task<PostId> StoredAsync()
    {
        var post = await server.ShareAsync(Audience.Everyone);
        await ServerUnderTest.EventuallyAsync(async () => (await server.Get<IPosts>().FindAsync(post.Owner, post.Id))?.Library == OfflineState.Stored);
        return post.Id;
    }
}
