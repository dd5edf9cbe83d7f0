using System.Text;
using Sharing.Offline;

namespace Sharing.Tests.Http;

/// <summary>What does not fit is answered with a problem that says so: never with a fault of ours, never with a trace of our insides.</summary>
public sealed class BadInputTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    const string Resource = """{"address":"http://films.example/a.bin","name":"a.bin"}""";
    const string Share = $$$"""{"resource":{{{Resource}}},"audience":{"kind":"everyone"}}""";
    const string Json = "Content-Type: application/json";

    static readonly string Id = PostId.New().Value;
    static readonly string ResourceIdOfAddress = ResourceId.Of(new Uri("http://films.example/a.bin")).Value;

    static string Further => string.Join(',', Enumerable.Range(0, 21).Select(i => $"\"m{i}\":\"\""));

    static string Long(int length) => new('x', length);

    static string PostOf(string key, string rest) => $$"""{"key":"{{key}}","revision":1,"author":"Owner","resource":{{Resource}},"audience":{"kind":"everyone"},{{rest}}}""";

    static string ShareOf(string resource, string audience = """{"kind":"everyone"}""") => $$"""{"resource":{{resource}},"audience":{{audience}}}""";

    static string At(string address) => $$"""{"address":"{{address}}","name":"a.bin"}""";

    /// <summary>Every endpoint that takes a body, with one that it takes.</summary>
    static (string Method, string Path, string Body)[] Endpoints { get; } =
    [
        ("POST", "v1/posts", Share),
        ("PUT", $"v1/posts/{Id}/resource", Resource),
        ("PUT", $"v1/network/posts/{Id}", PostOf(Id, """ "text":"A film","link":"http://server.example/d/1" """)),
        ("POST", $"v1/network/posts/{Id}/comments", """{"text":"Good."}"""),
        ("POST", "v1/stream-tickets", """{"path":"/v1/posts/x/events"}"""),
        ("POST", "v1/relationships/between", """{"person":"Owner","others":["Friend"]}"""),
        ("PUT", $"v1/networks/{ServerUnderTest.Spare}", """{"token":"x"}"""),
        ("PUT", $"v1/library/{ResourceIdOfAddress}", Resource),
    ];

    public static TheoryData<string, string, string, string, int, string> Bodies() => new(
        from one in new (string Name, string Method, string Path, string Body)[]
        {
            ("nested beyond reason", "POST", "v1/posts", string.Concat(Enumerable.Repeat("[", 5000))),
            ("half a character", "POST", "v1/posts", ShareOf(At("http://films.example/\\ud800"))),
            ("an unknown audience", "POST", "v1/posts", ShareOf(Resource, """{"kind":"enemies"}""")),
            ("an audience as a number", "POST", "v1/posts", ShareOf(Resource, """{"kind":3}""")),
            ("an audience without a kind", "POST", "v1/posts", ShareOf(Resource, "{}")),
            ("no audience", "POST", "v1/posts", $$"""{"resource":{{Resource}}}"""),
            ("no resource", "POST", "v1/posts", """{"audience":{"kind":"everyone"}}"""),
            ("named people, and nobody named", "POST", "v1/posts", ShareOf(Resource, """{"kind":"named"}""")),
            ("named people, none", "POST", "v1/posts", ShareOf(Resource, """{"kind":"named","people":[]}""")),
            ("named people, one of them nobody", "POST", "v1/posts", ShareOf(Resource, """{"kind":"named","people":[null]}""")),
            ("named people, one of them empty", "POST", "v1/posts", ShareOf(Resource, """{"kind":"named","people":[""]}""")),
            ("too many people", "POST", "v1/posts", ShareOf(Resource, $$"""{"kind":"named","people":[{{string.Join(',', Enumerable.Range(0, 1001).Select(i => $"\"p{i}\""))}}]}""")),
            ("people for friends", "POST", "v1/posts", ShareOf(Resource, """{"kind":"friends","people":["Friend"]}""")),
            ("a number as text", "POST", "v1/posts", ShareOf("""{"address":"http://films.example/a.bin","name":"a.bin","length":"5"}""")),
            ("a broken number", "POST", "v1/posts", ShareOf("""{"address":"http://films.example/a.bin","name":"a.bin","length":1.5}""")),
            ("a number beyond all numbers", "POST", "v1/posts", ShareOf("""{"address":"http://films.example/a.bin","name":"a.bin","length":99999999999999999999}""")),
            ("a negative length", "POST", "v1/posts", ShareOf("""{"address":"http://films.example/a.bin","name":"a.bin","length":-1}""")),
            ("a media type that is none", "POST", "v1/posts", ShareOf("""{"address":"http://films.example/a.bin","name":"a.bin","mediaType":"film"}""")),
            ("a media type beyond ASCII", "POST", "v1/posts", ShareOf("""{"address":"http://films.example/a.bin","name":"a.bin","mediaType":"film/ü"}""")),
            ("a media type with a line break", "POST", "v1/posts", ShareOf("""{"address":"http://films.example/a.bin","name":"a.bin","mediaType":"film/a\r\nX: y"}""")),
            ("a content id that is none", "POST", "v1/posts", ShareOf("""{"address":"http://films.example/a.bin","name":"a.bin","contentId":"00"}""")),
            ("too many further values", "POST", "v1/posts", ShareOf("""{"address":"http://films.example/a.bin","name":"a.bin","more":{""" + Further + "}}")),
            ("a further value that is null", "POST", "v1/posts", ShareOf("""{"address":"http://films.example/a.bin","name":"a.bin","more":{"a":null}}""")),
            ("an address with a user", "POST", "v1/posts", ShareOf(At("http://ann:secret@films.example/a.bin"))),
            ("an address whose host no name can be", "POST", "v1/posts", ShareOf(At("http://films\\u2028.example/a.bin"))),
            ("an ftp address", "POST", "v1/posts", ShareOf(At("ftp://films.example/a.bin"))),
            ("a file address", "POST", "v1/posts", ShareOf(At("file:///etc/passwd"))),
            ("a script address", "POST", "v1/posts", ShareOf(At("javascript:alert(1)"))),
            ("a relative address", "POST", "v1/posts", ShareOf(At("/a.bin"))),
            ("an empty address", "POST", "v1/posts", ShareOf(At(""))),
            ("an address of 10,000 characters", "POST", "v1/posts", ShareOf(At("http://films.example/" + Long(10_000)))),
            ("an address of 100,000 characters", "POST", "v1/posts", ShareOf(At("http://films.example/" + Long(100_000)))),
            ("a null address", "POST", "v1/posts", ShareOf("""{"address":null,"name":"a.bin"}""")),
            ("a null resource", "POST", "v1/posts", ShareOf("null")),
            ("a null audience", "POST", "v1/posts", ShareOf(Resource, "null")),
            ("a name that is too long", "POST", "v1/posts", ShareOf($$"""{"address":"http://films.example/a.bin","name":"{{Long(256)}}"}""")),
            ("a name without end", "POST", "v1/posts", ShareOf($$"""{"address":"http://films.example/a.bin","name":"{{Long(400_000)}}"}""")),
            ("a null name", "POST", "v1/posts", ShareOf("""{"address":"http://films.example/a.bin","name":null}""")),
            ("a text that is too long", "POST", "v1/posts", $$"""{"resource":{{Resource}},"audience":{"kind":"everyone"},"text":"{{Long(5001)}}"}"""),
            ("a relative address to keep", "PUT", $"v1/library/{ResourceIdOfAddress}", At("a.bin")),
            ("a null address to keep", "PUT", $"v1/library/{ResourceIdOfAddress}", """{"address":null,"name":"a.bin"}"""),
            ("an id of another address", "PUT", $"v1/library/{ResourceIdOfAddress}", At("http://films.example/b.bin")),
            ("a network post of another key", "PUT", $"v1/network/posts/{Id}", PostOf("other", """ "text":"A film","link":"http://server.example/d/1" """)),
            ("a network post without a link", "PUT", $"v1/network/posts/{Id}", PostOf(Id, """ "text":"A film" """)),
            ("a network post with a null link", "PUT", $"v1/network/posts/{Id}", PostOf(Id, """ "text":"A film","link":null """)),
            ("a network post with a relative link", "PUT", $"v1/network/posts/{Id}", PostOf(Id, """ "text":"A film","link":"d/1" """)),
            ("a network post with a script as link", "PUT", $"v1/network/posts/{Id}", PostOf(Id, """ "text":"A film","link":"javascript:alert(1)" """)),
            ("a network post with an endless link", "PUT", $"v1/network/posts/{Id}", PostOf(Id, $""" "text":"A film","link":"http://server.example/{Long(300_000)}" """)),
            ("a network post with a user in its link", "PUT", $"v1/network/posts/{Id}", PostOf(Id, """ "text":"A film","link":"http://bank.example@server.example/" """)),
            ("a network post with a null text", "PUT", $"v1/network/posts/{Id}", PostOf(Id, """ "text":null,"link":"http://server.example/d/1" """)),
            ("a network post with a text that is too long", "PUT", $"v1/network/posts/{Id}", PostOf(Id, $""" "text":"{Long(5001)}","link":"http://server.example/d/1" """)),
            ("a network post with a null resource", "PUT", $"v1/network/posts/{Id}",
                $$$"""{"key":"{{{Id}}}","author":"Owner","text":"A film","link":"http://server.example/","resource":null,"audience":{"kind":"everyone"}}"""),
            ("a network post with a null audience", "PUT", $"v1/network/posts/{Id}",
                $$"""{"key":"{{Id}}","author":"Owner","text":"A film","link":"http://server.example/","resource":{{Resource}},"audience":null}"""),
            ("a network post of revision -1", "PUT", $"v1/network/posts/{Id}", PostOf(Id, """ "text":"A film","link":"http://server.example/d/1" """).Replace("\"revision\":1", "\"revision\":-1", StringComparison.Ordinal)),
            ("an empty comment", "POST", $"v1/network/posts/{Id}/comments", """{"text":"  "}"""),
            ("a null comment", "POST", $"v1/network/posts/{Id}/comments", """{"text":null}"""),
            ("no comment", "POST", $"v1/network/posts/{Id}/comments", "{}"),
            ("a comment that is too long", "POST", $"v1/network/posts/{Id}/comments", $$"""{"text":"{{Long(2001)}}"}"""),
            ("null as those asked about", "POST", "v1/relationships/between", """{"person":"Owner","others":null}"""),
            ("nobody asked about", "POST", "v1/relationships/between", """{"person":"Owner"}"""),
            ("nobody to ask about", "POST", "v1/relationships/between", """{"others":[]}"""),
            ("too many asked about", "POST", "v1/relationships/between", $$"""{"person":"Owner","others":[{{string.Join(',', Enumerable.Range(0, 1001).Select(i => $"\"p{i}\""))}}]}"""),
            ("an account's token that is too long", "PUT", $"v1/networks/{ServerUnderTest.Spare}", $$"""{"token":"{{Long(4001)}}"}"""),
            ("an account's token that is a number", "PUT", $"v1/networks/{ServerUnderTest.Spare}", """{"token":5}"""),
        }
        select new TheoryDataRow<string, string, string, string, int, string>(one.Name, one.Method, one.Path, one.Body, 400, ProblemCodes.InvalidInput));

    [Theory]
    [MemberData(nameof(Bodies), DisableDiscoveryEnumeration = true)]
    public async Task A_body_that_does_not_fit_is_a_problem(string name, string method, string path, string body, int status, string code) =>
        await RefusedAsync(name, status, code, Encoding.UTF8.GetBytes(body), "-X", method, "-H", Json, Full(path));

    [Fact]
    public async Task No_endpoint_takes_a_body_that_is_none()
    {
        foreach (var (method, path, _) in Endpoints)
        {
            foreach (var body in new[] { "", "{", "null", "[]", "5", "\"text\"", "{\"a\":", "nul", "{}{}", "<a/>", "\u0000" })
            {
                await RefusedAsync($"{method} {path} {body}", 400, ProblemCodes.InvalidInput, Encoding.UTF8.GetBytes(body), "-X", method, "-H", Json, Full(path));
            }

            await RefusedAsync($"{method} {path} bytes", 400, ProblemCodes.InvalidInput, [0x22, 0xC3, 0x28, 0x22], "-X", method, "-H", Json, Full(path));
        }
    }

    [Fact]
    public async Task No_endpoint_takes_another_media_type()
    {
        foreach (var (method, path, body) in Endpoints)
        {
            foreach (var type in new[] { "Content-Type: text/plain", "Content-Type: application/x-www-form-urlencoded", "Content-Type:", "Content-Type: json" })
            {
                await RefusedAsync(
                    $"{method} {path} {type}", 415, ProblemCodes.UnsupportedMediaType, Encoding.UTF8.GetBytes(body), "-X", method, "-H", type, Full(path));
            }
        }
    }

    [Fact]
    public async Task No_endpoint_takes_a_body_without_end()
    {
        foreach (var (method, path, _) in Endpoints)
        {
            var body = Encoding.UTF8.GetBytes($$"""{"text":"{{Long(600_000)}}"}""");
            await RefusedAsync($"{method} {path}", 413, ProblemCodes.TooLarge, body, "-X", method, "-H", Json, Full(path));
            await RefusedAsync($"{method} {path} chunked", 413, ProblemCodes.TooLarge, body, "-X", method, "-H", Json, "-H", "Transfer-Encoding: chunked", Full(path));
        }
    }

    /// <summary>Each member of a body that fits is replaced by what it is not: whatever else, it is no fault of ours.</summary>
    [Fact]
    public async Task No_member_of_any_body_can_bring_the_server_to_fail()
    {
        foreach (var (method, path, body) in Endpoints)
        {
            foreach (var broken in Mutations.Of(body))
            {
                using var request = server.RequestOf(Actor.Owner, new HttpMethod(method), path);
                request.Content = new StringContent(broken, Encoding.UTF8, "application/json");
                using var response = await server.Http.SendAsync(request);
                var (status, answer) = ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
                var about = $"{method} {path} {(broken.Length > 300 ? broken[..300] : broken)}";
                Assert.True(status < 500, $"{about}: {status} {answer}");
                if (status >= 400)
                {
                    ProblemAssert.IsProblem(answer, status, about);
                }
            }
        }

        // And what was taken in can be read.
        foreach (var path in new[] { "v1/feed?count=100", "v1/posts", "v1/library", "v1/networks", "me", "" })
        {
            using var request = server.RequestOf(Actor.Owner, HttpMethod.Get, path);
            using var response = await server.Http.SendAsync(request);
            Assert.True((int)response.StatusCode == 200, path);
        }
    }

    [Fact]
    public async Task More_than_a_record_holds_is_refused_and_not_failed_on()
    {
        var people = string.Join(',', Enumerable.Range(1000, 1000).Select(i => $"\"{i}{string.Concat(Enumerable.Repeat("語", 65))}\""));
        var (named, id) = ($$"""{"kind":"named","people":[{{people}}]}""", PostId.New().Value);
        foreach (var (method, path, body) in new[]
        {
            ("POST", "v1/posts", ShareOf(Resource, named)),
            ("PUT", $"v1/network/posts/{id}", PostOf(id, """ "text":"A film","link":"http://server.example/d/1" """).Replace("""{"kind":"everyone"}""", named, StringComparison.Ordinal)),
        })
        {
            var answer = await Curl.RunAsync(Encoding.UTF8.GetBytes(body), ["-X", method, "-H", Json, .. Token(Actor.Owner), Full(path)]);
            Assert.True(answer.Status is 400 or 413, $"{path}: {answer.Status}");
            ProblemAssert.IsProblem(answer.Body, answer.Status, path);
        }
    }

    [Fact]
    public async Task Who_has_not_signed_in_is_told_so_before_his_body_is_looked_at()
    {
        foreach (var (method, path, _) in Endpoints)
        {
            var answer = await Curl.RunAsync("{"u8.ToArray(), ["-X", method, "-H", Json, Full(path)]);
            Assert.Equal(401, answer.Status);
            Assert.Equal("Bearer", answer.Headers["WWW-Authenticate"]);
            ProblemAssert.IsProblem(answer.Body, 401, path, ProblemCodes.SignInRequired);
        }
    }

    [Theory]
    [InlineData("team/ann")]
    [InlineData("team%2Fann")]
    [InlineData("100%")]
    [InlineData("ann+ben@example.org")]
    [InlineData("Ännchen von Tharau")]
    [InlineData("follow")]
    public async Task A_person_is_named_in_a_path_by_any_id_there_is(string person)
    {
        var path = $"v1/relationships/{Uri.EscapeDataString(person)}/follow";
        Assert.Equal(204, (await Curl.RunAsync(null, ["-X", "PUT", .. Token(Actor.Stranger), Full(path)])).Status);
        var related = await server.Get<Core.RelationshipStore>().RelatedAsync(ServerUnderTest.IdOf(Actor.Stranger), RelationshipKinds.Follows);
        Assert.Contains(PersonId.Parse(person), related.Keys);
    }

    [Fact]
    public async Task Members_that_nobody_knows_are_passed_over()
    {
        var body = Share.Replace("\"audience\"", "\"nobodyKnows\":{\"a\":[1]},\"audience\"", StringComparison.Ordinal);
        var answer = await Curl.RunAsync(Encoding.UTF8.GetBytes(body), ["-X", "POST", "-H", Json, .. Token(Actor.Owner), Full("v1/posts")]);
        Assert.Equal(201, answer.Status);
    }

    [Theory]
    [InlineData("v1/feed?count=0")]
    [InlineData("v1/feed?count=101")]
    [InlineData("v1/feed?count=-1")]
    [InlineData("v1/feed?count=many")]
    [InlineData("v1/feed?count=")]
    [InlineData("v1/feed?count=1&count=2")]
    [InlineData("v1/feed?count=99999999999999999999")]
    [InlineData("v1/feed?cursor=nonsense")]
    [InlineData("v1/feed?cursor=")]
    [InlineData("v1/feed?cursor=9999999999999999999.r.a")]
    [InlineData("v1/posts?cursor=nonsense")]
    [InlineData("v1/posts?cursor=-1")]
    [InlineData("v1/posts?cursor=")]
    [InlineData("v1/posts?cursor=99999999999999999999")]
    public async Task A_query_that_does_not_fit_is_a_problem(string path) =>
        await RefusedAsync(path, 400, ProblemCodes.InvalidInput, null, Full(path));

    [Fact]
    public async Task A_flag_that_is_neither_yes_nor_no_is_a_problem()
    {
        var post = await server.ShareAsync(Audience.Everyone);
        foreach (var path in new[] { $"v1/posts/{post.Id}/content", $"d/{post.Id}" })
        {
            await RefusedAsync(path, 400, ProblemCodes.InvalidInput, null, Full(path + "?stored=perhaps"));
        }
    }

    [Theory]
    [InlineData("PUT", "v1/relationships/Owner/follow", 400, ProblemCodes.InvalidInput)]
    [InlineData("PUT", "v1/relationships/%01/follow", 404, ProblemCodes.NotFound)]
    [InlineData("PUT", "v1/relationships/{1000}/friend", 404, ProblemCodes.NotFound)]
    [InlineData("PUT", "v1/relationships/%ED%A0%80/friend", 204, null)] // no UTF-8: passed on as it was sent
    [InlineData("DELETE", "v1/networks/{1000}", 404, ProblemCodes.NotFound)]
    [InlineData("PUT", "v1/networks/{1000}", 415, ProblemCodes.UnsupportedMediaType)]
    [InlineData("POST", "v1/posts/00000000000000000000000000000000/networks/{1000}/retry", 404, ProblemCodes.NotFound)]
    [InlineData("GET", "v1/network/posts/{1000}", 404, ProblemCodes.NotFound)]
    [InlineData("GET", "v1/network/posts/%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC%C3%BC", 404, ProblemCodes.NotFound)]
    [InlineData("POST", "v1/network/posts/{1000}/reshares", 404, ProblemCodes.NotFound)]
    [InlineData("GET", "v1/posts/..%2F..%2Fetc%2Fpasswd", 404, ProblemCodes.NotFound)]
    [InlineData("GET", "v1/posts/0000000000000000000000000000000A", 404, ProblemCodes.NotFound)]
    public async Task A_path_that_does_not_fit_names_nothing(string method, string path, int status, string? code)
    {
        path = path.Replace("{1000}", Long(1000), StringComparison.Ordinal);
        var answer = await Curl.RunAsync(null, ["-X", method, .. Token(Actor.Owner), Full(path)]);
        Assert.Equal(status, answer.Status);
        if (code is not null)
        {
            ProblemAssert.IsProblem(answer.Body, status, path, code);
        }
    }

    [Fact]
    public async Task An_idempotency_key_that_was_used_for_something_else_is_a_problem_and_repeats_are_the_same_post()
    {
        var key = "Idempotency-Key: " + Guid.NewGuid();
        string[] share = ["-X", "POST", "-H", Json, "-H", key, .. Token(Actor.Owner), Full("v1/posts")];
        var first = await Curl.RunAsync(Encoding.UTF8.GetBytes(Share), share);
        var again = await Curl.RunAsync(Encoding.UTF8.GetBytes(Share), share);
        Assert.Equal((201, 201), (first.Status, again.Status));
        Assert.Equal(IdIn(first.Body), IdIn(again.Body));
        var other = Encoding.UTF8.GetBytes(ShareOf(At("http://films.example/b.bin")));
        await RefusedAsync("another share", 422, ProblemCodes.KeyReused, other, "-X", "POST", "-H", Json, "-H", key, Full("v1/posts"));

        string[] comment = ["-X", "POST", "-H", Json, "-H", key, Full($"v1/network/posts/{await ShownAsync()}/comments")];
        Assert.Equal(201, (await Curl.RunAsync("""{"text":"One"}"""u8.ToArray(), [.. comment, .. Token(Actor.Owner)])).Status);
        await RefusedAsync("another comment", 422, ProblemCodes.KeyReused, """{"text":"Two"}"""u8.ToArray(), comment);
    }

    [Theory]
    [InlineData(201)]
    [InlineData(2000)]
    public async Task A_key_that_is_too_long_is_a_problem(int length)
    {
        var key = "Idempotency-Key: " + Long(length);
        await RefusedAsync("share", 400, ProblemCodes.InvalidInput, Encoding.UTF8.GetBytes(Share), "-X", "POST", "-H", Json, "-H", key, Full("v1/posts"));
        await RefusedAsync(
            "comment", 400, ProblemCodes.InvalidInput, """{"text":"One"}"""u8.ToArray(), "-X", "POST", "-H", Json, "-H", key,
            Full($"v1/network/posts/{await ShownAsync()}/comments"));
    }

    [Fact]
    public async Task Members_that_are_missing_are_named()
    {
        var answer = await Curl.RunAsync("{}"u8.ToArray(), ["-X", "PUT", "-H", Json, .. Token(Actor.Owner), Full($"v1/network/posts/{Id}")]);
        ProblemAssert.IsProblem(answer.Body, 400, "PUT", ProblemCodes.InvalidInput);
        var detail = System.Text.Json.JsonDocument.Parse(answer.Body).RootElement.GetProperty("detail").GetString()!;
        Assert.Contains("'key'", detail, StringComparison.Ordinal);
        Assert.Contains("'audience'", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Sharing.", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_keys_are_a_problem_and_not_none() => await RefusedAsync(
        "two keys", 400, ProblemCodes.InvalidInput, Encoding.UTF8.GetBytes(Share), "-X", "POST", "-H", Json, "-H", "Idempotency-Key: a", "-H", "Idempotency-Key: b",
        Full("v1/posts"));

    [Theory]
    [InlineData("X-HTTP-Method-Override: DELETE")]
    [InlineData("X-HTTP-Method: DELETE")]
    [InlineData("X-Method-Override: DELETE")]
    public async Task A_method_is_overridden_by_nothing(string header)
    {
        var post = await server.ShareAsync(Audience.Everyone);
        var path = $"v1/posts/{post.Id}";
        Assert.Equal(200, (await Curl.RunAsync(null, ["-H", header, .. Token(Actor.Owner), Full(path)])).Status);
        await RefusedAsync("POST", 404, ProblemCodes.NotFound, "_method=DELETE"u8.ToArray(), "-X", "POST", "-H", header, Full(path + "?_method=DELETE"));
        Assert.Equal(200, (await Curl.RunAsync(null, [.. Token(Actor.Owner), Full(path)])).Status);
    }

    async Task<string> ShownAsync()
    {
        var post = await server.ShareAsync(Audience.Everyone);
        await ServerUnderTest.EventuallyAsync(async () => await server.Get<ISocialNetwork>().ThreadAsync(null, post.Id.Value) is not null);
        return post.Id.Value;
    }

    async Task RefusedAsync(string name, int status, string code, byte[]? body, params string[] args)
    {
        var answer = await Curl.RunAsync(body, [.. args, .. Token(Actor.Owner)]);
        Assert.True(answer.Status == status, $"{name}: {answer.Status}, not {status}. {answer.Body}");
        Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        ProblemAssert.IsProblem(answer.Body, status, name, code);
    }

    string[] Token(Actor actor) => ["-H", $"Authorization: Bearer {server.TokenOf(actor)}"];

    string Full(string path) => server.Address + path;

    static string IdIn(string body) => System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("id").GetString()!;
}
