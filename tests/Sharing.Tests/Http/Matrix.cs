using System.Collections.ObjectModel;
using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace Sharing.Tests.Http;

/// <summary>Every route, asked by every actor for everything there is.</summary>
sealed partial class Matrix
{
    readonly HostUnderTest _host;
    readonly ISubjects _subjects;
    readonly Dictionary<Actor, (string Cookie, string Field, string Token)> _forms = [];

    Matrix(HostUnderTest host, ISubjects subjects) => (_host, _subjects) = (host, subjects);

    public static async Task<IReadOnlyList<Answer>> AskAsync(HostUnderTest host, IReadOnlyList<Route> routes)
    {
        var matrix = new Matrix(host, await host.SubjectsAsync());
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
        using var request = _host.RequestOf(actor, new HttpMethod(route.Method), PathOf(route, subject, id));
        request.Content = route.Pattern == "/v1/me/erasure" ? JsonContent.Create(new { confirmed = false }) : _subjects.BodyOf(route, actor, subject, id, address); // everybody is needed still
        if (route.Pattern.StartsWith("/v1/uploads", StringComparison.Ordinal))
        {
            request.Headers.Add("Tus-Resumable", "1.0.0");
            request.Headers.Add("Upload-Length", "10");
            request.Headers.Add("Upload-Offset", "0");
        }

        if (request.Content is null && IsForm(route))
        {
            var fields = new Dictionary<string, string> { ["post"] = id, ["person"] = id, ["network"] = id, ["text"] = "Good.", ["token"] = "x", ["change"] = "follow", ["key"] = Guid.NewGuid().ToString(), ["sdk"] = id, ["abi"] = "x86", ["photo"] = id, ["remove"] = id, ["folder"] = id, ["grant"] = id, ["friend"] = nameof(Actor.Friend), ["code"] = "12345678", ["address"] = "https://example.org/x", ["item"] = id };
            if (!route.Pattern.StartsWith("/sign-", StringComparison.Ordinal) && !route.Pattern.StartsWith("/g/", StringComparison.Ordinal) && await FormAsync(actor) is { } form)
            {
                request.Headers.Add("Cookie", form.Cookie);
                fields[form.Field] = form.Token;
            }

            fields["network"] = route.Pattern == "/me/retry" ? ServerUnderTest.Elsewhere : id;
            request.Content = new FormUrlEncodedContent(fields);
        }

        using var response = await _host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var isStream = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        var sentToSignIn = (int)response.StatusCode is 302 or 303 && headers["Location"].StartsWith("/sign-in", StringComparison.Ordinal);
        var body = isStream ? "" : await response.Content.ReadAsStringAsync();
        return new(route, actor, subject, id, sentToSignIn ? 401 : route.Name == "GET /" && (int)response.StatusCode == 303 ? 200 : (int)response.StatusCode, new ReadOnlyDictionary<string, string>(headers), body);
    }

    static bool IsForm(Route route) => route.Method == "POST" && route.Name[0] != '*' && !route.Pattern.StartsWith("/v1/", StringComparison.Ordinal);

    string PathOf(Route route, Subject subject, string id)
    {
        var value = Uri.EscapeDataString(id);
        var path = Placeholder().Replace(route.Pattern, match => match.Value switch
        {
            "{**path}" => "nothing/here",
            "{purpose}" => _host.Purpose,
            "{os}" => "android",
            "{app}" => value.Split('-')[0],
            "{sha256}" => value.Split('-')[^1],
            "{content}" => value.Split('-')[0],
            "{device}" or "{photo}" => value.Split('-')[^1],
            "{id}" when route.Pattern.StartsWith("/v1/granted-photos", StringComparison.Ordinal) || route.Pattern.StartsWith("/g/", StringComparison.Ordinal) => value.Split('-')[0],
            "{network}" when route.Pattern.Contains("/posts/", StringComparison.Ordinal) => ServerUnderTest.Elsewhere,
            _ => value,
        });
        return (route.Pattern == "/v1/relationships" && subject != Subject.Self ? $"{path}?person={value}" : path)[1..];
    }

    /// <summary>What a form of an actor's needs to be taken for his own; nobody but a person has one.</summary>
    async Task<(string Cookie, string Field, string Token)?> FormAsync(Actor actor)
    {
        if (actor is Actor.Anonymous or Actor.Host or Actor.DeadToken)
        {
            return null;
        }

        if (!_forms.TryGetValue(actor, out var form))
        {
            using var request = _host.RequestOf(actor, HttpMethod.Get, _host.FormPage);
            using var page = await _host.Http.SendAsync(request);
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
