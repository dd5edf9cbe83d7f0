using System.Collections.ObjectModel;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Sharing.Offline;

namespace Sharing.Tests.Http;

/// <summary>Every route, asked by every actor for everything there is.</summary>
sealed partial class Matrix
{
    readonly ServerUnderTest _server;
    readonly Subjects _subjects;
    readonly Dictionary<Actor, (string Cookie, string Field, string Token)> _forms = [];

    Matrix(ServerUnderTest server, Subjects subjects) => (_server, _subjects) = (server, subjects);

    public static async Task<IReadOnlyList<Answer>> AskAsync(ServerUnderTest server, IReadOnlyList<Route> routes)
    {
        var matrix = new Matrix(server, await Subjects.MakeAsync(server));
        var answers = new List<Answer>();
        foreach (var route in routes)
        {
            foreach (var actor in Enum.GetValues<Actor>())
            {
                foreach (var subject in route.Subjects)
                {
                    answers.Add(await matrix.AskAsync(route, actor, subject));
                }
            }
        }

        return answers;
    }

    async Task<Answer> AskAsync(Route route, Actor actor, Subject subject)
    {
        var (id, address) = await _subjects.IdAsync(route, actor, subject);
        using var request = _server.RequestOf(actor, new HttpMethod(route.Method), PathOf(route, subject, id));
        request.Content = BodyOf(route, actor, subject, id, address);
        if (request.Content is null && IsForm(route))
        {
            var fields = new Dictionary<string, string> { ["post"] = id, ["person"] = id, ["network"] = id, ["text"] = "Good.", ["token"] = "x", ["change"] = "follow", ["key"] = Guid.NewGuid().ToString() };
            if (!route.Pattern.StartsWith("/sign-", StringComparison.Ordinal) && await FormAsync(actor) is { } form)
            {
                request.Headers.Add("Cookie", form.Cookie);
                fields[form.Field] = form.Token;
            }

            fields["network"] = route.Pattern == "/me/retry" ? ServerUnderTest.Elsewhere : id;
            request.Content = new FormUrlEncodedContent(fields);
        }

        using var response = await _server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var isStream = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        var sentToSignIn = (int)response.StatusCode is 302 or 303 && headers["Location"].StartsWith("/sign-in", StringComparison.Ordinal);
        var body = isStream ? "" : await response.Content.ReadAsStringAsync();
        return new(route, actor, subject, id, sentToSignIn ? 401 : (int)response.StatusCode, new ReadOnlyDictionary<string, string>(headers), body);
    }

    static bool IsForm(Route route) => route.Method == "POST" && !route.Pattern.StartsWith("/v1/", StringComparison.Ordinal);

    static string PathOf(Route route, Subject subject, string id)
    {
        var value = Uri.EscapeDataString(id);
        var path = Placeholder().Replace(route.Pattern, match => match.Value switch
        {
            "{**path}" => "nothing/here",
            "{network}" when route.Pattern.Contains("/posts/", StringComparison.Ordinal) => ServerUnderTest.Elsewhere,
            _ => value,
        });
        return (route.Pattern == "/v1/relationships" && subject != Subject.Self ? $"{path}?person={value}" : path)[1..];
    }

    HttpContent? BodyOf(Route route, Actor actor, Subject subject, string id, Uri? address) => $"{route.Method} {route.Pattern}" switch
    {
        "POST /v1/posts" => Json(new ShareRequest { Resource = _server.NewResource(), Audience = Audience.Of(PersonId.Parse("nobody")) }, WireJson.Default.ShareRequest),
        "PUT /v1/posts/{id}/resource" => Json(_server.NewResource() with { Length = 5 }, WireJson.Default.Resource),
        "PUT /v1/network/posts/{id}" => Json(
            _subjects.NewPost(id, ServerUnderTest.IdOf(actor), Audience.Everyone) with { Revision = 9 }, WireJson.Default.Post),
        "POST /v1/network/posts/{id}/comments" => Json(new CommentText("Good."), WireJson.Default.CommentText),
        "POST /v1/relationships/between" => Json(
            new BetweenQuestion(ServerUnderTest.IdOf(Actor.Owner), [ServerUnderTest.IdOf(Actor.Friend)]), WireJson.Default.BetweenQuestion),
        "PUT /v1/networks/{network}" => Json(new AccountToken("token"), WireJson.Default.AccountToken),
        "PUT /v1/library/{id}" => Json(
            subject == Subject.Malformed ? _server.NewResource() : new Resource { Address = address!, Name = "film.bin" }, WireJson.Default.Resource),
        _ => null,
    };

    static JsonContent Json<T>(T value, JsonTypeInfo<T> type) => JsonContent.Create(value, type);

    /// <summary>What a form of an actor's needs to be taken for his own; nobody but a person has one.</summary>
    async Task<(string Cookie, string Field, string Token)?> FormAsync(Actor actor)
    {
        if (actor is Actor.Anonymous or Actor.Host or Actor.DeadToken)
        {
            return null;
        }

        if (!_forms.TryGetValue(actor, out var form))
        {
            using var request = _server.RequestOf(actor, HttpMethod.Get, "people");
            using var page = await _server.Http.SendAsync(request);
            var field = HiddenField().Match(await page.Content.ReadAsStringAsync());
            var cookie = page.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
            _forms[actor] = form = (cookie, field.Groups[1].Value, field.Groups[2].Value);
        }

        return form;
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex("<input type=\"hidden\" name=\"(__[^\"]+)\" value=\"([^\"]+)\">")]
    private static partial Regex HiddenField();
}
