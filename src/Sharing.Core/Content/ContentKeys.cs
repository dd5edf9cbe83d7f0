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

    public static RecordKey Reference(ContentId id, string owner)
    {
        ContentLayout.RequireId(id);
        return RecordKey.Of("reference", id.ToString(), owner);
    }
}
