namespace Sharing.Trials.Photos;

/// <summary>The pictures and the hostile files that tests/data/photos/make.sh makes.</summary>
static class PictureFiles
{
    static readonly Lazy<string> s_folder = new(static () => ScriptedFolder.Make("photos/make.sh", "sharing-test-photos"));

    /// <summary>A picture, by its name.</summary>
    public static string Picture(string name) => Path.Combine(s_folder.Value, "pictures", name);

    /// <summary>A file that costs a careless decoder gigabytes or minutes.</summary>
    public static string Hostile(string name) => Path.Combine(s_folder.Value, "hostile", name);
}
