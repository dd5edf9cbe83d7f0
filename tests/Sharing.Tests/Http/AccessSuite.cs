namespace Sharing.Tests.Http;

/// <summary>Who gets what over HTTP: every route of a host, asked by every actor for everything, against one oracle.</summary>
public abstract class AccessSuite(HostUnderTest host)
{
    /// <summary>Requests that lead nowhere.</summary>
    protected abstract IEnumerable<(string Method, string Path)> Unknown { get; }

    [Fact]
    public void Every_route_has_a_row_in_the_oracle()
    {
        var unknown =
            from route in Route.Of(host.Services)
            from subject in route.Subjects
            where Oracle.Expected(route.Name, Actor.Owner, subject) is null
            select route.Name;
        Assert.Empty(unknown);
    }

    [Fact]
    [Trait("Row", "R4")]
    public async Task Every_route_answers_every_actor_about_everything_as_the_oracle_says()
    {
        var wrong =
            from answer in await host.AnswersAsync()
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
            from answer in await host.AnswersAsync()
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
            from answer in await host.AnswersAsync()
            where answer.Status == 401 && answer.Actor is Actor.Anonymous or Actor.DeadToken
            group answer by (answer.Route, answer.Subject) into alike
            where alike.Select(answer => answer.Shape).Distinct(StringComparer.Ordinal).Count() > 1
            select string.Join("\n---\n", alike.Select(answer => answer.Shape));
        None(told);
    }

    [Fact]
    public async Task Every_refusal_below_v1_is_a_problem_of_the_list()
    {
        foreach (var answer in (await host.AnswersAsync()).Where(a => a.Status >= 400 && a.Route.Pattern.StartsWith("/v1/", StringComparison.Ordinal)))
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
        foreach (var answer in (await host.AnswersAsync()).Where(a => !IsOpen(a.Route.Pattern)))
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
        foreach (var (method, path) in Unknown)
        {
            using var request = host.RequestOf(Actor.Owner, new HttpMethod(method), path);
            using var response = await host.Http.SendAsync(request);
            Assert.True((int)response.StatusCode == 404, $"{method} {path}: {(int)response.StatusCode}");
            ProblemAssert.IsProblem(await response.Content.ReadAsStringAsync(), 404, path);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        }
    }

    static void None(IEnumerable<string> wrong)
    {
        var all = wrong.ToList();
        Assert.True(all.Count == 0, $"{all.Count}:\n{string.Join('\n', all.Take(50))}");
    }
}
