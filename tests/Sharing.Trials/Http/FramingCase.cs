namespace Sharing.Trials.Http;

/// <summary>Something that looks like a request, or like several.</summary>
/// <param name="Name">Which.</param>
/// <param name="Sent">Its bytes.</param>
/// <param name="Answers">How many answers are right; 0: none but a refusal, and the end of the connection.</param>
sealed record FramingCase(string Name, string Sent, int Answers)
{
    /// <summary>Stands behind every case: where that leaves the connection open, this is answered, too.</summary>
    public const string Last = "GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

    /// <summary>What is wrong with the answers to the case and to the last request.</summary>
    public string? Judge(string answers)
    {
        var statuses = RawHttp.StatusesOf(answers).Where(status => status != 100).ToList();
        var said = $"{Name}: answered {string.Join(", ", statuses)}";
        if (answers.EndsWith(RawHttp.Stands, StringComparison.Ordinal))
        {
            return said + ", and stands";
        }

        return Answers > 0
            ? statuses.Count is var count && (count > Answers + 1 || count < Answers || statuses.Exists(status => status >= 500)) ? said : null
            : statuses.Count > 1 || statuses.Exists(status => status is < 400 or >= 500 and not 501 and not 505) ? said : null;
    }
}
