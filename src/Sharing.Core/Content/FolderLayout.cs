namespace Sharing.Core;

/// <summary>Where things are in a content folder; docs/formats/content.md is the norm.</summary>
sealed class FolderLayout(string folder)
{
    public const string GroupsSuffix = ".groups";
    public const string DataSuffix = ".data";

    public string Root { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    public string Lock => Path.Join(Root, "store.lock");

    public string Contents => Path.Join(Root, "content");

    public string Partials => Path.Join(Root, "partial");

    public string Quarantine => Path.Join(Root, "quarantine");

    public string DirectoryOf(ContentId id) => Path.Join(Contents, id.ToString().AsSpan(0, 2));

    public string DataOf(ContentId id) => Path.Join(DirectoryOf(id), id.ToString());

    public string GroupsOf(ContentId id) => DataOf(id) + GroupsSuffix;

    public string PartialDataOf(string key) => Path.Join(Partials, key + DataSuffix);

    public string PartialGroupsOf(string key) => Path.Join(Partials, key + GroupsSuffix);
}
