using System.Text.Json;
using Sharing.AspNetCore;
using Sharing.Core;
using Sharing.Offline;

namespace Sharing.Tests.Http;

static class ProblemAssert
{
    static readonly string[] Members = ["type", "title", "status", "detail"];

    /// <summary>A problem (RFC 9457) of the list, with nothing in it that it should not tell.</summary>
    public static void IsProblem(string body, int status, string about, string? code = null)
    {
        JsonElement problem;
        try
        {
            problem = JsonDocument.Parse(body).RootElement;
        }
        catch (JsonException)
        {
            Assert.Fail($"{about}: no problem, but '{body}'");
            return;
        }

        var type = problem.GetProperty("type").GetString()!;
        Assert.StartsWith(ProblemBody.TypePrefix, type);
        var named = type[ProblemBody.TypePrefix.Length..];
        Assert.True(code is null || named == code, $"{about}: {named}, not {code}");
        Assert.True(ProblemList.All.TryGetValue(named, out var known), $"{about}: '{named}' is not on the list");
        Assert.True(problem.GetProperty("status").GetInt32() == status && known.Status == status, $"{about}: {status}, not {known.Status}");
        Assert.Equal(known.Title, problem.GetProperty("title").GetString());
        Assert.All(problem.EnumerateObject(), member => Assert.Contains(member.Name, Members));
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", body, StringComparison.Ordinal);
    }
}
