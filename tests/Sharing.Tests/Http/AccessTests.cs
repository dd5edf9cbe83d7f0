using System.Net.Http.Headers;
using System.Text.Json;
using Sharing.Offline;

namespace Sharing.Tests.Http;

/// <summary>Who gets what over HTTP: every route of the server sample, asked by every actor for everything, against one oracle.</summary>
public sealed class AccessTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    static readonly SemaphoreSlim Once = new(1, 1);
    static IReadOnlyList<Answer>? _answers;

    [Fact]
    public void Every_route_has_a_row_in_the_oracle()
    {
        var routes = Route.Of(server.Services);
        Assert.Contains(routes, route => route.Pattern == "/d/{id}");
        Assert.Contains(routes, route => route.Pattern == "/me/withdraw");
        Assert.Empty(routes.Where(route => Oracle.Expected(route.Name, Actor.Owner, route.Subjects[0]) is null).Select(route => route.Name));
    }

    [Fact]
    [Trait("Row", "R4")]
    public async Task Every_route_answers_every_actor_about_everything_as_the_oracle_says()
    {
        var wrong =
            from answer in await AnswersAsync()
            let expected = Oracle.Expected(answer.Route.Name, answer.Actor, answer.Subject)
            where answer.Status != expected
            select $"{answer.Name}: {answer.Status}, not {expected}";
        None(wrong);
    }

    [Fact]
    [Trait("Row", "R4")]
    public async Task What_is_not_yours_and_what_is_not_there_are_the_same_bytes_and_the_same_headers()
    {
        var told =
            from answer in await AnswersAsync()
            where answer.Status is 404 or 401
            group answer by (answer.Route, answer.Actor, answer.Status) into alike
            let shapes = alike.GroupBy(answer => answer.Shape).ToList()
            where shapes.Count > 1
            select string.Join("\n---\n", shapes.Select(shape => $"{string.Join(", ", shape.Select(answer => answer.Name))}:\n{shape.Key}"));
        None(told);
    }

    [Fact]
    public async Task Not_signed_in_and_signed_in_with_a_dead_token_are_the_same_bytes_and_the_same_headers()
    {
        var told =
            from answer in await AnswersAsync()
            where answer.Status == 401 && answer.Actor is Actor.Anonymous or Actor.DeadToken
            group answer by (answer.Route, answer.Subject) into alike
            where alike.Select(answer => answer.Shape).Distinct(StringComparer.Ordinal).Count() > 1
            select string.Join("\n---\n", alike.Select(answer => answer.Shape));
        None(told);
    }

    [Fact]
    public async Task Every_refusal_below_v1_is_a_problem_of_the_list()
    {
        foreach (var answer in (await AnswersAsync()).Where(a => a.Status >= 400 && a.Route.Pattern.StartsWith("/v1/", StringComparison.Ordinal)))
        {
            Assert.True(answer.Headers["Content-Type"] == "application/problem+json", answer.Name);
            if (answer.Route.Method != "HEAD")
            {
                ProblemAssert.IsProblem(answer.Body, answer.Status, answer.Name);
            }
        }
    }

    [Fact]
    public async Task Nothing_is_sniffed_and_nothing_of_anybodys_is_left_to_a_cache()
    {
        foreach (var answer in (await AnswersAsync()).Where(a => !IsOpen(a.Route.Pattern)))
        {
            Assert.True(answer.Headers.TryGetValue("X-Content-Type-Options", out var sniff) && sniff == "nosniff", answer.Name);
            var isAsset = answer.Route.Pattern.StartsWith("/_sharing", StringComparison.Ordinal);
            Assert.True(isAsset || (answer.Headers.TryGetValue("Cache-Control", out var cache) && cache.Contains("no-store", StringComparison.Ordinal)), answer.Name);
        }

        static bool IsOpen(string pattern) => pattern.StartsWith("/health", StringComparison.Ordinal)
            || pattern.StartsWith("/openapi", StringComparison.Ordinal) || pattern == "/sign-out";
    }

    [Fact]
    public async Task Unknown_paths_and_wrong_methods_are_answered_with_a_problem()
    {
        foreach (var (method, path) in new[]
        {
            ("GET", "v1"), ("GET", "v1/"), ("GET", "v1/nothing"), ("POST", "v1/posts/x/y/z"), ("DELETE", "v1/feed"), ("PATCH", "v1/posts"), ("PUT", "v1/posts"),
            ("OPTIONS", "v1/posts"), ("TRACE", "v1/feed"), ("POST", "v1/library/" + new string('0', 32)), ("BREW", "v1/posts"), ("DELETE", "v1/posts"),
            ("POST", "d/" + PostId.New()), ("DELETE", "d/" + PostId.New()),
        })
        {
            using var request = server.RequestOf(Actor.Owner, new HttpMethod(method), path);
            using var response = await server.Http.SendAsync(request);
            Assert.True((int)response.StatusCode == 404, $"{method} {path}: {(int)response.StatusCode}");
            ProblemAssert.IsProblem(await response.Content.ReadAsStringAsync(), 404, path);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        }
    }

    [Fact]
    [Trait("Row", "R4")]
    public async Task A_friendship_that_ends_closes_what_it_opened_with_the_next_request()
    {
        var relationships = server.Get<Core.IRelationships>();
        var (owner, stranger) = (ServerUnderTest.IdOf(Actor.Owner), PersonId.Parse("Stranger"));
        var post = await server.ShareAsync(Audience.Friends);
        foreach (var friends in new[] { true, false, true, false })
        {
            await relationships.BefriendAsync(owner, stranger, friends);
            await relationships.BefriendAsync(stranger, owner, friends);
            foreach (var path in new[] { $"v1/posts/{post.Id}", $"d/{post.Id}", $"v1/posts/{post.Id}/events" })
            {
                using var request = server.RequestOf(Actor.Stranger, HttpMethod.Get, path);
                using var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                Assert.Equal(friends ? 200 : 404, (int)response.StatusCode);
            }
        }
    }

    [Fact]
    public async Task A_form_without_its_antiforgery_token_changes_nothing()
    {
        foreach (var route in Route.Of(server.Services).Where(r => r.Method == "POST" && !r.Pattern.StartsWith("/v1/", StringComparison.Ordinal) && r.Name[0] != '*'))
        {
            if (route.Pattern.StartsWith("/sign-", StringComparison.Ordinal))
            {
                continue; // the oracle has those
            }

            using var request = server.RequestOf(Actor.Owner, HttpMethod.Post, route.Pattern[1..].Replace("{id}", PostId.New().Value, StringComparison.Ordinal));
            request.Content = new FormUrlEncodedContent([new("person", "Friend"), new("change", "unfriend")]);
            using var response = await server.Http.SendAsync(request);
            Assert.True((int)response.StatusCode == 400, route.Name);
        }
    }

    static void None(IEnumerable<string> wrong)
    {
        var all = wrong.ToList();
        Assert.True(all.Count == 0, $"{all.Count}:\n{string.Join('\n', all.Take(50))}");
    }

    async Task<IReadOnlyList<Answer>> AnswersAsync()
    {
        await Once.WaitAsync();
        try
        {
            return _answers ??= await Matrix.AskAsync(server, Route.Of(server.Services));
        }
        finally
        {
            Once.Release();
        }
    }
}
