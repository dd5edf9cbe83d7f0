namespace Sharing.Core;

/// <summary>The keys of the records about contents.</summary>
static class ContentKeys
{
    public static RecordKey Deletions { get; } = RecordKey.Of("content-deletions");

    public static RecordRange Contents { get; } = RecordRange.Under("content");

    /// <summary>The contents that come after one, in the order of their ids; after "" come all.</summary>
    public static RecordRange After(string id) => id.Length == 0 ? Contents : Contents.After(RecordKey.Of("content", id));

    public static RecordKey Content(ContentId id)
    {
        ContentLayout.RequireId(id);
        return RecordKey.Of("content", id.ToString());
    }

    /// <summary>What is not live, in the order in which it was condemned.</summary>
    public static RecordRange AllCondemned { get; } = RecordRange.Under("content-condemned");

    /// <summary>Says that a content was condemned then.</summary>
    public static RecordKey Condemned(DateTimeOffset at, string content) => RecordKey.Of("content-condemned", Time(at), content);

    /// <summary>What was condemned before then, and what was condemned afterwards.</summary>
    public static RecordRange CondemnedBefore(DateTimeOffset at) => AllCondemned.Before(RecordKey.Of("content-condemned", Time(at)));

    /// <inheritdoc cref="CondemnedBefore"/>
    public static RecordRange CondemnedAfter(DateTimeOffset at) => AllCondemned.After(RecordKey.Of("content-condemned", Time(at.AddTicks(1))));

    public static RecordKey Reference(ContentId id, string owner)
    {
        ContentLayout.RequireId(id);
        return RecordKey.Of("reference", id.ToString(), owner);
    }

    static string Time(DateTimeOffset at) => at.UtcTicks.ToString("d19", System.Globalization.CultureInfo.InvariantCulture);
}
