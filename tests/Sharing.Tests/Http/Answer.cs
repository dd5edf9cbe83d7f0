namespace Sharing.Tests.Http;

/// <summary>What was answered. Being sent to the page for signing in counts as 401.</summary>
sealed record Answer(Route Route, Actor Actor, Subject Subject, string Id, int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Name => $"{Route.Method} {Route.Pattern} for {Actor} on {Subject}";

    /// <summary>All that a caller could tell two answers apart by. The id is what he sent himself.</summary>
    public string Shape
    {
        get
        {
            var headers = Headers.Where(header => header.Key is not ("Date" or "Trace-Id")).OrderBy(header => header.Key, StringComparer.Ordinal)
                .Select(header => $"{header.Key}: {header.Value}");
            var text = $"{Status}\n{string.Join('\n', headers)}\n\n{Body}";
            static string[] Spellings(string part) => [Uri.EscapeDataString(Uri.EscapeDataString(part)), Uri.EscapeDataString(part), part];
            return Id.Split('-').Prepend(Id).Where(static part => part.Length > 0).SelectMany(Spellings).Aggregate(text, static (all, part) => all.Replace(part, "ID", StringComparison.Ordinal));
        }
    }
}
